import type { Ranked } from './Ranked.js';

/** Pairs with more pairs of links than this are left alone: they would take too long. */
const PAIRS = 400;

/** Swaps neighbours in a layer as long as that makes crossings fewer. */
export const swapNeighbours = (ranked: Ranked, order: Int32Array, place: Int32Array, rounds = 8): void => {
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
