// timeout: 120000
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, action, initialSnapshot, reduce, type ExecutionEvent } from '../../lib/index.js';
import { openDatabase } from '../../lib/stores/sqlite/openDatabase.js';
import { sqliteStore, type SqliteStore } from '../../lib/stores/sqlite/index.js';
import { random } from '../../lib/testing/index.js';
import { firstSeed } from '../simulation/seeds.js';
import { temporaryFolder } from '../support/command.js';

const NODES = 9_000;
const large = 'x'.repeat(2_000);
const huge = 'y'.repeat(70_000);

/** 9,000 nodes and more: labelled, retried, failing, added by a hook; outputs of all sizes. */
const write = async (store: SqliteStore, runId: string): Promise<readonly ExecutionEvent[]> => {
  const registry = new ActionRegistry().register(
    action('work', ({ nodeId, attempt }) => {
      const i = Number(nodeId.slice(1));
      if (i % 97 === 5 && attempt === 1) throw new Error('not yet');
      if (i % 1_000 === 7) throw new Error('never');
      return i % 500 === 3 ? large : i % 3_000 === 11 ? huge : { i, text: 'ü'.repeat(i % 4) };
    }),
  );
  const executor = new DagExecutor({ registry, store });
  const nodes = Array.from({ length: NODES }, (_, i) => ({
    id: `n${i}`,
    action: 'work',
    deps: i < 8 ? [] : [`n${(i * 7) % i}`, `n${i - 8}`].filter((id, at, all) => all.indexOf(id) === at),
    ...(i % 97 === 5 && { tryCount: 2, retry: { type: 'Immediate' as const } }),
    ...(i % 1_000 === 7 && { onFailure: 'continue' as const }),
    ...(i % 50 === 0 && { branch: 'part' }),
  }));
  const run = executor.start(
    { name: 'large', nodes, config: { maxParallelNodes: 16 } },
    {
      runId,
      hooks: [
        {
          name: 'adds',
          onNodeComplete: (_, { nodeId }) =>
            /^n\d+00$/.test(nodeId)
              ? { type: 'AddNode', spec: { id: `more_${nodeId}`, action: 'work', deps: [nodeId] } }
              : undefined,
        },
      ],
    },
  );
  await run.report;
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId)) events.push(event);
  return events;
};

const framesIn = async (store: SqliteStore, runId: string): Promise<Readonly<Record<string, number>>> => {
  const found: Record<string, number> = {};
  for await (const { kind } of store.frames!(runId)) found[kind] = (found[kind] ?? 0) + 1;
  return found;
};

/** Holds states of a stored run against the fold of its log. */
const compare = async (file: string, runId: string, events: readonly ExecutionEvent[], seed: number): Promise<void> => {
  const store = sqliteStore(file);
  const executor = new DagExecutor({ registry: new ActionRegistry(), store });
  const r = random(seed);
  const wanted = new Set([1, 2, events.length, ...Array.from({ length: 6 }, () => r.int(1, events.length))]);
  const folded = new Map<number, string>();
  let state = initialSnapshot();
  for (const event of events) {
    state = reduce(state, event);
    if (wanted.has(event.seq)) folded.set(event.seq, JSON.stringify(state));
  }
  for (const seq of wanted) {
    const shown = await executor.snapshotAt(runId, seq);
    assert.ok(JSON.stringify(shown) === folded.get(seq), `seed ${seed}, event ${seq}`);
  }
  const last = await executor.snapshotAt(runId, events.length);
  await store.close();
  assert.is(last.node('n11')!.output, huge, 'a snapshot stays when its store is closed');
};

const test = suite('key frames');

test('lead to the same states as the log, also when they are damaged or gone', async () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  const file = join(temporaryFolder('frames'), 'runs.db');
  const store = sqliteStore(file);
  const events = await write(store, 'r');
  assert.ok(events.length > 18_000);
  assert.equal(await framesIn(store, 'r'), { events: 3, nodes: 2 });
  await store.close();
  await compare(file, 'r', events, seed);

  const database = openDatabase(file);
  const flipped = `UPDATE frames SET body = CAST(substr(body, 1, 5000) || X'FF' || substr(body, 5002) AS BLOB)`;
  for (const damage of [
    `${flipped} WHERE place = (SELECT max(place) FROM frames)`,
    `${flipped} WHERE place < 0`,
    'DELETE FROM frames WHERE place > 0',
  ]) {
    database.exec(damage);
    await compare(file, 'r', events, seed + 1);
  }
  database.close();
});

test('go with their run, and no other', async () => {
  const file = join(temporaryFolder('frames'), 'runs.db');
  const store = sqliteStore(file);
  const registry = new ActionRegistry().register(action('work', () => 1));
  const executor = new DagExecutor({ registry, store });
  const nodes = Array.from({ length: 5_000 }, (_, i) => ({ id: `n${i}`, action: 'work' }));
  for (const runId of ['a', 'b', 'c']) await executor.start({ name: 'wide', nodes }, { runId }).report;
  await store.remove('b')();
  assert.equal(await framesIn(store, 'b'), {});
  for (const runId of ['a', 'c']) {
    assert.equal(await framesIn(store, runId), { events: 2, nodes: 1 });
    assert.is((await executor.snapshotAt(runId, 10_001)).counts.succeeded, 5_000);
  }
  const gone = await executor.snapshotAt('b', 5).then(
    () => undefined,
    (error: Error) => error,
  );
  assert.is(gone?.name, 'DagError');
  await executor.start({ name: 'wide', nodes: nodes.slice(0, 3) }, { runId: 'b' }).report;
  assert.is((await executor.snapshotAt('b', 7)).counts.succeeded, 3, 'a run of the same name that is another one');
  await store.close();
});

test('a run that goes on is seen up to where it is', async () => {
  const store = sqliteStore(join(temporaryFolder('frames'), 'runs.db'));
  const registry = new ActionRegistry().register(action('work', () => 1));
  const executor = new DagExecutor({ registry, store });
  const nodes = Array.from({ length: 6_000 }, (_, i) => ({ id: `n${i}`, action: 'work' }));
  const run = executor.start(
    { name: 'wide', nodes: [...nodes, { id: 'ask', action: 'human.input', deps: ['n5999'] }] },
    { runId: 'r' },
  );
  while (run.snapshot.counts.succeeded < 6_000) await new Promise((resolve) => setTimeout(resolve, 5));
  const { seq } = run.snapshot;
  assert.is(JSON.stringify(await executor.snapshotAt('r', seq)), JSON.stringify(run.snapshot));
  await run.dispatch({ type: 'ProvideInput', nodeId: 'ask', value: 'yes' });
  await run.report;
  assert.is(JSON.stringify(await executor.snapshotAt('r', run.snapshot.seq)), JSON.stringify(run.snapshot));
  await store.close();
});

test.run();
