/** Who follows whom, by index. */
export interface Neighbours {
  readonly size: number;
  depsOf(index: number): readonly number[];
  outsOf(index: number): readonly number[];
}

/** Marks a node and all that it is reached from (`up`), or that it reaches (`down`). */
export const reachOf = (nodes: Neighbours, from: number, direction: 'up' | 'down'): Uint8Array => {
  const marks = new Uint8Array(nodes.size);
  const work = [from];
  marks[from] = 1;
  while (work.length > 0) {
    const index = work.pop()!;
    for (const next of direction === 'up' ? nodes.depsOf(index) : nodes.outsOf(index))
      if (marks[next] === 0) {
        marks[next] = 1;
        work.push(next);
      }
  }
  return marks;
};

/** Marks what is at most so many edges away from a node, in either direction. */
export const nearOf = (nodes: Neighbours, from: number, hops: number): Uint8Array => {
  const marks = new Uint8Array(nodes.size);
  marks[from] = 1;
  let wave = [from];
  for (let hop = 0; hop < hops && wave.length > 0; hop++) {
    const next: number[] = [];
    for (const index of wave)
      for (const other of [...nodes.depsOf(index), ...nodes.outsOf(index)])
        if (marks[other] === 0) {
          marks[other] = 1;
          next.push(other);
        }
    wave = next;
  }
  return marks;
};
