import { lastValueFrom, tap, toArray } from 'rxjs';
import { Ledger, type Search } from './ledger.js';
import { readMovies, wordsOf } from './movies.js';
import { HITS } from './search.js';
import { typeahead, typing, typist, type Results } from './typeahead.js';

const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const movies = readMovies();
let startedAt: number | undefined;
const ledger = new Ledger((at, { runId, q }, what) => {
  startedAt ??= at;
  say(`${String(at - startedAt).padStart(5)} ms  ${runId} (${JSON.stringify(q)}) ${what}`);
});

const tell = ({ q, hits }: Results): void =>
  say(
    `          ${JSON.stringify(q)} finds:`,
    ...hits.map(
      ({ title, director, by }) => `            ${title} (${director || 'director unknown'}; matches by ${by})`,
    ),
  );
say(`${movies.length} movies; somebody types ${JSON.stringify(typing.map(([letter]) => letter).join(''))} ...`, '');
const results = await lastValueFrom(typeahead(typist(typing), movies, ledger).pipe(tap(tell), toArray()));

const row = ({ runId, q, outcome, steps, stopped, lateSteps }: Search): string =>
  [
    runId.padEnd(10),
    q.padEnd(10),
    outcome.padEnd(10),
    String(steps).padStart(5),
    String(lateSteps).padStart(12),
    `  ${stopped.join(', ') || '-'}`,
  ].join(' ');
say('', 'search     query      outcome    steps  after cancel  stopped by its signal');
const searches = [...ledger.searches.values()];
say(...searches.map(row));

/** The plain way: every movie is looked at. */
const matches = (text: string, q: string): boolean =>
  wordsOf(q).every((prefix) => wordsOf(text).some((word) => word.startsWith(prefix)));
const isRight = ({ q, hits }: Results): boolean =>
  hits.length ===
    Math.min(HITS, movies.filter(({ title, director }) => matches(title, q) || matches(director, q)).length) &&
  hits.every(({ title, director }) => matches(title, q) || matches(director, q));

const cancelled = searches.filter(({ outcome }) => outcome === 'cancelled');
const checks: Readonly<Record<string, boolean>> = {
  'every search has either finished or been cancelled': searches.every(
    ({ outcome }) => outcome === 'finished' || outcome === 'cancelled',
  ),
  'only searches that have finished gave results': results.length === searches.length - cancelled.length,
  'the signals of all cancelled actions have fired, and none of them went on':
    cancelled.length > 0 && cancelled.every(({ stopped, lateSteps }) => stopped.length > 0 && lateSteps === 0),
  'what was found is what a look at every movie finds': results.every(isRight),
};
say('', ...Object.entries(checks).map(([what, holds]) => `${holds ? 'yes' : 'NO '}  ${what}`));
if (Object.values(checks).includes(false)) process.exitCode = 1;
