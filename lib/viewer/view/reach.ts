import type { Links } from './Links.js';

/** Marks a node and all that it is reached from (`up`), or that it reaches (`down`). */
export const reachOf = (
  { depStart, deps, outStart, outs }: Links,
  from: number,
  direction: 'up' | 'down',
): Uint8Array => {
  const [start, list] = direction === 'up' ? [depStart, deps] : [outStart, outs];
  const marks = new Uint8Array(start.length - 1);
  const work = [from];
  marks[from] = 1;
  while (work.length > 0) {
    const index = work.pop()!;
    for (let k = start[index]!; k < start[index + 1]!; k++)
      if (marks[list[k]!] === 0) {
        marks[list[k]!] = 1;
        work.push(list[k]!);
      }
  }
  return marks;
};

/** Marks what is at most so many edges away from a node, in either direction. */
export const nearOf = (links: Links, from: number, hops: number): Uint8Array => {
  const { depStart, deps, outStart, outs } = links;
  const marks = new Uint8Array(depStart.length - 1);
  marks[from] = 1;
  let wave = [from];
  for (let hop = 0; hop < hops && wave.length > 0; hop++) {
    const next: number[] = [];
    const mark = (other: number): void => {
      if (marks[other] === 1) return;
      marks[other] = 1;
      next.push(other);
    };
    for (const index of wave) {
      for (let k = depStart[index]!; k < depStart[index + 1]!; k++) mark(deps[k]!);
      for (let k = outStart[index]!; k < outStart[index + 1]!; k++) mark(outs[k]!);
    }
    wave = next;
  }
  return marks;
};
