import {
  asyncScheduler,
  concatMap,
  from,
  map,
  scan,
  switchMap,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { DagExecutor } from '../../lib/index.js';
import type { Ledger } from './ledger.js';
import type { Movie } from './movies.js';
import { searchDag, type Hit } from './search.js';

/** A letter, and how long the typist takes before it, in milliseconds. */
export type Key = readonly [letter: string, ms: number];

/** Types fast, with two pauses in which a search has the time to finish. */
export const typing: readonly Key[] = [
  ['w', 0],
  ['o', 60],
  ['o', 55],
  ['d', 70],
  ['y', 260],
  [' ', 45],
  ['a', 60],
  ['l', 50],
];

/** What stands in the field after each key. */
export const typist = (keys: readonly Key[], scheduler: SchedulerLike = asyncScheduler): Observable<string> =>
  from(keys).pipe(
    concatMap(([letter, ms]) => timer(ms, scheduler).pipe(map(() => letter))),
    scan((text, letter) => text + letter, ''),
  );

export interface Results {
  readonly q: string;
  readonly hits: readonly Hit[];
}

/** Search as you type: each query is a run of its own, and a newer query cancels the run of the one before. */
export const typeahead = (
  query$: Observable<string>,
  movies: readonly Movie[],
  ledger: Ledger,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<Results> => {
  const { graph, registry } = searchDag(movies, ledger, scheduler);
  const executor = new DagExecutor({ registry, hooks: [ledger.hook], scheduler });
  return query$.pipe(
    switchMap((q, i) =>
      executor
        .execute$(graph, { inputs: { q }, runId: `search ${i + 1}` })
        .pipe(map(({ outputs }) => ({ q, hits: outputs['top'] as unknown as readonly Hit[] }))),
    ),
  );
};
