import { adjacencyOf } from './Adjacency.js';

/** Which layer each node is in, and which edges had to be turned round for it. */
export interface Layers {
  readonly layer: Int32Array;
  /** Edges from the lower to the higher layer, so those of a cycle that lead back are turned round. */
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** Puts each node behind all that it depends on, and near what depends on it. Loops are to be left out before. */
export const layersOf = (size: number, from: Int32Array, to: Int32Array): Layers => {
  const outs = adjacencyOf(size, from);
  const left = new Int32Array(size);
  for (const end of to) left[end]!++;
  const order = new Int32Array(size);
  const place = new Int32Array(size).fill(-1);
  let known = 0;
  const take = (node: number): void => {
    place[node] = known;
    order[known++] = node;
  };
  for (let node = 0; node < size; node++) if (left[node] === 0) take(node);
  let head = 0;
  for (let first = 0; first < size;) {
    for (; head < known; head++) {
      const node = order[head]!;
      for (let i = outs.start[node]!; i < outs.start[node + 1]!; i++) {
        const end = to[outs.list[i]!]!;
        if (place[end] === -1 && --left[end]! === 0) take(end);
      }
    }
    // What is left waits for a cycle. The first of it is taken as if it waited for nothing.
    while (first < size && place[first] !== -1) first++;
    if (first < size) take(first);
  }

  const low = from.slice();
  const high = to.slice();
  for (let edge = 0; edge < from.length; edge++)
    if (place[low[edge]!]! > place[high[edge]!]!) {
      low[edge] = to[edge]!;
      high[edge] = from[edge]!;
    }
  return { layer: shortened(order, low, high), low, high };
};

const ROUNDS = 3;

/** As far to the front as possible, but nodes with more dependents than dependencies as near to those as possible. */
const shortened = (order: Int32Array, low: Int32Array, high: Int32Array): Int32Array => {
  const size = order.length;
  const outs = adjacencyOf(size, low);
  const ins = adjacencyOf(size, high);
  const layer = new Int32Array(size);
  for (const node of order)
    for (let i = outs.start[node]!; i < outs.start[node + 1]!; i++) {
      const end = high[outs.list[i]!]!;
      layer[end] = Math.max(layer[end]!, layer[node]! + 1);
    }
  for (let round = 0; round < ROUNDS; round++)
    for (let p = size - 1; p >= 0; p--) {
      const node = order[p]!;
      const dependents = outs.start[node + 1]! - outs.start[node]!;
      if (dependents <= ins.start[node + 1]! - ins.start[node]!) continue;
      let nearest = layer[high[outs.list[outs.start[node]!]!]!]!;
      for (let i = outs.start[node]!; i < outs.start[node + 1]!; i++)
        nearest = Math.min(nearest, layer[high[outs.list[i]!]!]!);
      layer[node] = nearest - 1;
    }
  return layer;
};
