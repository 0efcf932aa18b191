import { Subject, map, of, switchMap, type Observable, type SchedulerLike } from 'rxjs';
import { DagExecutor, type ExecutionEvent } from '../../../lib/index.js';
import type { Ledger } from '../../typeahead/ledger.js';
import type { Movie } from '../../typeahead/movies.js';
import { searchDag, type Hit } from '../../typeahead/search.js';

/** One search: what was typed, and its run as it goes on. */
export interface Search {
  readonly number: number;
  readonly q: string;
  readonly event$: Observable<ExecutionEvent>;
}

/** What a search has found, in how many milliseconds. */
export interface Found {
  readonly q: string;
  readonly hits: readonly Hit[];
}

/**
 * Each keystroke's query is a run of its own, and a newer one cancels the one before: that is all that `switchMap` does.
 * Nothing finds nothing, without a run. A hook that only watches passes each run's events on, so that it can be drawn.
 */
export const searchAsYouType = (
  query$: Observable<string>,
  movies: readonly Movie[],
  ledger: Ledger,
  time: SchedulerLike,
  draw: (search: Search) => void,
): Observable<Found> => {
  const { graph, registry } = searchDag(movies, ledger, time);
  const executor = new DagExecutor({ registry, hooks: [ledger.hook] });
  let number = 0;
  return query$.pipe(
    switchMap((q) => {
      if (q.trim() === '') return of({ q, hits: [] });
      const event$ = new Subject<ExecutionEvent>();
      draw({ number: ++number, q, event$ });
      return executor
        .execute$(graph, {
          inputs: { q },
          runId: `search ${number}`,
          hooks: [{ name: 'drawing', observe: true, onEvent: (_, event) => event$.next(event) }],
        })
        .pipe(map(({ outputs }) => ({ q, hits: outputs['top'] as unknown as readonly Hit[] })));
    }),
  );
};
