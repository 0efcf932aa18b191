import { commonOf, type Clusters } from './Clusters.js';
import type { Rows } from './Rows.js';

/** Rooms and gaps around and in the boxes of clusters. */
export interface BoxRooms {
  /** Within a box, above what it holds and below it. */
  readonly head: number;
  readonly foot: number;
  /** Between a row, or its box, and the row or box above it. */
  gapAbove(row: number): number;
}

/** Between which heights the middle of each row may be drawn, so that all boxes are rectangles that hold nothing else. */
export interface RowBounds {
  /** Heights that keep all bounds. */
  readonly y: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** The room that borders of boxes need above each row that is not the first of its layer. */
export const roomsAbove = (rows: Rows, clusters: Clusters, { head, foot }: BoxRooms): Float64Array => {
  const cluster = clusterOfRows(rows, clusters);
  const depth = (at: number): number => (at < 0 ? 0 : clusters.depth[at]!);
  return Float64Array.from(cluster, (below, row) => {
    const above = cluster[row - 1] ?? -1;
    const common = depth(commonOf(clusters, above, below));
    return (depth(above) - common) * foot + (depth(below) - common) * head;
  });
};

/** Finds bounds near to the heights that are wished for. */
export const boxesOf = (rows: Rows, clusters: Clusters, wish: Float64Array, rooms: BoxRooms): RowBounds => {
  const { count, start, height } = rows;
  const boxes = clusters.within.length;
  const cluster = clusterOfRows(rows, clusters);
  const layers = start.length - 1;
  const { kind, index, stepStart, layersOf } = stepsOf(rows, clusters, cluster);

  /** Each row where it is wished for, or as far from there as what comes before it pushes it: downwards, or upwards (-1). */
  const pushed = (wish: Float64Array, sign: number): Float64Array => {
    const y = new Float64Array(count);
    const [before, after] = sign > 0 ? [rooms.head, rooms.foot] : [rooms.foot, rooms.head];
    // The borders of boxes that come first and last, all numbers growing in the direction of the push.
    const border = new Float64Array(2 * boxes).fill(-Infinity);
    const isDue = new Uint8Array(layers).fill(1);
    for (let isMoved = true; isMoved;) {
      isMoved = false;
      for (let layer = 0; layer < layers; layer++) {
        if (isDue[layer] === 0) continue;
        isDue[layer] = 0;
        isMoved = true;
        let cursor = -Infinity;
        const [first, end] = [stepStart[layer]!, stepStart[layer + 1]!];
        for (let i = first; i < end; i++) {
          const step = sign > 0 ? i : first + end - 1 - i;
          const at = index[step]!;
          if (kind[step] === GAP) cursor += rooms.gapAbove(at);
          else if (kind[step] === ROW) {
            y[at] = Math.max(sign * wish[at]!, cursor + height[at]! / 2);
            cursor = y[at] + height[at]! / 2;
          } else {
            const isEntered = (kind[step] === ENTER) === sign > 0;
            if (!isEntered) cursor += after;
            const side = 2 * at + Number(!isEntered);
            if (cursor > border[side]!) {
              border[side] = cursor;
              for (let other = layersOf[2 * at]!; other <= layersOf[2 * at + 1]!; other++)
                if (other !== layer) isDue[other] = 1;
            } else cursor = border[side]!;
            if (isEntered) cursor += before;
          }
        }
      }
    }
    return y;
  };
  // No higher than need be: where all is pushed to the top, or to the bottom of that height, sets limits to the wishes.
  const flat = new Float64Array(count);
  const lowest = pushed(flat, 1);
  const highest = pushed(flat, -1);
  const [first, last] = [least(wish), -least(wish.map((at) => -at))];
  const room = Math.max(-least(lowest.map((at) => -at)), last - first);
  const held = wish.map((at, row) =>
    Math.min(Math.max(at - (first + last - room) / 2, lowest[row]!), room - highest[row]!),
  );
  const down = pushed(held, 1);
  const up = pushed(held, -1);
  const y = down.map((at, row) => (at - up[row]!) / 2);

  const top = new Float64Array(boxes).fill(Infinity);
  const bottom = new Float64Array(boxes).fill(-Infinity);
  for (let row = 0; row < count; row++) {
    let [above, below] = [y[row]! - height[row]! / 2, y[row]! + height[row]! / 2];
    for (let at = cluster[row]!; at >= 0; at = clusters.within[at]!) {
      above = top[at] = Math.min(top[at]!, above - rooms.head);
      below = bottom[at] = Math.max(bottom[at]!, below + rooms.foot);
    }
  }
  const low = new Float64Array(count);
  const high = new Float64Array(count);
  for (let layer = 0; layer < layers; layer++) {
    const [first, end] = [stepStart[layer]!, stepStart[layer + 1]!];
    for (let step = first, cursor = -Infinity; step < end; step++) {
      const at = index[step]!;
      if (kind[step] === GAP) cursor += rooms.gapAbove(at);
      else if (kind[step] === ENTER) cursor = top[at]! + rooms.head;
      else if (kind[step] === LEAVE) cursor = bottom[at]!;
      else low[at] = cursor + height[at]! / 2;
    }
    for (let step = end - 1, cursor = Infinity; step >= first; step--) {
      const at = index[step]!;
      if (kind[step] === GAP) cursor -= rooms.gapAbove(at);
      else if (kind[step] === LEAVE) cursor = bottom[at]! - rooms.foot;
      else if (kind[step] === ENTER) cursor = top[at]!;
      else high[at] = cursor - height[at]! / 2;
    }
  }
  return { y, low, high };
};

const least = (list: Float64Array): number => list.reduce((a, b) => Math.min(a, b), Infinity);

const clusterOfRows = ({ count, rowOf }: Rows, { of }: Clusters): Int32Array => {
  const cluster = new Int32Array(count);
  rowOf.forEach((row, item) => (cluster[row] = of[item]!));
  return cluster;
};

const ROW = 0;
const GAP = 1;
const ENTER = 2;
const LEAVE = 3;

/** The rows of each layer from top to bottom with the borders of boxes and the gaps between them, and the layers of each box. */
const stepsOf = ({ start }: Rows, clusters: Clusters, cluster: Int32Array) => {
  const { within } = clusters;
  const layers = start.length - 1;
  const kind: number[] = [];
  const index: number[] = [];
  const stepStart = new Int32Array(layers + 1);
  const layersOf = new Int32Array(2 * within.length).fill(-1);
  const put = (what: number, of: number): void => {
    kind.push(what);
    index.push(of);
  };
  for (let layer = 0; layer < layers; layer++) {
    let at = -1;
    for (let row = start[layer]!; row <= start[layer + 1]!; row++) {
      const isRow = row < start[layer + 1]!;
      const to = isRow ? cluster[row]! : -1;
      const common = commonOf(clusters, at, to);
      for (; at !== common; at = within[at]!) put(LEAVE, at);
      if (isRow && row > start[layer]!) put(GAP, row);
      const inner: number[] = [];
      for (let box = to; box !== common; box = within[box]!) inner.push(box);
      for (const box of inner.reverse()) {
        put(ENTER, box);
        if (layersOf[2 * box] === -1) layersOf[2 * box] = layer;
        layersOf[2 * box + 1] = layer;
      }
      if (isRow) put(ROW, row);
      at = to;
    }
    stepStart[layer + 1] = kind.length;
  }
  return { kind: Uint8Array.from(kind), index: Int32Array.from(index), stepStart, layersOf };
};
