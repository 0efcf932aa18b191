import type { Adjacency } from '../plan/topological.js';

/**
 * For each node the length of the longest path to it from a node without dependencies, whose own level is 0. Nodes that
 * the topological sequence leaves out, those on or after a cycle, have none: -1.
 */
export const levelsOf = (
  { depStart, deps }: Pick<Adjacency, 'depStart' | 'deps'>,
  sequence: Int32Array,
): Int32Array => {
  const levels = new Int32Array(depStart.length - 1).fill(-1);
  for (const node of sequence) {
    let longest = -1;
    for (let k = depStart[node]!; k < depStart[node + 1]!; k++) longest = Math.max(longest, levels[deps[k]!]!);
    levels[node] = longest + 1;
  }
  return levels;
};
