/** For each node a part of one long list: `list[start[node]]` to before `list[start[node + 1]]`. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** The numbers of the links whose end in `ends` is a node, by node, in order. */
export const adjacencyOf = (size: number, ends: Int32Array): Adjacency => {
  const start = new Int32Array(size + 1);
  for (const end of ends) start[end + 1]!++;
  for (let node = 0; node < size; node++) start[node + 1]! += start[node]!;
  const next = start.slice(0, size);
  const list = new Int32Array(ends.length);
  for (let link = 0; link < ends.length; link++) list[next[ends[link]!]!++] = link;
  return { start, list };
};
