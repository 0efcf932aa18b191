import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Ledger, type Search } from '../../demos/typeahead/ledger.js';
import { find, indexOf, readMovies, wordsOf, type Movie } from '../../demos/typeahead/movies.js';
import { searchDag, type Hit } from '../../demos/typeahead/search.js';
import { typeahead, typing, typist, type Key, type Results } from '../../demos/typeahead/typeahead.js';
import { DagExecutor } from '../../lib/index.js';
import { VirtualTime, record } from '../../lib/testing/index.js';
import { command, root } from '../support/command.js';

const movies = readMovies();

/** Types on virtual time; tells what was found, when, and what became of each search. */
const type = async (keys: readonly Key[]) => {
  const time = new VirtualTime();
  const ledger = new Ledger(() => undefined);
  const found: (Results & { readonly at: number })[] = [];
  typeahead(typist(keys, time), movies, ledger, time).subscribe((results) =>
    found.push({ ...results, at: time.now() }),
  );
  await time.runAll();
  return { found, searches: [...ledger.searches.values()] };
};

/** What a query should find, without an index, a graph or a rank that was worked out before. */
const expected = (q: string): readonly string[] => {
  const has = (text: string): boolean =>
    q
      .toLowerCase()
      .split(' ')
      .filter((word) => word !== '')
      .every((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word}`, 'iu').test(text));
  const weight = ({ title, director, votes }: Movie): number =>
    has(title) ? 2 * Math.log2(1 + votes) : has(director) ? Math.log2(1 + votes) : -1;
  return movies
    .map((movie) => ({ movie, weight: Math.round(100 * weight(movie)) }))
    .filter((one) => one.weight >= 0)
    .toSorted((a, b) => b.weight - a.weight || (a.movie.title < b.movie.title ? -1 : 1))
    .slice(0, 5)
    .map(({ movie }) => movie.title);
};
const titles = (hits: readonly Hit[]): readonly string[] => hits.map(({ title }) => title);
const outcomes = (searches: readonly Search[]): string =>
  searches.map(({ q, outcome }) => `${q}: ${outcome}`).join(', ');

const test = suite('demo typeahead');

test('a newer query cancels the run of the older one', async () => {
  const { found, searches } = await type(typing);
  assert.is(
    outcomes(searches),
    'w: cancelled, wo: cancelled, woo: cancelled, wood: finished, woody: cancelled, woody : cancelled, woody a: cancelled, woody al: finished',
  );
  assert.equal(
    found.map(({ q, at }) => [q, at]),
    [
      ['wood', 285],
      ['woody al', 700],
    ],
  );
});

test('what it finds is what a look at every movie finds', async () => {
  for (const q of ['wood', 'star w', 'cop', 'francis f', '2', 'zzz', 'the']) {
    const { found } = await type([[q, 0]]);
    assert.equal(titles(found[0]!.hits), expected(q), q);
  }
});

test('no action of a cancelled run goes on, and the signal of each has fired', async () => {
  const { searches } = await type(typing);
  for (const { outcome, stopped, lateSteps, steps } of searches) {
    assert.is(lateSteps, 0);
    assert.equal(stopped.toSorted(), outcome === 'cancelled' ? ['people', 'titles'] : []);
    assert.ok(outcome === 'cancelled' ? steps < 5 : steps === 5);
  }
});

test('a slow typist cancels nothing', async () => {
  const { searches, found } = await type('jaws'.split('').map((letter): Key => [letter, 150]));
  assert.is(outcomes(searches), 'j: finished, ja: finished, jaw: finished, jaws: finished');
  assert.equal(titles(found.at(-1)!.hits), expected('jaws'));
});

test('the two look-ups run beside each other', async () => {
  const time = new VirtualTime();
  const { graph, registry } = searchDag(movies, new Ledger(() => undefined), time);
  const run = new DagExecutor({ registry, scheduler: time }).start(graph, { inputs: { q: 'wood' } });
  const log = record(run);
  const report = await time.until(run);
  assert.is(log.order('titles', 'people'), 'overlap');
  assert.is(report.durationMs, 100);
  assert.equal(log.checkLog(), []);
});

test('an index finds what begins with all words of a query', () => {
  const few = ['The Godfather', 'God and Gold', 'Golden Eye', ''].map((title): Movie => ({
    title,
    director: '',
    votes: 0,
  }));
  const index = indexOf(few, 'title');
  assert.equal(find(index, 'go'), [1, 0, 2]);
  assert.equal(find(index, 'GOLD g'), [1, 2]);
  assert.equal(find(index, 'god the'), [0]);
  assert.equal(find(index, 'x'), []);
  assert.equal(find(index, ' '), []);
  assert.equal(wordsOf('WALL-E, 8½'), ['wall', 'e', '8½']);
});

test('runs as a program, in plain text', async () => {
  const { code, text } = await command(process.execPath, ['--import', 'tsx', `${root}/demos/typeahead/main.ts`], {
    timeoutMs: 30_000,
  });
  assert.is(code, 0, text);
  assert.not.match(text, /\u001b|^NO /m);
  assert.match(text, /"woody al" finds:/);
});

test.run();
