import { adjacencyOf } from './Adjacency.js';
import type { Strands } from './Strands.js';

/** Items in layers, with the links to the layers before and after in lists that are quick to read. */
export interface Ranked {
  readonly items: number;
  readonly layers: number;
  readonly layer: Int32Array;
  /** Items of layer l are at places `start[l]` to before `start[l + 1]` of an order. */
  readonly start: Int32Array;
  /** Neighbours in the layer before (0) and after (1): of item i at `ends[side][i]` to before `ends[side][i + 1]`. */
  readonly ends: readonly [Int32Array, Int32Array];
  readonly neighbours: readonly [Int32Array, Int32Array];
  readonly weights: readonly [Int32Array, Int32Array];
}

/** Makes the lists. */
export const rankedOf = ({ items, layer, linkFrom, linkTo, linkWeight }: Strands): Ranked => {
  let layers = 0;
  for (const at of layer) layers = Math.max(layers, at + 1);
  const ins = adjacencyOf(items, linkTo);
  const outs = adjacencyOf(items, linkFrom);
  return {
    items,
    layers,
    layer,
    start: adjacencyOf(layers, layer).start,
    ends: [ins.start, outs.start],
    neighbours: [ins.list.map((link) => linkFrom[link]!), outs.list.map((link) => linkTo[link]!)],
    weights: [ins.list.map((link) => linkWeight[link]!), outs.list.map((link) => linkWeight[link]!)],
  };
};
