import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore, type EventStore, type ExecutionEvent } from '../../lib/index.js';
import { Pages } from '../../lib/server/Pages.js';
import { StoredLog } from '../../lib/server/StoredLog.js';
import { logOf, node, runStarted } from '../support/logOf.js';
import { Following } from './Following.js';
import { serving } from './serving.js';

const test = suite('pages of a stored log');

/** A store with one log, which counts how many of its events are taken out of it. */
const counting = async (
  events: readonly ExecutionEvent[],
): Promise<{ readonly store: EventStore; readonly taken: () => number; readonly open: () => number }> => {
  const store = memoryStore();
  const acquired = await store.acquire('run', { id: 'spec', startedAt: 0 })();
  assert.ok(acquired._tag === 'Right');
  await store.append('run', acquired.right.epoch, 0, events, {})();
  await store.release('run', acquired.right.epoch)();
  let taken = 0;
  let open = 0;
  return {
    taken: () => taken,
    open: () => open,
    store: {
      ...store,
      async *read(runId, fromSeq) {
        open++;
        try {
          for await (const event of store.read(runId, fromSeq)) {
            taken++;
            yield event;
          }
        } finally {
          open--;
        }
      },
    },
  };
};

/** A log of events of so many characters each. */
const logOfSize = (count: number, characters: number): readonly ExecutionEvent[] =>
  logOf(
    runStarted([node('a')]),
    ...Array.from({ length: count - 1 }, (_, i) => ({
      type: 'CustomEmitted' as const,
      name: `event ${i + 2}`,
      payload: 'x'.repeat(characters),
    })),
  );

const seqsIn = (json: Buffer): readonly number[] =>
  (JSON.parse(json.toString()) as readonly ExecutionEvent[]).map(({ seq }) => seq);

test('of large events are read as far as a page goes, and no further', async () => {
  const { store, taken, open } = await counting(logOfSize(40, 1_000_000));
  const pages = new Pages((await StoredLog.open(store, 'run'))!, JSON.stringify);
  const seen: number[] = [];
  while (seen.length < 40) {
    const before = taken();
    const { json, last } = await pages.from(seen.length + 1, 40);
    assert.ok(json.length < 6_000_000, `${json.length} bytes`);
    assert.ok(taken() - before <= 5, `${taken() - before} events were read for a page of ${json.length} bytes`);
    assert.is(open(), 0, 'a store that is read no further is let go of');
    seen.push(...seqsIn(json));
    assert.is(seen.length, last);
  }
  assert.equal(
    seen,
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  assert.is(taken(), 40);
});

test('of small events end at fixed places, and are read once for all who ask', async () => {
  const { store, taken } = await counting(logOfSize(12_000, 10));
  const pages = new Pages((await StoredLog.open(store, 'run'))!, JSON.stringify);
  const [one, same, middle] = await Promise.all([
    pages.from(1, 12_000),
    pages.from(1, 12_000),
    pages.from(4_990, 12_000),
  ]);
  assert.is(one, same);
  assert.equal([one.last, middle.last, taken()], [5_000, 5_000, 5_011]);
  assert.equal(
    seqsIn(middle.json),
    Array.from({ length: 11 }, (_, i) => 4_990 + i),
  );
});

test('one event that is larger than a page is one of its own', async () => {
  const { store } = await counting(logOfSize(3, 5_000_000));
  const pages = new Pages((await StoredLog.open(store, 'run'))!, JSON.stringify);
  assert.is((await pages.from(1, 3)).last, 2);
  assert.equal(seqsIn((await pages.from(3, 3)).json), [3]);
});

test('a hole in a log is not passed over', async () => {
  const events = logOfSize(10, 1);
  const { store } = await counting(events.filter(({ seq }) => seq !== 5));
  const pages = new Pages((await StoredLog.open(store, 'run'))!, JSON.stringify);
  assert.is((await pages.from(1, 10)).last, 4);
});

test('a stored run of large events comes whole', async () => {
  const { store, taken } = await counting(logOfSize(30, 500_000));
  await serving({ store }, async (server) => {
    const following = new Following(server, 'run');
    await following.until(({ events }) => events.length === 30);
    following.stop();
  });
  assert.is(taken(), 30);
});

test.run();
