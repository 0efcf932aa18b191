import type { RowBounds } from './boxesOf.js';
import type { LayoutSettings } from './LayoutOptions.js';
import type { Rows } from './Rows.js';

/** How often all layers are gone through, and in how many of the last of them neighbours on both sides count. */
const ROUNDS = 12;
const FEW_ROUNDS = 6;
const LAST_ROUNDS = 4;
/** How strongly a link pulls: between nodes, between a node and a waypoint, between waypoints. */
const PULL = [1, 2, 8];

/** What is known besides rows. */
export interface MiddlesOptions {
  /** The room that each row needs above itself besides a gap. */
  readonly rooms?: Float64Array;
  /** Between which heights rows have to be, and where they begin. */
  readonly bounds?: RowBounds;
  /** About where rows will be is enough. */
  readonly isRough?: boolean;
}

type Gaps = Pick<LayoutSettings, 'nodeGap' | 'lineGap'>;

/** The gap between a row and the one above it. */
export const gapAbove = ({ isLine }: Rows, { nodeGap, lineGap }: Gaps, row: number): number =>
  isLine[row]! + isLine[row - 1]! > 0 ? lineGap : nodeGap;

/**
 * Where the middle of each row is drawn: in their order and apart, each as near to its neighbours in other layers as its
 * own layer allows. Layer by layer, back and forth, the least sum of squared distances is found exactly; at last lines
 * are made straight where there is room.
 */
export const middlesOf = (rows: Rows, gaps: Gaps, options: MiddlesOptions = {}): Float64Array => {
  const { rooms, bounds, isRough = bounds !== undefined } = options;
  const { count, start, height, isLine, from, to, ins, outs, outStart } = rows;
  const layers = start.length - 1;
  const y = new Float64Array(count);
  /** How far a row has to be from the one above it, and from the first of its layer. */
  const apart = new Float64Array(count);
  const least = new Float64Array(count);
  for (let layer = 0; layer < layers; layer++) {
    for (let row = start[layer]! + 1; row < start[layer + 1]!; row++) {
      apart[row] = (height[row - 1]! + height[row]!) / 2 + gapAbove(rows, gaps, row) + (rooms?.[row] ?? 0);
      least[row] = least[row - 1]! + apart[row]!;
    }
    const half = least[start[layer + 1]! - 1]! / 2;
    for (let row = start[layer]!; row < start[layer + 1]!; row++) y[row] = bounds?.y[row] ?? least[row]! - half;
  }

  /** Keeps the rows of a layer within their bounds, and apart. */
  const hold = (layer: number, { low, high }: RowBounds): void => {
    for (let row = start[layer]!, from = -Infinity; row < start[layer + 1]!; row++) {
      from = Math.max(from + apart[row]!, low[row]!);
      y[row] = Math.max(y[row]!, from);
    }
    for (let row = start[layer + 1]! - 1, to = Infinity; row >= start[layer]!; row--) {
      to = Math.min(to, high[row]!);
      y[row] = Math.min(y[row]!, to);
      to -= apart[row]!;
    }
  };

  /** Links of a row to the layer before (side 0) or after it (1), by number, and the rows at their other ends. */
  const firstLink = (side: number, row: number): number => (side === 0 ? ins[row]! : outStart[row]!);
  const endOf = (side: number, link: number): number => (side === 0 ? from[link]! : to[outs[link]!]!);

  // Rows that would come too near to each other move as one block. Of each block: its first row, where its rows want to
  // be in the mean, were they at the place of the layer's first row, and how strongly they do.
  const blockStart = new Int32Array(count + 1);
  const blockWish = new Float64Array(count);
  const blockPull = new Float64Array(count);
  const settle = (layer: number, firstSide: number, lastSide: number): void => {
    let blocks = 0;
    for (let row = start[layer]!; row < start[layer + 1]!; row++) {
      let sum = 0;
      let pull = 0;
      for (let side = firstSide; side <= lastSide; side++)
        for (let link = firstLink(side, row); link < firstLink(side, row + 1); link++) {
          const end = endOf(side, link);
          const strength = PULL[isLine[row]! + isLine[end]!]!;
          sum += y[end]! * strength;
          pull += strength;
        }
      let wish = (pull === 0 ? y[row]! : sum / pull) - least[row]!;
      pull ||= 0.01;
      let first = row;
      for (; blocks > 0 && blockWish[blocks - 1]! >= wish; blocks--) {
        const [otherWish, otherPull] = [blockWish[blocks - 1]!, blockPull[blocks - 1]!];
        wish = (wish * pull + otherWish * otherPull) / (pull + otherPull);
        pull += otherPull;
        first = blockStart[blocks - 1]!;
      }
      blockStart[blocks] = first;
      blockWish[blocks] = wish;
      blockPull[blocks++] = pull;
    }
    blockStart[blocks] = start[layer + 1]!;
    for (let block = 0; block < blocks; block++)
      for (let row = blockStart[block]!; row < blockStart[block + 1]!; row++) y[row] = blockWish[block]! + least[row]!;
    if (bounds !== undefined) hold(layer, bounds);
  };

  /** Moves each row to the level of a middle neighbour, if it is free to go there. */
  const straighten = (layer: number, side: number): void => {
    for (let row = start[layer]!; row < start[layer + 1]!; row++) {
      const first = firstLink(side, row);
      const links = firstLink(side, row + 1) - first;
      if (links === 0) continue;
      const top = row === start[layer] ? -Infinity : y[row - 1]! + apart[row]!;
      const bottom = row + 1 === start[layer + 1] ? Infinity : y[row + 1]! - apart[row + 1]!;
      const [lowest, highest] =
        bounds === undefined ? [top, bottom] : [Math.max(top, bounds.low[row]!), Math.min(bottom, bounds.high[row]!)];
      const upper = y[endOf(side, first + ((links - 1) >> 1))]!;
      const lower = y[endOf(side, first + (links >> 1))]!;
      if (upper >= lowest && upper <= highest) y[row] = upper;
      else if (lower >= lowest && lower <= highest) y[row] = lower;
    }
  };

  const rounds = isRough ? FEW_ROUNDS : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    const side = round & 1;
    const isLast = round >= rounds - LAST_ROUNDS;
    for (let i = 0; i < layers; i++) settle(side === 0 ? i : layers - 1 - i, isLast ? 0 : side, isLast ? 1 : side);
  }
  for (const side of [0, 1, 0]) for (let i = 0; i < layers; i++) straighten(side === 0 ? i : layers - 1 - i, side);
  return y;
};
