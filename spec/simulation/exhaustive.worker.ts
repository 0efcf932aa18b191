import type { Case } from '../support/Case.js';
import { check } from './simulate.js';

// Every DAG of up to 4 nodes, each node good or bad, one to three at a time, in every order of ends (of 4 nodes, in four
// orders), against the reference. Prints how many there were, and what was wrong.

const dags = (size: number): readonly (readonly (readonly number[])[])[] => {
  const pairs = Array.from({ length: size }, (_, to) =>
    Array.from({ length: to }, (_, from) => [from, to] as const),
  ).flat();
  return Array.from({ length: 2 ** pairs.length }, (_, bits) =>
    Array.from({ length: size }, (_, node) =>
      pairs.flatMap(([from, to], i) => (to === node && (bits >> i) & 1 ? [from] : [])),
    ),
  );
};

/** All lists of a length with elements of a set. */
const lists = <T>(length: number, of: readonly T[]): readonly (readonly T[])[] =>
  length === 0 ? [[]] : lists(length - 1, of).flatMap((list) => of.map((item) => [...list, item]));

/** Lengths of attempts, so spread that ends come in every order. */
const durations = (size: number): readonly (readonly number[])[] =>
  size < 4
    ? lists(size, [0, 1, 3, 9])
    : [
        [1, 1, 1, 1],
        [9, 5, 3, 1],
        [1, 3, 9, 27],
        [0, 4, 0, 2],
      ];

let cases = 0;
let failed = 0;
for (const size of [1, 2, 3, 4])
  for (const edges of dags(size))
    for (const fails of lists(size, [0, 99]))
      for (const ms of durations(size))
        for (const maxParallelNodes of [1, 2, 3]) {
          const c: Case = {
            seed: 1,
            graph: {
              name: 'main',
              nodes: edges.map((deps, i) => ({ id: `n${i}`, action: 'work', deps: deps.map((dep) => `n${dep}`) })),
            },
            library: [],
            inputs: {},
            config: { maxParallelNodes },
            behaviours: ms.map((one, i) => [`n${i}`, { ms: one, fails: fails[i]! }] as const),
            failRate: 0,
            hooks: [],
            commands: [],
          };
          const wrong = await check(c, { snapshots: cases % 50 === 0, twice: false, watched: false });
          cases++;
          if (wrong.length > 0 && failed++ < 3) console.log(JSON.stringify({ wrong: wrong.slice(0, 3), case: c }));
        }
console.log(JSON.stringify({ cases, failed }));
