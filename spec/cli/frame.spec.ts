import stringWidth from 'string-width';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { frame } from '../../lib/cli/frame.js';
import { RunWatch } from '../../lib/cli/RunWatch.js';
import {
  ActionRegistry,
  DagExecutor,
  action,
  addNode,
  pauseBranch,
  retryNode,
  type DagRun,
  type ExecutorCommand,
  type Graph,
  type Hook,
} from '../../lib/index.js';
import { VirtualTime } from '../../lib/testing/index.js';

const tried = new Set<string>();
const registry = new ActionRegistry().register(
  action('done', () => 'done'),
  action('hold', ({ progress }) => {
    progress('a third');
    return new Promise(() => undefined);
  }),
  action('flaky', ({ runId }) => {
    if (tried.has(runId)) return new Promise(() => undefined);
    tried.add(runId);
    throw new Error('not yet');
  }),
  action('break', ({ nodeId }) => {
    throw new Error(`${nodeId} is out of luck`);
  }),
);

const node = (id: string, action: string, more: object = {}): Graph['nodes'][number] => ({ id, action, ...more });

/** A run on virtual time, watched, as it is after so many milliseconds. */
const watched = async (nodes: Graph['nodes'], ms: number, hooks: readonly Hook[] = [], name = 'pipeline') => {
  const time = new VirtualTime();
  const executor = new DagExecutor({ registry, hooks, scheduler: time, config: { maxParallelNodes: 100 } });
  const run = executor.start({ name, nodes });
  const watch = new RunWatch();
  run.event$.subscribe((event) => watch.hear(event));
  time.advanceBy(ms);
  await time.runAll({ maxMs: 0 });
  const lines = (columns = 80, rows = 20, stopping?: string): readonly string[] =>
    frame(watch, run.snapshot, time.now(), { columns, rows }, (_, text) => text, stopping);
  return { run, watch, lines, time };
};

/** A hook that answers each failure of one node. */
const onFailureOf = (id: string, answer: () => readonly ExecutorCommand[]): Hook => ({
  name: 'planner',
  onNodeFailed: (_, { nodeId }) => (nodeId === id ? answer() : undefined),
});

const test = suite('frame');

test('tells how far a run is, and what runs, that which began first coming first', async () => {
  const { lines } = await watched([node('a', 'done'), node('b', 'hold'), node('c', 'hold'), node('d', 'done', { deps: ['b'] })], 2_400); // prettier-ignore
  assert.equal(lines(), [
    `pipeline ${'█'.repeat(10)}${'░'.repeat(30)} 1/4   25 %  2.4 s`,
    '2 running (of 100) · 1 pending · 1 succeeded',
    '● b  2.4 s  a third',
    '● c  2.4 s  a third',
  ]);
});

test('tells what failed, what is tried again, and how often', async () => {
  const retry = { tryCount: 3, retry: { type: 'Linear', delayMs: 5_000 } };
  const { lines } = await watched([node('a', 'break'), node('b', 'break', retry)], 6_000);
  assert.equal(
    lines()
      .slice(2)
      .map((line) => line.replace(/ \(spec.*\)$/, ' (place)')),
    ['↻ b is tried again in 4.0 s: b is out of luck (place)', '✖ a: a is out of luck (place)'],
  );
});

test('forgets a failure once the node is tried again', async () => {
  const hook = onFailureOf('a', () => [retryNode('a')]);
  const { lines, watch } = await watched([node('a', 'flaky'), node('b', 'break')], 0, [hook]);
  assert.equal(watch.notes, ['planner tries a again']);
  assert.equal([...watch.failures.keys()], ['b']);
  assert.ok(lines().includes('● a  0 ms, attempt 2'));
});

test('tells nodes that a hook adds at once in one line, and what it asked for else', async () => {
  const hook = onFailureOf('a', () => [
    ...Array.from({ length: 12 }, (_, i) => addNode({ id: `x${i}`, action: 'hold' })),
    pauseBranch('later', 'to be looked at'),
    addNode({ id: 'y', action: 'hold' }),
    addNode({ id: 'y', action: 'hold' }),
  ]);
  const nodes = [node('a', 'break'), node('b', 'done', { deps: ['x'].slice(1), branch: 'later' })];
  const { lines, watch } = await watched(nodes, 0, [hook]);
  assert.equal(watch.notes.slice(0, 3), [
    'planner added 12 nodes: x0, x1, x2, …',
    'planner paused branch later: to be looked at',
    'planner added y',
  ]);
  assert.match(watch.notes[3]!, /^planner was refused: .*"y"/);
  assert.ok(lines().includes('‖ branch later is paused: to be looked at'));
});

test('asks what people have to answer, but for what they are being asked', async () => {
  const asked = (id: string): Graph['nodes'][number] => node(id, 'human.input', { inputs: { question: `${id}?` } });
  const { lines, watch } = await watched([asked('a'), asked('b')], 0);
  assert.equal(lines().slice(2), ['? a waits for input: a?', '? b waits for input: b?']);
  watch.asked = 'a';
  assert.equal(lines().slice(2), ['? b waits for input: b?']);
});

test('says that it is being stopped, in place of that it is paused', async () => {
  const { lines, run, time } = await watched([node('a', 'hold')], 0);
  void run.dispatch({ type: 'PauseRun', reason: 'a break' });
  time.advanceBy(0);
  await time.runAll({ maxMs: 0 });
  assert.ok(lines().includes('‖ the run is paused: a break'));
  const stopping = lines(80, 20, 'Stopping');
  assert.ok(stopping.includes('■ Stopping'));
  assert.not.match(stopping.join('\n'), 'a break');
});

const crowded = (): Promise<{
  readonly run: DagRun;
  readonly lines: (columns?: number, rows?: number, stopping?: string) => readonly string[];
}> => {
  const nodes = Array.from({ length: 40 }, (_, i) => node(`${i} 漢字 👩‍👩‍👧‍👦 ${'long '.repeat(30)}`, 'hold'));
  for (let i = 0; i < 10; i++) nodes.push(node(`broken ${i} ${'漢'.repeat(i * 9)}`, 'break'));
  for (let i = 0; i < 6; i++) nodes.push(node(`branch ${i}`, 'done', { deps: [nodes[0]!.id!] }));
  const hook: Hook = {
    name: 'planner',
    onStart: () => Array.from({ length: 6 }, (_, i) => pauseBranch(`branch ${i}`, 'wait')),
  };
  return watched(nodes, 90_000, [hook], '漢字漢字漢字漢字漢字漢字漢字漢字');
};

test('keeps no more of the past than it may show', async () => {
  const nodes = Array.from({ length: 200 }, (_, i) => node(`broken ${i}`, 'break'));
  const hook: Hook = { name: 'planner', onNodeFailed: (_, { nodeId }) => pauseBranch(nodeId, 'look') };
  const { watch } = await watched(nodes, 0, [hook]);
  assert.is(watch.failures.size, 50);
  assert.ok(watch.failures.has('broken 199'));
  assert.is(watch.notes.length, 50);
});

test('never takes more rows or columns than there are', async () => {
  const { lines } = await crowded();
  for (let rows = 1; rows <= 70; rows += rows < 16 ? 1 : 9)
    for (const columns of [1, 2, 3, 8, 21, 55, 144]) {
      const all = lines(columns, rows, rows % 2 === 0 ? 'Stopping '.repeat(30) : undefined);
      assert.ok(all.length <= rows, `${all.length} lines in ${rows} rows`);
      for (const line of all) assert.ok(stringWidth(line) <= columns, `${columns} columns: ${line}`);
    }
});

test('shows what is held up first where there is little room, then what failed, then what runs', async () => {
  const { lines } = await crowded();
  const signs = (rows: number): string =>
    lines(80, rows)
      .slice(2)
      .map((line) => line[0])
      .join('');
  assert.is(signs(2), '');
  assert.is(signs(4), '‖‖');
  assert.is(signs(7), '‖‖‖‖✖');
  assert.is(signs(10), '●…‖‖‖‖✖»');
  assert.is(signs(24), `${'●'.repeat(7)}…‖‖‖‖✖✖✖✖✖✖»»»»`);
});

test('keeps a bar only where there is room for one', async () => {
  const { lines } = await watched([node('a', 'hold')], 500, [], 'a pipeline with a name that is rather long');
  assert.is(lines(80, 1)[0], `a pipeline with a name that i… ${'░'.repeat(30)} 0/1    0 %  500 ms`);
  assert.is(lines(28, 1)[0], ` ${'░'.repeat(8)} 0/1    0 %  500 ms`);
  assert.is(lines(24, 1)[0], '0/1    0 %  500 ms');
  assert.is(lines(12, 1)[0], '0/1    0 % …');
});

test.run();
