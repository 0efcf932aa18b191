import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  learnEstimates,
  memoryResultCache,
  memoryStore,
  provideInput,
  type DagRun,
  type Estimates,
  type EventStore,
  type Graph,
  type LearnOptions,
  type RunOptions,
} from '../../lib/index.js';
import { VirtualTime, record } from '../../lib/testing/index.js';
import { timer } from 'rxjs';
import { node } from '../support/logOf.js';

const test = suite('learnEstimates');

/** A store, and runs in it whose nodes take as long as they are told. */
const school = (store: EventStore = memoryStore()) => {
  const time = new VirtualTime();
  let takes: Readonly<Record<string, number>> = {};
  const work = action('work', ({ nodeId }) => {
    if (takes[nodeId] === -1) throw new Error('no');
    return timer(takes[nodeId] ?? 0, time);
  });
  const registry = new ActionRegistry().register(
    work,
    action('other', () => timer(7, time)),
    action('list', () => [1, 2]),
  );
  const executor = new DagExecutor({ registry, store, scheduler: time, results: memoryResultCache() });
  const start = (graph: Graph, ms: typeof takes = {}, options: RunOptions = {}): DagRun => {
    takes = ms;
    return executor.start(graph, options);
  };
  const run = async (graph: Graph, ms: typeof takes = {}, options: RunOptions = {}): Promise<readonly string[]> => {
    const started = start(graph, ms, options);
    const log = record(started);
    await time.until(started);
    time.advanceBy(1_000);
    return log.started;
  };
  const learn = async (dagName = 'g', options: LearnOptions = {}): Promise<Estimates> => {
    const learnt = await learnEstimates(store, dagName, options)();
    if (learnt._tag === 'Left') throw new Error(learnt.left.message);
    return learnt.right;
  };
  return { time, executor, start, run, learn };
};

const of = (...nodes: readonly ReturnType<typeof node>[]): Graph => ({ name: 'g', nodes });
const pair = of(node('a'), node('b'), node('o', { action: 'other' }));

test('the median of what a node took, and of all nodes of an action', async () => {
  const { run, learn } = school();
  for (const ms of [100, 900, 120]) await run(pair, { a: ms, b: 10 });
  const { nodes, actions } = await learn();
  assert.equal(
    [...nodes],
    [
      ['o', 7],
      ['b', 10],
      ['a', 120],
    ],
  );
  assert.equal(
    [...actions],
    [
      ['other', 7],
      ['work', 55],
    ],
  );
});

test('only the latest runs of that DAG count', async () => {
  const { run, learn } = school();
  await run(pair, { a: 5_000 });
  await run({ ...pair, name: 'else' }, { a: 1 });
  for (const ms of [10, 20, 40]) await run(pair, { a: ms });
  assert.is((await learn('g', { runs: 2 })).nodes.get('a'), 30);
  assert.is((await learn('g', { runs: 4 })).nodes.get('a'), 30);
  assert.is((await learn('else')).nodes.get('a'), 1);
  assert.is((await learn('unknown')).nodes.size, 0);
});

test('ten runs are read unless told otherwise', async () => {
  const { run, learn } = school();
  await run(pair, { a: 9_000 });
  for (let i = 0; i < 5; i++) await run(pair, { a: 10 });
  for (let i = 0; i < 5; i++) await run(pair, { a: 30 });
  assert.is((await learn()).nodes.get('a'), 20);
});

test('a failed run teaches what it can; nodes that failed or came from the cache teach nothing', async () => {
  const { run, learn } = school();
  await run(of(node('a'), node('b')), { a: 50, b: -1 });
  assert.equal([...(await learn()).nodes], [['a', 50]]);
  const cached = { name: 'cached', nodes: [node('a', { cache: 'always' })] };
  await run(cached, { a: 40 });
  await run(cached, { a: 40 });
  assert.equal([...(await learn('cached')).nodes], [['a', 40]]);
});

test('a run that has not ended teaches nothing yet', async () => {
  const { start, time, learn } = school();
  const run = start(of(node('a'), node('b: a')), { a: 10, b: 10 });
  time.advanceBy(15);
  await Promise.resolve();
  assert.is((await learn()).nodes.size, 0);
  await time.until(run);
  assert.is((await learn()).nodes.size, 2);
});

test('items teach of their action, the fan-out and people only of themselves', async () => {
  const { start, time, learn } = school();
  const graph = of(
    node('l', { action: 'list' }),
    node('each: l', { forEach: { $ref: 'l' } }),
    node('ask', { action: 'human.input' }),
  );
  const run = start(graph, { 'each[0]': 10, 'each[1]': 30 });
  time.advanceBy(500);
  await new Promise(setImmediate);
  time.advanceBy(500);
  await run.dispatch(provideInput('ask', 1));
  await time.until(run);
  const { nodes, actions } = await learn();
  assert.equal(
    ['each[0]', 'each[1]', 'each', 'ask'].map((id) => nodes.has(id)),
    [true, true, true, true],
  );
  assert.equal([actions.get('work'), actions.has('human.input')], [20, false]);
});

test('what was learnt lets the long way start first, also for nodes that are new', async () => {
  const { run, learn } = school();
  const graph = of(node('a'), node('b'), node('c'), node('o', { action: 'other' }));
  const config = { maxParallelNodes: 1 };
  assert.equal(await run(graph, { a: 10, b: 30, c: 20 }, { config }), ['a', 'b', 'c', 'o']);
  const estimates = await learn();
  assert.equal(await run(graph, {}, { config, estimates }), ['b', 'c', 'a', 'o']);
  const more = of(...graph.nodes, node('new'));
  assert.equal(await run(more, {}, { config, estimates }), ['b', 'c', 'new', 'a', 'o']);
  const said = of(node('a', { estimateMs: 25 }), node('b'), node('c'));
  assert.equal(await run(said, {}, { config, estimates }), ['b', 'a', 'c']);
});

test('a fork and a resumed run are ordered by it, too', async () => {
  const store = memoryStore();
  const first = school(store);
  const graph = of(node('a'), node('b'), node('c'), node('o', { action: 'other' }));
  const config = { maxParallelNodes: 1 };
  await first.run(graph, { a: 10, b: 30, c: 20 }, { config, runId: 'r' });
  const estimates = await first.learn();
  const startsOf = async (run: DagRun, { time }: typeof first): Promise<readonly string[]> => {
    const log = record(run);
    await time.until(run);
    return log.started;
  };
  assert.equal(await startsOf(await first.executor.fork('r', { atSeq: 1, estimates }), first), ['b', 'c', 'a', 'o']);
  assert.equal(await startsOf(await first.executor.fork('r', { atSeq: 1 }), first), ['a', 'b', 'c', 'o']);
  first.start(graph, { a: 10 }, { config, runId: 'left' });
  first.time.advanceBy(5);
  await new Promise(setImmediate);
  const second = school(store);
  const resumed = await second.executor.resume('left', { takeOver: true, estimates });
  assert.equal((await startsOf(resumed, second)).slice(-4), ['b', 'c', 'a', 'o']);
});

test('wrong options are refused at once', () => {
  for (const [runs, shown] of [
    [0, '0'],
    [-1, '-1'],
    [NaN, 'NaN'],
    [1.5, '1.5'],
    ['2', '"2"'],
    [null, 'null'],
  ] as const)
    // prettier-ignore
    assert.throws(
      () => learnEstimates(memoryStore(), 'g', { runs: runs as number }),
      `runs is ${shown}; give a whole number from 1.`,
    );
  assert.throws(
    () => learnEstimates(memoryStore(), 'g', { run: 1 } as never),
    /have no key "run"; did you mean "runs"/,
  );
});

test("what a store can't tell is a Left", async () => {
  const { run } = school();
  await run(pair);
  const fault = { type: 'StoreUnavailable', message: 'gone' } as const;
  const broken: EventStore = { ...memoryStore(), runs: () => async () => ({ _tag: 'Left', left: fault }) };
  assert.equal(await learnEstimates(broken, 'g')(), { _tag: 'Left', left: fault });
  const store = memoryStore();
  await school(store).run(pair);
  const unreadable: EventStore = {
    ...store,
    read: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(fault) }) }),
  };
  assert.equal(await learnEstimates(unreadable, 'g')(), { _tag: 'Left', left: fault });
});

test.run();
