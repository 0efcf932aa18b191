import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, action, type Graph, type NodeContext } from '../../lib/index.js';
import {
  VirtualTime,
  VirtualTimeError,
  actionOf,
  expectEvents,
  interleavings,
  letters,
  marbles,
  record,
  type Interleaving,
} from '../../lib/testing/index.js';

const test = suite('testing a run');

const abc: Graph = {
  name: 'abc',
  nodes: [
    { id: 'a', action: 'a' },
    { id: 'b', action: 'b' },
    { id: 'c', action: 'c', deps: ['a'] },
  ],
};

test('a run under virtual time is over at once and always the same', () => {
  const play = (): string => {
    const time = new VirtualTime(1_000);
    const registry = new ActionRegistry().register(
      action('a', actionOf(time, '--x|')),
      action('b', actionOf(time, '---x|')),
      action('c', actionOf(time, '50m x|')),
    );
    const log = record(new DagExecutor({ registry, scheduler: time }).start(abc, { runId: 'r' }));
    time.flush();
    expectEvents(log.events, ['0 >ab', '3 Ac', '4 B', '3000004 C.']);
    assert.equal(log.started, ['a', 'b', 'c']);
    assert.is(log.order('a', 'c'), 'before');
    assert.is(log.order('a', 'b'), 'overlap');
    assert.equal(log.checkLog(), []);
    assert.is(log.snapshots.at(-1)?.status, 'succeeded');
    return log.text({ times: true });
  };
  assert.is(play(), play());
});

test('actions that use Promises run under virtual time, too', async () => {
  const time = new VirtualTime();
  const sleepy = async ({ nodeId }: NodeContext): Promise<string> => {
    await new Promise<void>((resolve) => time.schedule(() => resolve(), 1_000));
    await Promise.resolve();
    return nodeId;
  };
  const registry = new ActionRegistry().register(action('a', sleepy), action('b', sleepy), action('c', sleepy));
  const run = new DagExecutor({ registry, scheduler: time }).start(abc);
  const report = await time.until(run);
  assert.ok(report.success);
  assert.is(report.durationMs, 2_000);
});

test('a run that waits for somebody says for what', async () => {
  const time = new VirtualTime();
  const graph: Graph = {
    name: 'ask',
    nodes: [
      { id: 'ask', action: 'human.input' },
      { id: 'load', action: 'load', deps: ['ask'] },
    ],
  };
  const registry = new ActionRegistry().register(action('load', () => 1));
  const run = new DagExecutor({ registry, scheduler: time }).start(graph);
  const error = await time.until(run).catch((reason: unknown) => reason);
  assert.instance(error, VirtualTimeError);
  assert.match(
    (error as Error).message,
    /the run "ask" is running: "ask" is waiting.*"load" is pending \(dependency ask\)/,
  );
});

test(
  "a run draws marbles on RxJS's own test scheduler",
  marbles(({ cold, expectObservable, scheduler }) => {
    const a = cold('  ------(x|)               ');
    const b = cold('  ----------(x|)           ');
    const c = cold('        ------------(x|)   ');
    const expected = '(>ab)-(Ac)B-------(C.|)  ';
    const registry = new ActionRegistry().register(
      action('a', () => a),
      action('b', () => b),
      action('c', () => c),
    );

    const run = new DagExecutor({ registry, scheduler }).start(abc);

    expectObservable(letters(run.eventsFrom(1))).toBe(expected);
  }),
);

test('promises of actions settle in seeded orders', async () => {
  const orders = new Set<string>();
  await interleavings({ runs: 60 }, async (s: Interleaving) => {
    const registry = new ActionRegistry().register(
      s.action('a', 1),
      s.action('b', () => 2),
      s.action('c', ({ inputs }: NodeContext<{ a: number }>) => inputs.a + 1),
    );
    const graph: Graph = {
      ...abc,
      nodes: abc.nodes.map((node) => (node.id === 'c' ? { ...node, inputs: { a: { $ref: 'a' } } } : node)),
    };
    const run = new DagExecutor({ registry }).start(graph);
    const log = record(run);
    const report = await run.report;
    assert.equal({ ...report.outputs }, { a: 1, b: 2, c: 2 });
    assert.equal(log.checkLog(), []);
    orders.add(
      log
        .ofType('NodeSucceeded')
        .map(({ nodeId }) => nodeId)
        .join(''),
    );
  });
  assert.equal([...orders].sort(), ['abc', 'acb', 'bac']);
});

test.run();
