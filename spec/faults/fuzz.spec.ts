import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DagError,
  DagExecutor,
  addNode,
  type ExecutorCommand,
  type ExecutionEvent,
  type Graph,
  type RunOptions,
} from '../../lib/index.js';
import { bomb, registryOf, sleep, sound, strays, turns, within } from './play.js';
import { firstSeed } from '../simulation/seeds.js';

// Random graphs, options and commands, sound and unsound: a typed answer, a sound log, a living process.
const test = suite('faults: fuzz');

const seed = Number(process.env['RXDAG_FUZZ_SEED'] ?? firstSeed());
console.log(`fuzz seed ${seed} (RXDAG_FUZZ_SEED)`);

/** Stands for an object that throws when it is touched: fast-check itself would set it off. */
const BOMB = 'a bomb';
const arm = (value: unknown): unknown => {
  if (value === BOMB) return bomb();
  if (typeof value !== 'object' || value === null) return value;
  const copied: object = Array.isArray(value) ? new Array(value.length) : Object.create(Object.getPrototypeOf(value));
  for (const key of Object.keys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key)!;
    Object.defineProperty(copied, key, { ...property, value: arm(property.value) });
  }
  return copied;
};

const ids = ['a', 'b', 'c', 'a.b', 'a[0]', 'a/b', 'a.failure', '__proto__', 'constructor', 'then', ''];
const id = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ids) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20, unit: 'binary' }) },
);
const odd = fc.oneof(
  fc.constantFrom(null, undefined, NaN, Infinity, -1, 0, 1.5, 2 ** 31, '', 'x', [], {}, true),
  fc.constant(10n),
  fc.func(fc.nat()),
  fc.anything({ maxDepth: 3 }),
  fc.constant(BOMB),
);
/** Mostly the value, now and then anything. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary }, { weight: 1, arbitrary: odd });
const json = fc.jsonValue({ maxDepth: 3 });
const reference = fc.oneof(
  fc.record({
    $ref: fc.oneof(
      id,
      id.map((text) => `${text}.x[0]`),
      fc.constant('inputs.list'),
      fc.constant('inputs.x.y'),
    ),
  }),
  fc.record({ $ref: fc.constant(''), node: id, path: fc.array(fc.oneof(fc.string(), fc.nat(3)), { maxLength: 2 }) }),
  fc.record({ $literal: json }),
);
const inputs = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.oneof(json, reference), {
  maxKeys: 3,
});
const retry = fc.oneof(
  fc.constant({ type: 'Immediate' }),
  fc.record({ type: fc.constant('Linear'), delayMs: fc.nat(3) }),
);

const spec = fc.record(
  {
    id: mostly(id),
    action: mostly(fc.constantFrom('work', 'async', 'fails', 'throws', 'streams', 'human.input', 'dag', 'nothing')),
    deps: mostly(fc.array(id, { maxLength: 2 })),
    inputs: mostly(fc.oneof(inputs, fc.constant({ dag: 'inner', inputs: { list: [1] } }))),
    runIf: mostly(fc.constantFrom('allSucceeded', 'anySucceeded', 'allDone')),
    when: mostly(reference),
    forEach: mostly(fc.oneof(fc.constant({ $ref: 'inputs.list' }), reference)),
    branch: mostly(id),
    priority: mostly(fc.integer({ min: -2, max: 2 })),
    pool: mostly(fc.constantFrom('p', 'q')),
    timeoutMs: mostly(fc.integer({ min: 1, max: 20 })),
    tryCount: mostly(fc.integer({ min: 1, max: 4 })),
    retry: mostly(retry),
    onFailure: mostly(fc.constantFrom('skipDependents', 'continue')),
    failureAction: mostly(fc.constantFrom('work', 'fails', '', 'nothing')),
    cache: mostly(fc.constantFrom('never', 'always')),
  },
  { requiredKeys: ['action'] },
);
const nodeId = mostly(id);
const command: fc.Arbitrary<unknown> = mostly(
  fc.oneof(
    fc.record({ type: fc.constant('AddNode'), spec: mostly(spec) }),
    fc.record({ type: fc.constant('AddNodes'), specs: mostly(fc.array(spec, { maxLength: 3 })) }),
    fc.record({ type: fc.constantFrom('RemoveNode', 'RetryNode', 'SkipNode'), nodeId }),
    fc.record({ type: fc.constant('SkipNode'), nodeId, reason: mostly(fc.string()), output: mostly(json) }),
    fc.record({ type: fc.constant('AddDependency'), from: nodeId, to: nodeId }),
    fc.record({ type: fc.constant('SetNodeInputs'), nodeId, inputs: mostly(inputs) }),
    fc.record({ type: fc.constant('ProvideInput'), nodeId, value: mostly(json) }),
    fc.record({ type: fc.constantFrom('PauseBranch', 'ResumeBranch', 'CancelBranch'), branchId: nodeId }),
    fc.record({ type: fc.constantFrom('PauseRun', 'ResumeRun', 'CancelRun') }),
    fc.record({ type: fc.constant('SetConcurrency'), maxParallelNodes: mostly(fc.integer({ min: 1, max: 4 })) }),
    fc.record({ type: fc.constant('SetPriority'), nodeId, priority: mostly(fc.integer()) }),
    fc.record({
      type: fc.constant('UpdateMetrics'),
      metrics: mostly(fc.dictionary(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
    }),
    fc.record({ type: fc.constant('EmitEvent'), name: mostly(fc.string()), payload: mostly(json) }),
  ),
);
const config = mostly(
  fc.record(
    {
      maxParallelNodes: mostly(fc.integer({ min: 1, max: 3 })),
      enableParallelExecution: mostly(fc.boolean()),
      onFailure: mostly(fc.constantFrom('Continue', 'Stop')),
      pools: mostly(fc.constant({ p: 1 })),
      redact: mostly(fc.array(fc.constantFrom('*', 'x', '*list*'), { maxLength: 1 })),
      retryStrategy: mostly(retry),
    },
    { requiredKeys: [] },
  ),
);
const graph = mostly(
  fc.record(
    {
      name: mostly(fc.constantFrom('test', 'Test', '__proto__')),
      nodes: mostly(fc.array(mostly(spec), { maxLength: 6 })),
      config,
    },
    { requiredKeys: ['name', 'nodes'] },
  ),
);

const registry = registryOf({
  actions: {
    async: async ({ inputs }) => ({ x: [inputs] }),
    fails: async () => Promise.reject(new Error('it fails')),
    throws: () => {
      throw undefined;
    },
    streams: async function* () {
      yield 1;
      yield { x: [2] };
    },
  },
});
const limits = { graceMs: 5, hookTimeoutMs: 20, timeoutMs: 2_000, maxNodes: 200 };
const executor = new DagExecutor({ registry, config: limits });
executor.load({
  name: 'inner',
  nodes: [
    { id: 'a', action: 'work', inputs: { x: { $ref: 'inputs.list' } } },
    { id: 'b', action: 'work', deps: ['a'] },
  ],
});

/** Runs a property; nothing may go astray on the way. */
const check = async (property: fc.IAsyncProperty<unknown>, numRuns: number): Promise<void> => {
  let told: unknown;
  const found = await strays(async () => {
    await Promise.resolve(
      fc.assert(property, { seed, numRuns, endOnFailure: true, includeErrorInReport: true } as fc.Parameters<unknown>),
    ).catch((error: unknown) => void (told = error));
  });
  if (told !== undefined) throw told;
  assert.is(found.length, 0, `${found.length} errors went astray`);
};

const one = async (plan: unknown, asked: readonly unknown[], more: object): Promise<void> => {
  const [given, commands, options] = arm([plan, asked, more]) as [unknown, readonly unknown[], RunOptions];
  let run;
  try {
    run = executor.start(given as Graph, options);
  } catch (error) {
    assert.instance(error, DagError);
    assert.is(executor.load(given as Graph)._tag === 'Left' || (error as DagError).type === 'InvalidOptions', true);
    return;
  }
  const events: ExecutionEvent[] = [];
  run.event$.subscribe((event) => events.push(event));
  for (const [i, each] of commands.entries()) {
    if (i % 3 === 0) await turns(i);
    const answer = run.dispatch(each as ExecutorCommand);
    if (i % 2 === 0) continue;
    const { _tag } = await within(2_000, answer, () => 'the answer to a command');
    assert.ok(_tag === 'Left' || _tag === 'Right');
  }
  await Promise.race([run.report, sleep(6)]);
  const report = await within(5_000, run.cancel(), () => `the end: ${JSON.stringify(run.snapshot.counts)}`);
  sound(run, events);
  assert.is(report.success, report.status === 'succeeded');
  assert.is(
    report.nodeOutcomes.some(({ status }) => !/succeeded|failed|skipped|cancelled/.test(status)),
    false,
  );
};

test('2,000 graphs and what is asked of their runs', () =>
  check(
    fc.asyncProperty(graph, fc.array(command, { maxLength: 12 }), (given, commands) =>
      one(given, commands, { inputs: { list: [1, 2], x: { y: 1 } } }),
    ),
    2_000,
  ));

const sureIds = ['a', 'b', 'c', 'a.b', '__proto__', 'then'];
/** A node that is sound where those before it are there; `n` is how many those are. */
const sureNode = (n: number): fc.Arbitrary<object> => {
  const before = fc.constantFrom(...sureIds.slice(0, Math.max(n, 1)));
  const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
  return fc.record({
    id: fc.constant(sureIds[n]),
    action: fc.constantFrom('work', 'async', 'async', 'fails', 'throws', 'streams', 'human.input', 'dag'),
    deps: n === 0 ? fc.constant([]) : fc.uniqueArray(before, { maxLength: 2 }),
    inputs: fc.constant({ dag: 'inner', inputs: { list: [1] } }),
    runIf: some(fc.constantFrom('anySucceeded', 'allDone')),
    when: n === 0 ? fc.constant(undefined) : some(before.map((node) => ({ $ref: '', node, path: [] }))),
    forEach: some(fc.constant({ $ref: 'inputs.list' })),
    branch: some(fc.constantFrom('red', 'a', 'then')),
    priority: some(fc.integer({ min: -1, max: 1 })),
    pool: some(fc.constant('p')),
    timeoutMs: some(fc.integer({ min: 1, max: 5 })),
    tryCount: some(fc.integer({ min: 2, max: 3 })),
    retry: fc.constant({ type: 'Immediate' }),
    onFailure: some(fc.constant('continue')),
    failureAction: some(fc.constantFrom('work', 'fails')),
  });
};
const sureGraph = fc
  .integer({ min: 1, max: sureIds.length })
  .chain((size) => fc.tuple(...sureIds.slice(0, size).map((_, n) => sureNode(n))));
const anyNode = fc.constantFrom(...sureIds, 'a[0]', 'b[1]', 'a/a', 'then/b', 'a.failure', 'new');
const sureCommand = fc.oneof(
  fc.record({ type: fc.constantFrom('RetryNode', 'RetryNode', 'SkipNode', 'RemoveNode'), nodeId: anyNode }),
  fc.record({ type: fc.constant('SkipNode'), nodeId: anyNode, output: json }),
  fc.record({
    type: fc.constantFrom('PauseBranch', 'ResumeBranch', 'CancelBranch'),
    branchId: fc.oneof(anyNode, fc.constant('red')),
  }),
  fc.record({ type: fc.constantFrom('PauseRun', 'ResumeRun', 'ResumeRun') }),
  fc.record({ type: fc.constant('ProvideInput'), nodeId: anyNode, value: json }),
  fc.record({
    type: fc.constant('AddNode'),
    spec: sureNode(sureIds.length - 1).map((node) => ({ ...node, id: 'new' })),
  }),
  fc.record({
    type: fc.constant('AddNode'),
    spec: fc.record({ action: fc.constantFrom('work', 'fails'), deps: fc.uniqueArray(anyNode, { maxLength: 2 }) }),
  }),
  fc.record({ type: fc.constant('AddDependency'), from: anyNode, to: anyNode }),
  fc.record({
    type: fc.constant('SetNodeInputs'),
    nodeId: anyNode,
    inputs: fc.record({ x: fc.record({ $ref: anyNode }) }),
  }),
  fc.record({ type: fc.constant('SetConcurrency'), maxParallelNodes: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('SetPriority'), nodeId: anyNode, priority: fc.integer({ min: -2, max: 2 }) }),
);
const sureHook = fc.record({
  on: fc.constantFrom(
    'RunStarted',
    'NodeStarted',
    'NodeSucceeded',
    'NodeFailed',
    'NodeSkipped',
    'NodeWaiting',
    'RunQuiescent',
  ),
  nth: fc.integer({ min: 1, max: 3 }),
  commands: fc.array(sureCommand, { minLength: 1, maxLength: 3 }),
  isLate: fc.boolean(),
  gate: fc.constantFrom(undefined, 'proceed', { inputs: { x: 1 } }, { skip: 'by a gate' }, { fail: 'by a gate' }),
});

test('1,000 sound graphs under commands of users, hooks and gates', () =>
  check(
    fc.asyncProperty(
      sureGraph,
      fc.array(sureCommand, { maxLength: 8 }),
      fc.array(sureHook, { maxLength: 2 }),
      fc.constantFrom('Continue', 'Pause', 'Stop'),
      async (nodes, commands, hooks, onFailure) => {
        const made = hooks.map(({ on, nth, commands: answer, isLate, gate }) => {
          let seen = 0;
          return {
            onEvent: (_: unknown, { type }: ExecutionEvent) =>
              type !== on || ++seen !== nth ? undefined : isLate ? sleep(1).then(() => answer) : answer,
            ...(gate === undefined ? {} : { beforeNodeStart: () => (isLate ? sleep(1).then(() => gate) : gate) }),
          };
        });
        await one({ name: 'test', nodes, config: { pools: { p: 1 }, onFailure } }, commands, {
          inputs: { list: [1, 2] },
          hooks: made.map((hook, i) => ({ name: `h${i}`, ...hook })),
        });
      },
    ),
    1_000,
  ));

test('2,000 commands of hooks', () =>
  check(
    fc.asyncProperty(
      fc.array(command, { maxLength: 8 }),
      fc.array(command, { maxLength: 3 }),
      fc.constantFrom('onStart', 'onNodeComplete', 'onNodeFailed', 'onComplete'),
      async (answer, dispatched, method) => {
        let left = 3;
        const hook = { name: 'h', [method]: () => (left-- > 0 ? answer : undefined) };
        const nodes = [
          { id: 'a', action: 'async' },
          { id: 'b', action: 'fails', deps: ['a'] },
          { id: 'c', action: 'work' },
        ];
        await one({ name: 'test', nodes }, dispatched, { hooks: [hook as never] });
      },
    ),
    400,
  ));

test('1,000 options', () =>
  check(
    fc.asyncProperty(
      fc.record(
        { inputs: odd, runId: odd, config: fc.oneof(config, odd), hooks: odd, signal: odd, cache: odd, appData: odd },
        { requiredKeys: [] },
      ),
      (options) =>
        one({ name: 'test', nodes: [{ id: 'a', action: 'work' }] }, [addNode({ id: 'b', action: 'work' })], options),
    ),
    1_000,
  ));

test.run();
