import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  Cache,
  DagExecutor,
  action,
  addNode,
  dag,
  executeDagParallel,
  executeDagParallelWithHooks,
  executeWithHooks,
  input,
  type Graph,
  type HookContext,
  type NodeContext,
  type SupervisorHookV2,
  type ThreadSafeNodeAdder,
} from '../../lib/index.js';

const test = suite('seed names');

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const add = action('add', ({ inputs }: NodeContext<{ a: number; b: number }>) => inputs.a + inputs.b);
const slow = action('slow', async () => {
  await pause(20);
  return 'done';
});

const sums = dag('sums')
  .node('three', add, { a: 1, b: 2 })
  .node('seven', add, { a: 3, b: 4 })
  .node('ten', add, ({ three, seven }) => ({ a: three, b: seven }));
const executor = (): DagExecutor => new DagExecutor({ registry: sums.registry });

test('executeDagParallel runs a builder or a graph under a name, and fills the cache', async () => {
  for (const given of [sums, sums.graph]) {
    const cache = new Cache();
    const [report, needsHuman] = await executeDagParallel(executor(), given, cache, 'today');
    assert.is(report.dagName, 'today');
    assert.is(report.overallSuccess, true);
    assert.is(needsHuman, false);
    assert.is(report.outputs['ten'], 10);
    assert.is(cache.getInput('ten', 'node') ?? report.outputs['ten'], 10);
    assert.ok(Object.keys(cache.toJSON()).includes('ten'));
  }
});

test('executeDagParallel takes inputs from the cache', async () => {
  const echo = dag('echo').node('a', add, { a: input('x'), b: 1 });
  const cache = new Cache();
  cache.insertValue('inputs', 'x', 41);
  const [report] = await executeDagParallel(new DagExecutor({ registry: echo.registry }), echo, cache, 'echo');
  assert.is(report.outputs['a'], 42);
});

test('executeDagParallel runs each node once, beside each other', async () => {
  let running = 0;
  let most = 0;
  const starts: string[] = [];
  const registry = new ActionRegistry().register(
    action('count', async ({ nodeId }) => {
      starts.push(nodeId);
      most = Math.max(most, ++running);
      await pause(5);
      running--;
    }),
  );
  const graph: Graph = {
    name: 'wide',
    nodes: Array.from({ length: 49 }, (_, i) => ({ id: `n${i}`, action: 'count' })),
    config: { enableParallelExecution: false, maxParallelNodes: 7 },
  };
  const [report] = await executeDagParallel(new DagExecutor({ registry }), graph, new Cache(), 'wide');
  assert.ok(report.success);
  assert.is(starts.length, 49);
  assert.is(new Set(starts).size, 49);
  assert.is(most, 7);
});

test('executeDagParallelWithHooks lets hooks change the graph while it runs', async () => {
  const adders: ThreadSafeNodeAdder[] = [];
  const hook: SupervisorHookV2 = {
    name: 'more',
    onNodeComplete: (ctx: HookContext, { nodeId }) => {
      adders.push(ctx.nodeAdder);
      return nodeId === 'ten'
        ? addNode({ id: 'more', action: 'add', inputs: { a: { $ref: 'ten' }, b: 1 } })
        : undefined;
    },
    onComplete: async (ctx) => {
      if (ctx.snapshot().node('last') !== undefined) return;
      const added = await ctx.nodeAdder.addNode(ctx.dagName, { id: 'last', action: 'add', inputs: { a: 0, b: 0 } })();
      assert.equal(added, { _tag: 'Right', right: 'last' });
    },
  };
  const [report, needsHuman] = await executeDagParallelWithHooks(executor(), sums, new Cache(), 'sums', [hook]);
  assert.is(report.outputs['more'], 11);
  assert.is(report.outputs['last'], 0);
  assert.is(needsHuman, false);
  assert.equal(report.hookFailures, []);
});

test('a failed node is no reason for a person to look, the limit of iterations is', async () => {
  const registry = new ActionRegistry().register(
    action('fails', (): number => {
      throw new Error('Maximum effort');
    }),
    action('supervisor_step', () => null),
  );
  const run = (nodes: Graph['nodes'], hooks: readonly SupervisorHookV2[] = []) =>
    executeDagParallelWithHooks(
      new DagExecutor({ registry, config: { maxIterations: 3 } }),
      { name: 'd', nodes },
      new Cache(),
      'd',
      hooks,
    );
  const [failed, first] = await run([{ id: 'a', action: 'fails' }]);
  assert.equal([failed.success, first], [false, false]);
  let n = 0;
  const [endless, second] = await run(
    [{ id: 'step', action: 'supervisor_step' }],
    [{ name: 'again', onNodeComplete: () => addNode({ id: `step-${++n}`, action: 'supervisor_step' }) }],
  );
  assert.equal([endless.success, second], [false, true]);
  assert.is(n, 3);
});

test('an invalid DAG rejects with all that is wrong', async () => {
  const graph: Graph = { name: 'bad', nodes: [{ id: 'a', action: 'nope', deps: ['b'] }] };
  for (const attempt of [
    () => executeDagParallel(executor(), graph, new Cache(), 'bad'),
    () => executeWithHooks(executor(), graph, new Cache()),
    () => executeWithHooks(executor(), 'unknown', new Cache()),
  ])
    await attempt().then(
      () => assert.unreachable(),
      (error: unknown) => assert.match((error as Error).name, 'DagError'),
    );
});

const wide: Graph = { name: 'wide', nodes: ['c', 'b', 'a'].map((id) => ({ id, action: 'slow' })) };

test('executeWithHooks stays parallel', async () => {
  const at = new DagExecutor({ registry: new ActionRegistry().register(slow) });
  let most = 0;
  const watch: SupervisorHookV2 = {
    name: 'watch',
    onNodeStart: (ctx) => void (most = Math.max(most, ctx.snapshot().counts.running)),
  };
  const report = await executeWithHooks(at, wide, new Cache(), { hooks: [watch] });
  assert.is(most, 3);
  assert.equal(report.warnings, []);
});

test('executeWithHooks goes one node at a time on request, in order, and says so', async () => {
  const at = new DagExecutor({ registry: new ActionRegistry().register(slow) });
  at.load(wide);
  const order: string[] = [];
  let most = 0;
  const watch: SupervisorHookV2 = {
    name: 'watch',
    onNodeStart: (ctx, { nodeId }) => {
      order.push(nodeId);
      most = Math.max(most, ctx.snapshot().counts.running);
    },
  };
  const report = await executeWithHooks(at, 'wide', new Cache(), { sequential: true, hooks: [watch] });
  assert.is(most, 1);
  assert.equal(order, ['c', 'b', 'a']);
  assert.is(report.warnings.length, 1);
  assert.match(report.warnings[0]!, 'one node at a time');
});

test.run();
