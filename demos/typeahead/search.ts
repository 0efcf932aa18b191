import { asyncScheduler, firstValueFrom, map, timer, type SchedulerLike } from 'rxjs';
import { action, dag, input, type Graph, type ActionRegistry, type NodeContext } from '../../lib/index.js';
import type { Ledger } from './ledger.js';
import { find, indexOf, type Movie } from './movies.js';

/** A movie that matches, and how well. */
export interface Hit {
  readonly title: string;
  readonly director: string;
  readonly by: MatchedBy;
  readonly score: number;
}
type MatchedBy = 'title' | 'director' | 'both';

const SHELVES = 4;
export const HITS = 5;

/**
 * A search as a graph: two indexes are looked up beside each other, what they give is merged, ranked and cut.
 *
 *     titles ──┐
 *              ├── merge ── rank ── top
 *     people ──┘
 */
export const searchDag = (
  movies: readonly Movie[],
  ledger: Ledger,
  scheduler: SchedulerLike = asyncScheduler,
): { readonly graph: Graph; readonly registry: ActionRegistry } => {
  const titles = indexOf(movies, 'title');
  const size = Math.ceil(movies.length / SHELVES);
  const shelves = Array.from({ length: SHELVES }, (_, i) =>
    indexOf(movies, 'director', i * size, Math.min(movies.length, (i + 1) * size)),
  );

  /** An Observable: when the run is cancelled it is unsubscribed from. */
  const lookUpTitles = action('lookUpTitles', ({ runId, nodeId, inputs, signal }: NodeContext<{ q: string }>) => {
    ledger.watch(runId, nodeId, signal);
    return timer(90, scheduler).pipe(
      map(() => {
        ledger.step(runId);
        return find(titles, inputs.q);
      }),
    );
  });

  /** A Promise: nobody can stop it from outside, so it looks at its signal between two shelves. */
  const lookUpPeople = action('lookUpPeople', async ({ runId, nodeId, inputs, signal }: NodeContext<{ q: string }>) => {
    ledger.watch(runId, nodeId, signal);
    const found: number[] = [];
    for (const shelf of shelves) {
      await firstValueFrom(timer(25, scheduler));
      signal.throwIfAborted();
      ledger.step(runId);
      found.push(...find(shelf, inputs.q));
    }
    return found;
  });

  const merge = action('merge', ({ inputs }: NodeContext<{ titles: readonly number[]; people: readonly number[] }>) => {
    const [byTitle, byPeople] = [new Set(inputs.titles), new Set(inputs.people)];
    return [...new Set([...inputs.titles, ...inputs.people])].map((place) => ({
      place,
      by: matchedBy(byTitle.has(place), byPeople.has(place)),
    }));
  });

  const rank = action('rank', ({ inputs }: NodeContext<{ found: readonly { place: number; by: MatchedBy }[] }>) =>
    inputs.found
      .map(({ place, by }): Hit => {
        const { title, director, votes } = movies[place]!;
        return { title, director, by, score: scoreOf(votes, by) };
      })
      .toSorted((a, b) => b.score - a.score || (a.title < b.title ? -1 : 1)),
  );

  const top = action('top', ({ inputs }: NodeContext<{ hits: readonly Hit[] }>) => inputs.hits.slice(0, HITS));

  return dag('search')
    .node('titles', lookUpTitles, { q: input<string>('q') })
    .node('people', lookUpPeople, { q: input<string>('q') })
    .node('merge', merge, ({ titles, people }) => ({ titles, people }))
    .node('rank', rank, ({ merge }) => ({ found: merge }))
    .node('top', top, ({ rank }) => ({ hits: rank }));
};

const matchedBy = (title: boolean, director: boolean): MatchedBy =>
  title && director ? 'both' : title ? 'title' : 'director';

/** What many people have voted on comes first, and a match in the title counts twice. */
const scoreOf = (votes: number, by: MatchedBy): number =>
  Math.round((by === 'director' ? 1 : 2) * 100 * Math.log2(1 + votes));
