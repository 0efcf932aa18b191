/** Who depends on whom: row i of `deps` is what node i depends on, row i of `outs` what depends on node i. */
export interface Adjacency {
  readonly depStart: Int32Array;
  readonly deps: Int32Array;
  readonly outStart: Int32Array;
  readonly outs: Int32Array;
}

/** Turns rows of dependencies around; within a row the order is the definition's. */
export const adjacency = (depStart: Int32Array, deps: Int32Array): Adjacency => {
  const n = depStart.length - 1;
  const outStart = new Int32Array(n + 1);
  for (const dep of deps) outStart[dep + 1]!++;
  for (let i = 0; i < n; i++) outStart[i + 1]! += outStart[i]!;
  const next = outStart.slice();
  const outs = new Int32Array(deps.length);
  for (let i = 0; i < n; i++) for (let k = depStart[i]!; k < depStart[i + 1]!; k++) outs[next[deps[k]!]!++] = i;
  return { depStart, deps, outStart, outs };
};

/** The nodes such that each comes after its dependencies, of free ones the first defined first; nodes on or after a cycle are left out. */
export const topological = ({ depStart, deps, outStart, outs }: Adjacency): Int32Array => {
  const n = depStart.length - 1;
  const sequence = new Int32Array(n);
  let known = true;
  for (let i = 0; i < n && known; i++) {
    sequence[i] = i;
    for (let k = depStart[i]!; k < depStart[i + 1]!; k++) if (deps[k]! >= i) known = false;
  }
  if (known) return sequence;

  const open = new Int32Array(n);
  const heap = new Int32Array(n);
  let size = 0;
  const push = (node: number): void => {
    let at = size++;
    for (let up; at > 0 && heap[(up = (at - 1) >> 1)]! > node; at = up) heap[at] = heap[up]!;
    heap[at] = node;
  };
  const pop = (): number => {
    if (size === 0) return -1;
    const first = heap[0]!;
    const last = heap[--size]!;
    let at = 0;
    for (let down; (down = 2 * at + 1) < size; at = down) {
      if (down + 1 < size && heap[down + 1]! < heap[down]!) down++;
      if (heap[down]! >= last) break;
      heap[at] = heap[down]!;
    }
    heap[at] = last;
    return first;
  };
  for (let i = 0; i < n; i++) if ((open[i] = depStart[i + 1]! - depStart[i]!) === 0) push(i);
  let length = 0;
  for (let node = pop(); node !== -1; node = pop()) {
    sequence[length++] = node;
    for (let k = outStart[node]!; k < outStart[node + 1]!; k++) if (--open[outs[k]!]! === 0) push(outs[k]!);
  }
  return sequence.subarray(0, length);
};

/** For each node the longest path to an end, itself included, by `weight`. */
export const longestPaths = (
  { outStart, outs }: Adjacency,
  sequence: Int32Array,
  weight: (node: number) => number,
): Float64Array => {
  const rank = new Float64Array(sequence.length);
  for (let at = sequence.length - 1; at >= 0; at--) {
    const node = sequence[at]!;
    let longest = 0;
    for (let k = outStart[node]!; k < outStart[node + 1]!; k++) longest = Math.max(longest, rank[outs[k]!]!);
    rank[node] = longest + weight(node);
  }
  return rank;
};
