import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagError,
  DagExecutor,
  action,
  memoryStore,
  type EventStore,
  type ExecutionEvent,
  type Graph,
} from '../../../lib/index.js';
import { startCoordinator, submitRun, type CoordinatorEvent } from '../../../lib/remote/index.js';
import { checkLog } from '../../../lib/testing/index.js';
import { scriptedEngine } from '../../support/scriptedEngine.js';

const test = suite('coordinators: runs that nobody has are gone on with');

const registry = new ActionRegistry().register(
  action('work', async ({ inputs }) => {
    await sleep(5);
    return inputs;
  }),
  action(
    'hang',
    ({ signal }) => new Promise((_, no) => signal.addEventListener('abort', () => no(signal.reason as Error))),
  ),
);
const graph = (name: string, action = 'work', more: Partial<Graph> = {}): Graph => ({
  name,
  nodes: [
    { id: 'a', action, inputs: { n: { $ref: 'inputs.n' } } },
    { id: 'b', action, inputs: { a: { $ref: 'a' } } },
  ],
  ...more,
});
const until = async (what: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !what(); await sleep(5))
    if (Date.now() > end) throw new Error(`It did not come to pass: ${String(what)}`);
};
const logOf = async (store: EventStore, runId: string): Promise<ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId)) events.push(event);
  assert.equal(checkLog(events), []);
  return events;
};
const begin = (store: EventStore, more: Partial<Parameters<typeof startCoordinator>[0]> = {}) => {
  const executor = new DagExecutor({ registry, store });
  const coordinator = startCoordinator({ executor, store, pollMs: 10, ...more });
  const events: CoordinatorEvent[] = [];
  coordinator.event$.subscribe((event) => events.push(event));
  return { coordinator, events };
};
const rejects = async (work: Promise<unknown>, message: RegExp): Promise<void> => {
  await work.then(
    () => assert.unreachable('it was accepted'),
    (error: unknown) => {
      assert.instance(error, DagError);
      assert.match((error as Error).message, message);
    },
  );
};

test('a submitted run begins with its inputs, and settles', async () => {
  const store = memoryStore();
  await submitRun(store, graph('g'), { runId: 'r', inputs: { n: 5 }, config: { maxParallelNodes: 7 }, now: 1_000 });
  const [first] = await logOf(store, 'r');
  assert.ok(first?.type === 'RunStarted' && first.at === 1_000 && first.config.maxParallelNodes === 7);
  const { coordinator, events } = begin(store);
  await until(() => events.some(({ type }) => type === 'ended'));
  await coordinator.close();
  assert.equal(events, [
    { type: 'taken', runId: 'r', dagName: 'g' },
    { type: 'ended', runId: 'r', status: 'succeeded' },
  ]);
  const last = (await logOf(store, 'r')).findLast((event) => event.type === 'NodeSucceeded');
  assert.equal(last?.type === 'NodeSucceeded' && last.output, { a: { n: 5 } });
});

test('what can not be run is refused when it is submitted, and nothing is kept', async () => {
  const store = memoryStore();
  const now = 1;
  await rejects(
    submitRun(store, { name: 'g', nodes: [{ id: 'a', action: 'work', deps: ['x'] }] }, { runId: 'r', now }),
    /depends on "x"|"x"/,
  );
  await rejects(submitRun(store, graph('g', 'wrok'), { runId: 'r', registry, now }), /"wrok".*work/);
  await rejects(submitRun(store, graph('g', 'work', { config: { redact: ['key'] } }), { runId: 'r', now }), /redacts/);
  for (const runId of ['', '..', 'a\0']) await rejects(submitRun(store, graph('g'), { runId, now }), /The run's id/);
  assert.equal(await logOf(store, 'r'), []);
  await submitRun(store, graph('g'), { runId: 'r', inputs: { n: 1 }, now });
  await rejects(submitRun(store, graph('g'), { runId: 'r', inputs: { n: 2 }, now }), /There is a run "r" already/);
  assert.is((await logOf(store, 'r')).length, 1);
});

test('runs are shared: each is had by one coordinator, and none twice', async () => {
  const store = memoryStore();
  for (let i = 0; i < 30; i++) await submitRun(store, graph('g'), { runId: `r${i}`, inputs: { n: i }, now: i });
  const both = [begin(store, { maxRuns: 3 }), begin(store, { maxRuns: 3 })];
  await until(() => both.flatMap(({ events }) => events).filter(({ type }) => type === 'ended').length === 30);
  for (const { coordinator } of both) await coordinator.close();
  for (const { events } of both)
    assert.ok(
      events.some(({ type }) => type === 'taken'),
      'both had a part of it',
    );
  const taken = both.flatMap(({ events }) => events).flatMap((event) => (event.type === 'taken' ? [event.runId] : []));
  assert.is(taken.length, 30);
  assert.is(new Set(taken).size, 30);
});

test('one that is closed leaves its runs to the next, and takes no job back', async () => {
  const store = memoryStore();
  const engine = scriptedEngine();
  const placed = graph('g', 'work', {
    nodes: [
      { id: 'a', action: 'work', placement: 'pool:p' },
      { id: 'b', action: 'hang', deps: ['a'] },
    ],
  });
  await submitRun(store, placed, { runId: 'r', now: 1 });
  const first = begin(store, { executor: new DagExecutor({ registry, store, remote: engine }) });
  await until(() => engine.submitted.length === 1);
  await first.coordinator.close();
  assert.equal(first.events.at(-1), { type: 'left', runId: 'r', reason: 'Run "r" was left to whoever resumes it.' });
  assert.equal(engine.cancelled, []);
  const second = begin(store, { executor: new DagExecutor({ registry, store, remote: engine }) });
  await until(() => engine.submitted.length === 2);
  assert.is(engine.submitted[1]!.id, engine.submitted[0]!.id);
  engine.succeed(engine.submitted[0]!.id, 1);
  await until(() => second.coordinator.runs.get('r')?.snapshot.node('b')?.status === 'running');
  await second.coordinator.close();
  const types = (await logOf(store, 'r')).map(({ type }) => type);
  assert.equal(types.filter((type) => type === 'NodeInterrupted').length, 0);
  assert.is(types.at(-1), 'NodeStarted', 'nothing is written by one who leaves');
});

test('one that lost a run to another stops with it', async () => {
  const store = memoryStore();
  await submitRun(store, graph('g', 'hang'), { runId: 'r', inputs: { n: 1 }, now: 1 });
  const { coordinator, events } = begin(store);
  await until(() => coordinator.runs.size === 1);
  const other = await new DagExecutor({ registry, store }).resume('r', { takeOver: true });
  const run = coordinator.runs.get('r')!;
  await run.dispatch({ type: 'EmitEvent', name: 'x', payload: 1 });
  await until(() => events.some(({ type }) => type === 'left'));
  assert.is(coordinator.runs.size, 0);
  await coordinator.close();
  await other.cancel();
});

test('a run that can not be taken rests, and holds back no other; paused runs and ended ones are left alone', async () => {
  const store = memoryStore();
  await submitRun(store, graph('g', 'unknown'), { runId: 'bad', now: 1 });
  await submitRun(store, graph('g', 'work'), { runId: 'good', inputs: { n: 1 }, now: 2 });
  await submitRun(store, graph('g', 'hang'), { runId: 'paused', now: 0 });
  const { epoch } = ((await store.acquire('paused', { id: 'x', startedAt: 0 })()) as { right: { epoch: number } })
    .right;
  await store.append('paused', epoch, 1, [{ seq: 2, at: 1, type: 'RunPaused' }], {})();
  await store.release('paused', epoch)();
  const { coordinator, events } = begin(store, { maxRuns: 1 });
  await until(() => events.some(({ type }) => type === 'ended'));
  await sleep(100);
  await coordinator.close();
  const refused = events.filter(({ type }) => type === 'refused');
  assert.is(refused.length, 1, 'told once while it rests');
  assert.match(refused[0]?.type === 'refused' ? refused[0].reason : '', /unknown/);
  assert.equal(
    events.flatMap((event) => (event.type === 'taken' ? [event.runId] : [])),
    ['good'],
  );
});

test('a store that can not be asked is asked again, and each outage is told once', async () => {
  const store = memoryStore();
  await submitRun(store, graph('g'), { runId: 'r', inputs: { n: 1 }, now: 1 });
  let isDown = true;
  const flaky: EventStore = {
    ...store,
    runs: (filter) =>
      isDown
        ? () => Promise.resolve({ _tag: 'Left', left: { type: 'StoreUnavailable', message: 'away' } })
        : store.runs(filter),
  };
  const { coordinator, events } = begin(flaky);
  await sleep(60);
  isDown = false;
  await until(() => events.some(({ type }) => type === 'ended'));
  await coordinator.close();
  assert.equal(
    events.map(({ type }) => type),
    ['unavailable', 'unavailable', 'taken', 'ended'],
  );
  assert.throws(
    () => startCoordinator({ executor: new DagExecutor({ registry, store }), store, pollMs: 0 }),
    /pollMs is 0/,
  );
});

test.run();
