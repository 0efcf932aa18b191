import type { Ranked } from './Ranked.js';

/** Counts crossings of orders of the same items, in memory that is used again. */
export const crossingCounter = (ranked: Ranked): ((order: Int32Array, place: Int32Array) => number) => {
  const { layers, start, ends, neighbours, weights } = ranked;
  let widest = 1;
  for (let layer = 0; layer < layers; layer++) widest = Math.max(widest, start[layer + 1]! - start[layer]!);
  // A Fenwick tree of the weights whose ends have been met so far.
  const tree = new Float64Array(widest + 1);
  const links = neighbours[0].length;
  const met = new Int32Array(links);
  const metWeight = new Int32Array(links);
  const next = new Int32Array(ranked.items);

  return (order, place) => {
    // The links of each item, by the place of their end: met in the order of the layer after, each is put to its item.
    for (let item = 0; item < ranked.items; item++) next[item] = ends[1][item]!;
    for (const end of order)
      for (let i = ends[0][end]!; i < ends[0][end + 1]!; i++) {
        const slot = next[neighbours[0][i]!]!++;
        met[slot] = place[end]!;
        metWeight[slot] = weights[0][i]!;
      }
    let crossings = 0;
    for (let layer = 0; layer + 1 < layers; layer++) {
      const width = start[layer + 2]! - start[layer + 1]!;
      if (width < 2) continue;
      tree.fill(0, 0, width + 1);
      let total = 0;
      for (let p = start[layer]!; p < start[layer + 1]!; p++) {
        const item = order[p]!;
        const until = ends[1][item + 1]!;
        for (let i = ends[1][item]!; i < until; i++) {
          let before = 0;
          for (let k = met[i]! + 1; k > 0; k &= k - 1) before += tree[k]!;
          crossings += (total - before) * metWeight[i]!;
        }
        for (let i = ends[1][item]!; i < until; i++) {
          total += metWeight[i]!;
          for (let k = met[i]! + 1; k <= width; k += k & -k) tree[k]! += metWeight[i]!;
        }
      }
    }
    return crossings;
  };
};
