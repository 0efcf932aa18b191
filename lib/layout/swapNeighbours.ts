import { commonOf, directlyIn, type Clusters } from './Clusters.js';
import type { Ranked } from './Ranked.js';

/** Pairs with more pairs of links than this are left alone: they would take too long. */
const PAIRS = 400;
/** A cluster with more in a layer than this is not moved past an item. */
const BLOCK = 64;

/** Swaps neighbours in a layer as long as that makes crossings fewer; clusters stay together and on their sides of each other. */
export const swapNeighbours = (
  ranked: Ranked,
  order: Int32Array,
  place: Int32Array,
  rounds = 8,
  clusters?: Clusters,
): void => {
  const { layers, start, ends, neighbours, weights } = ranked;

  /** By how many crossings fewer there would be if `upper` came after `lower`. */
  const gain = (upper: number, lower: number): number => {
    let sum = 0;
    for (let side = 0; side < 2; side++) {
      const at = ends[side]!;
      const list = neighbours[side]!;
      const weight = weights[side]!;
      const [from, until, otherFrom, otherUntil] = [at[upper]!, at[upper + 1]!, at[lower]!, at[lower + 1]!];
      if ((until - from) * (otherUntil - otherFrom) > PAIRS) return 0;
      for (let i = from; i < until; i++) {
        const mine = place[list[i]!]!;
        for (let j = otherFrom; j < otherUntil; j++) {
          const other = place[list[j]!]!;
          if (mine > other) sum += weight[i]! * weight[j]!;
          else if (mine < other) sum -= weight[i]! * weight[j]!;
        }
      }
    }
    return sum;
  };

  /** Swaps an item with the cluster beside it, or what a cluster has in a layer with the item beside it. */
  const swapAround = (p: number, layer: number, { of }: Clusters): boolean => {
    const [upper, lower] = [order[p - 1]!, order[p]!];
    const outer = commonOf(clusters!, of[upper]!, of[lower]!);
    if (of[upper] !== outer && of[lower] !== outer) return false;
    const isIn = (at: number, beside: number): boolean =>
      at >= start[layer]! && at < start[layer + 1]! && commonOf(clusters!, of[order[at]!]!, beside) === beside;
    let [first, end] = [p - 1, p + 1];
    if (of[upper] !== outer)
      for (const inner = directlyIn(clusters!, of[upper]!, outer); isIn(first - 1, inner);) first--;
    if (of[lower] !== outer) for (const inner = directlyIn(clusters!, of[lower]!, outer); isIn(end, inner);) end++;
    if (end - first > BLOCK) return false;
    let sum = 0;
    for (let a = first; a < p; a++) for (let b = p; b < end; b++) sum += gain(order[a]!, order[b]!);
    if (sum <= 0) return false;
    const moved = [...order.subarray(p, end), ...order.subarray(first, p)];
    moved.forEach((item, i) => {
      order[first + i] = item;
      place[item] = first + i - start[layer]!;
    });
    return true;
  };

  // A layer is looked at again only when something near it has moved.
  const isDue = new Uint8Array(layers).fill(1);
  for (let round = 0, moved = true; round < rounds && moved; round++) {
    moved = false;
    for (let layer = 0; layer < layers; layer++) {
      if (isDue[layer] === 0) continue;
      isDue[layer] = 0;
      let swapped = false;
      for (let p = start[layer]! + 1; p < start[layer + 1]!; p++) {
        const upper = order[p - 1]!;
        const lower = order[p]!;
        if (clusters !== undefined && clusters.of[upper] !== clusters.of[lower]) {
          if (swapAround(p, layer, clusters)) swapped = true;
          continue;
        }
        if (gain(upper, lower) <= 0) continue;
        order[p - 1] = lower;
        order[p] = upper;
        place[lower] = p - 1 - start[layer]!;
        place[upper] = p - start[layer]!;
        swapped = true;
      }
      if (!swapped) continue;
      moved = true;
      isDue[layer] = 1;
      if (layer > 0) isDue[layer - 1] = 1;
      if (layer + 1 < layers) isDue[layer + 1] = 1;
    }
  }
};
