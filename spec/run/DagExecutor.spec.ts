import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  Cache,
  DagError,
  DagExecutor,
  action,
  addNode,
  type Hook,
  type RunOptions,
} from '../../lib/index.js';
import { fail, labSuite, realExecutor, specs, type Lab } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('DagExecutor');

const graph = (name: string, ...nodes: readonly string[]) => ({ name, nodes: specs(nodes) });

test('keeps what it has loaded under its name, case included', async (lab) => {
  const executor = lab.executor();
  executor.load(graph('Mine', 'a'));
  executor.load(graph('mine', 'a', 'b'));
  assert.equal([...executor.state.graphs.keys()], ['Mine', 'mine']);
  assert.is((await lab.time.until(executor.start('Mine'))).nodeOutcomes.length, 1);
  assert.is((await lab.time.until(executor.start('mine'))).nodeOutcomes.length, 2);
});

test('replaces a graph that is loaded again, unless the new one is invalid', async (lab) => {
  const executor = lab.executor();
  executor.load(graph('g', 'a'));
  const running = executor.start('g');
  executor.load(graph('g', 'a', 'b'));
  assert.is(executor.load(graph('g', 'a: b', 'b: a'))._tag, 'Left');
  assert.is((await lab.time.until(executor.start('g'))).nodeOutcomes.length, 2);
  assert.is((await lab.time.until(running)).nodeOutcomes.length, 1);
});

test('throws a DagError for an unknown DAG, with the nearest name', (lab) => {
  const executor = lab.executor();
  executor.load(graph('weather', 'a'));
  assert.throws(
    () => executor.start('wether'),
    (error: DagError) => error instanceof DagError && error.type === 'UnknownDag' && error.message.includes('weather'),
  );
});

test('runs several graphs at once, each with a log, cache and limits of its own', async (lab) => {
  const executor = lab.executor({ does: { '*': 5 } });
  const runs = [1, 2, 3].map((i) => executor.start(graph(`g${i}`, 'a', 'b: a'), { config: { maxParallelNodes: 1 } }));
  for (const run of runs) {
    const report = await lab.time.until(run);
    assert.is(report.durationMs, 10);
    assert.is(report.dagName, run.dagName);
  }
  assert.is(new Set(runs.map(({ runId }) => runId)).size, 3);
});

test('takes hooks of its own before those of the run, and data of the run before its own', async (lab) => {
  const order: string[] = [];
  const hook = (name: string): Hook => ({
    name,
    onStart: (ctx) => void order.push(`${name} ${ctx.appData as string}`),
  });
  const options = { hooks: [hook('executor')], appData: 'executor' };
  await lab.finish(['a'], { hooks: [hook('run')], appData: 'run', executor: options });
  await lab.finish(['a'], { executor: options });
  assert.equal(order, ['executor run', 'run run', 'executor executor']);
});

test('gives inputs to references, and none without', async (lab) => {
  const { report } = await lab.finish([node('a', { inputs: { x: { $ref: 'inputs.x' } } })], {
    inputs: { x: [1] },
    does: { a: ({ inputs }) => inputs },
  });
  assert.equal(report.outputs['a'], { x: [1] });
});

const wrong: Readonly<Record<string, RunOptions>> = {
  'inputs that are no JSON': { inputs: { x: (() => 1) as never } },
  'inputs that are a list': { inputs: [1] as never },
  'an empty runId': { runId: '' },
  'a runId that is no text': { runId: 7 as never },
  'a signal that is none': { signal: 7 as never },
  'a cache that is none': { cache: {} as never },
  'hooks that are no list': { hooks: {} as never },
  'a hook that is none': { hooks: [7 as never] },
  'no options at all': null as never,
};

for (const [what, options] of Object.entries(wrong))
  test(`throws a DagError for ${what}`, (lab) => {
    const executor = lab.executor();
    assert.throws(
      () => executor.start(graph('g', 'a'), options),
      (error: unknown) => error instanceof DagError,
    );
    let error: unknown;
    executor.execute$(graph('g', 'a'), options).subscribe({ error: (e: unknown) => (error = e) });
    assert.instance(error, DagError);
  });

test('throws a DagError for options of its own that are none', () => {
  const registry = new ActionRegistry();
  for (const options of [
    null,
    {},
    { registry: 7 },
    { registry, scheduler: 7 },
    { registry, store: 7 },
    { registry, hooks: 7 },
    { registry, config: 7 },
  ])
    assert.throws(
      () => new DagExecutor(options as never),
      (error: unknown) => error instanceof DagError,
      JSON.stringify(options),
    );
});

test('writes outputs to a given cache, and to one of its own otherwise', async (lab) => {
  const cache = new Cache();
  await lab.finish(['obj', 'text', 'list'], { cache, does: { obj: () => ({ n: 1, m: [2] }), list: () => [3] } });
  assert.equal(JSON.parse(JSON.stringify(cache)), {
    obj: { n: { value: 1 }, m: { value: [2] } },
    text: { value: { value: 'text' } },
    list: { value: { value: [3] } },
  });
  const seen: unknown[] = [];
  const executor = lab.executor({
    does: { a: ({ cache: own }) => (seen.push(own.getInput('x', 'y')), own.insertValue('x', 'y', 1)) },
  });
  for (let i = 0; i < 2; i++) await lab.time.until(executor.start(graph('g', 'a')));
  assert.equal(seen, [undefined, undefined]);
});

test('executeStaticDag runs a loaded DAG with a cache that holds inputs and gets outputs', async () => {
  const executor = realExecutor({ registry: new ActionRegistry().register(action('echo', ({ inputs }) => inputs)) });
  executor.load({ name: 'g', nodes: [{ id: 'a', action: 'echo', inputs: { x: { $ref: 'inputs.x' } } }] });
  const cache = new Cache();
  cache.insertValue('inputs', 'x', 7);
  const report = await executor.executeStaticDag('g', cache);
  assert.ok(report.overallSuccess);
  assert.is(cache.getInput('a', 'x'), 7);
  assert.is((await executor.executeStaticDag('g', cache, AbortSignal.abort())).status, 'cancelled');
  const error = await executor.executeStaticDag('nobody').then(
    () => undefined,
    (e: unknown) => e,
  );
  assert.instance(error, DagError);
});

const agent = (
  hooks: readonly Hook[],
  execute: (ctx: { nodeId: string; inputs: any }) => unknown = ({ nodeId }) => nodeId,
  config = {},
): DagExecutor =>
  new DagExecutor({ registry: new ActionRegistry().register(action('supervisor_step', execute)), hooks, config });

test('executeAgentDag runs one supervisor_step with the task, and what hooks add', async () => {
  let task: unknown;
  const hook: Hook = {
    name: 'planner',
    onNodeComplete: (_, { nodeId }) =>
      nodeId.length < 20 ? addNode({ id: `${nodeId}x`, action: 'supervisor_step', deps: [nodeId] }) : undefined,
  };
  const report = await agent([hook], ({ inputs }) => (task ??= inputs.task)).executeAgentDag('write a poem');
  assert.is(task, 'write a poem');
  assert.is(report.dagName, 'write a poem');
  assert.ok(report.success);
  assert.is(report.nodeOutcomes[0]!.nodeId, 'supervisor_start');
  assert.ok(report.nodeOutcomes.length > 3);
});

test('executeAgentDag needs the action supervisor_step', async () => {
  const error = await realExecutor()
    .executeAgentDag('x')
    .then(
      () => undefined,
      (e: unknown) => e,
    );
  assert.instance(error, DagError);
});

test('ends a supervisor after maxIterations; ordinary nodes do not count', async (lab) => {
  const step = action('supervisor_step', () => 1);
  let added = 0;
  const hook: Hook = {
    name: 'planner',
    onNodeComplete: (_, { nodeId }) =>
      nodeId.startsWith('s') && added++ < 20
        ? [addNode({ id: `s${added}`, action: 'supervisor_step' }), addNode(node(`w${added}`))]
        : undefined,
  };
  const { report, log } = await lab.finish([{ id: 's', action: 'supervisor_step' }], {
    actions: [step],
    hooks: [hook],
    config: { maxIterations: 4 },
  });
  const steps = log.ofType('NodeSucceeded').filter(({ nodeId }) => nodeId.startsWith('s'));
  assert.is(steps.length, 4);
  assert.is(log.ofType('NodeSucceeded').length, 8);
  assert.not(report.success);
  assert.match(
    report.nodeOutcomes.find(({ status }) => status === 'failed')!.finalError!.message,
    'Maximum iterations (4) reached',
  );
});

test('does not take a retry of a supervisor for an iteration', async (lab) => {
  const step = action('supervisor_step', ({ attempt }) => (attempt < 3 ? fail()({} as never) : 1));
  const { report } = await lab.finish(
    [{ id: 's', action: 'supervisor_step', tryCount: 3, retry: { type: 'Immediate' } }],
    { actions: [step], config: { maxIterations: 1 } },
  );
  assert.ok(report.success);
});

test('shows what is shared, frozen, and its state as a view', async (lab) => {
  const executor = lab.executor({ does: {}, executor: { config: { graceMs: 7 } } });
  const { shared } = executor;
  assert.is(shared.config.graceMs, 7);
  assert.ok(Object.isFrozen(shared));
  assert.is(shared.store, lab.store);
  executor.load(graph('g', 'a', 'b: a'));
  assert.is(executor.state.executionTrees.size, 0);
  await lab.time.until(executor.start('g'));
  const { graphs, executionTrees } = executor.state;
  assert.equal([...graphs.keys()], ['g']);
  assert.equal(executionTrees.get('g')!.edges, [{ parent: 'a', child: 'b', label: 'executed_after' }]);
  (graphs as Map<string, unknown>).clear();
  assert.is(executor.state.graphs.size, 1);
});

const settled = async (lab: Lab, options: RunOptions): Promise<readonly string[]> => {
  const said: string[] = [];
  lab
    .executor({ does: { '*': 5 } })
    .execute$(graph('g', 'a'), options)
    .subscribe({ next: ({ status }) => said.push(status), complete: () => said.push('complete') });
  await lab.pass(50);
  return said;
};

test('execute$ gives one report and completes', async (lab) => {
  assert.equal(await settled(lab, {}), ['succeeded', 'complete']);
  assert.equal(await settled(lab, { signal: AbortSignal.abort() }), ['cancelled', 'complete']);
});

test.bare('execute$ emits within the call that ends its last Observable action', (lab) => {
  const said: string[] = [];
  lab
    .executor({ does: { '*': 5 } })
    .execute$(graph('g', 'a'))
    .subscribe(({ status }) => said.push(status));
  lab.time.advanceBy(4);
  assert.equal(said, []);
  lab.time.advanceBy(1);
  assert.equal(said, ['succeeded']);
});

test.run();
