import * as E from '#fp-ts/Either';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagError,
  DagExecutor,
  DagFlowBuilder,
  JsonError,
  action,
  input,
  ref,
  type BackoffStrategy,
  type DagExecutionReport,
  type ErrorHandling,
  type Graph,
  type GraphError,
  type NodeBuilder,
  type NodeSpec,
  type RetryPolicyBuilder,
} from '../../lib/index.js';
import { VirtualTime } from '../../lib/testing/index.js';

const test = suite('DagFlowBuilder');

const node =
  (id: string, type = 'work') =>
  (builder: NodeBuilder): NodeBuilder =>
    builder.id(id).nodeType(type);

/** The only node of a DAG that has no other. */
const only = (configure: (builder: NodeBuilder) => NodeBuilder): NodeSpec =>
  new DagFlowBuilder('d').node(configure).build().nodes[0]!;

const errorsOf = (builder: DagFlowBuilder, registry?: ActionRegistry): readonly GraphError[] => {
  const validated = builder.validate(registry);
  return E.isLeft(validated) ? validated.left : [];
};

const thrownBy = (run: () => unknown): DagError => {
  try {
    run();
  } catch (error) {
    if (error instanceof DagError) return error;
  }
  throw new Error('threw no DagError');
};

const actions = new ActionRegistry().register(
  action('work', ({ nodeId }) => nodeId),
  action('add', ({ inputs: { a, b } }) => a + b),
  action('echo', ({ inputs }) => inputs),
  action('bad', () => {
    throw new Error('no');
  }),
);

/** Runs on virtual time, so that retries take none; gives how long it would have taken as well. */
const runOut = async (graph: Graph, inputs = {}): Promise<DagExecutionReport> => {
  const time = new VirtualTime();
  const run = new DagExecutor({ registry: actions, scheduler: time, random: () => 0.5 }).start(graph, { inputs });
  return time.until(run);
};

const ends = ({ nodeOutcomes }: DagExecutionReport): string =>
  nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`).join(', ');

test("has the defaults of Dagger's builder", () => {
  assert.equal(new DagFlowBuilder('plain').node((builder) => builder).build(), {
    name: 'plain',
    nodes: [{ id: 'generic_1', action: 'generic', tryCount: 4, cache: 'always' }],
    config: {
      maxParallelNodes: 10,
      timeoutMs: 3_600_000,
      maxAttempts: 4,
      retryStrategy: { type: 'Exponential', initialDelayMs: 1_000, maxDelayMs: 60_000, multiplier: 2 },
      onFailure: 'Stop',
    },
  });
});

test('builds what runs to the right values: a diamond', async () => {
  const graph = new DagFlowBuilder('diamond')
    .nodes([
      (builder) =>
        builder
          .id('top')
          .nodeType('add')
          .config({ a: input('a'), b: ref('inputs.b') }),
      (builder) =>
        builder
          .id('left')
          .nodeType('add')
          .config({ a: ref('top'), b: 100 }),
      (builder) =>
        builder
          .id('right')
          .nodeType('echo')
          .config({ sum: { again: [ref('top')] } }),
    ])
    .node((builder) =>
      builder
        .id('bottom')
        .nodeType('add')
        .config({ a: ref('left'), b: ref('right.sum.again[0]') }),
    )
    .dependsOnAll('bottom', ['left', 'right'])
    .build();
  const report = await runOut(graph, { a: 1, b: 2 });
  assert.ok(report.success, report.error);
  assert.equal({ ...report.outputs }, { top: 3, left: 103, right: { sum: { again: [3] } }, bottom: 106 });
});

test('keeps dependencies that are told before their nodes, once each', async () => {
  const graph = new DagFlowBuilder('early')
    .dependsOn('c', 'a')
    .dependsOnAll('c', new Set(['b', 'a']))
    .dependsOn('b', 'a')
    .nodes(['c', 'b', 'a'].map((id) => node(id)))
    .build();
  assert.equal(
    graph.nodes.map(({ id, deps }) => [id, deps]),
    [
      ['c', ['a', 'b']],
      ['b', ['a']],
      ['a', undefined],
    ],
  );
  const { nodeOutcomes } = await runOut({ ...graph, config: { ...graph.config, maxParallelNodes: 1 } });
  assert.ok(nodeOutcomes.every(({ success }) => success));
});

test('tells the DAG what it was told', () => {
  const { nodes, ...graph } = new DagFlowBuilder('MyDag')
    .description('does it')
    .maxExecutionTime(5_000)
    .maxParallelNodes(2)
    .retryPolicy((policy) => policy.maxRetries(0).fixedBackoff().baseDelay(20))
    .errorHandling('ContinueOnError')
    .enableMetrics(true)
    .metadata('team', 'data')
    .metadata('tier', 2)
    .metadata('owners', { first: ['a'] })
    .metadata('team', 'weather')
    .build();
  assert.equal(graph, {
    name: 'MyDag',
    description: 'does it',
    tags: ['team=weather', 'tier=2', 'owners={"first":["a"]}'],
    config: {
      maxParallelNodes: 2,
      timeoutMs: 5_000,
      maxAttempts: 3,
      retryStrategy: { type: 'Linear', delayMs: 20 },
      onFailure: 'Continue',
    },
  });
  assert.equal(nodes, []);
});

test('tells a node what it was told', () => {
  const spec = only((builder) =>
    builder
      .id('n')
      .name('The node')
      .description('does it')
      .nodeType('work')
      .config({ url: 'u', rows: ref('inputs.rows'), first: input('first') })
      .timeout(50)
      .retryPolicy((policy) => policy.maxRetries(1).linearBackoff())
      .cacheable(false)
      .metadata('unit', 'km')
      .metadata('limits', [1, null]),
  );
  assert.equal(spec, {
    id: 'n',
    action: 'work',
    description: 'does it',
    instructions: ['name=The node', 'unit=km', 'limits=[1,null]'],
    inputs: { url: 'u', rows: { $ref: 'inputs.rows' }, first: { $ref: 'inputs.first' } },
    timeoutMs: 50,
    tryCount: 2,
    retry: { type: 'Linear', delayMs: 1_000 },
    cache: 'never',
  });
});

test('calls a node by its id unless it has a name of its own', () => {
  assert.is(only((builder) => builder.id('n')).instructions, undefined);
  assert.is(only((builder) => builder.name('n').id('n')).instructions, undefined);
  assert.equal(only((builder) => builder.name('other').id('n')).instructions, ['name=other']);
});

test('takes null for a config without anything in it', () => {
  assert.equal(only((builder) => builder.config(null)).inputs, {});
  assert.equal(only((builder) => builder.config({ a: 1 }).config({ b: undefined })).inputs, { b: null });
});

const backoffs: Readonly<Record<BackoffStrategy, (policy: RetryPolicyBuilder) => RetryPolicyBuilder>> = {
  Fixed: (policy) => policy.fixedBackoff(),
  Linear: (policy) => policy.linearBackoff(),
  Exponential: (policy) => policy.linearBackoff().exponentialBackoff(),
  ExponentialJitter: (policy) => policy.exponentialBackoffWithJitter(),
};
const delays: Readonly<Record<BackoffStrategy, readonly number[]>> = {
  Fixed: [100, 100, 100, 100],
  Linear: [100, 100, 100, 100],
  Exponential: [100, 200, 300, 300],
  ExponentialJitter: [50, 100, 150, 150], // the executor's chance is always 0.5 here
};
for (const [strategy, shortcut] of Object.entries(backoffs) as [BackoffStrategy, (typeof backoffs)['Fixed']][])
  test(`retries with the backoff ${strategy}`, async () => {
    const retrying = (configure: typeof shortcut): Graph =>
      new DagFlowBuilder('d')
        .retryPolicy((policy) => configure(policy.maxRetries(4).baseDelay(100).maxDelay(300)))
        .node(node('n', 'bad'))
        .build();
    const graph = retrying((policy) => policy.backoff(strategy));
    assert.equal(retrying(shortcut), graph);
    const { nodeOutcomes, durationMs } = await runOut(graph);
    assert.is(nodeOutcomes[0]!.attempts, 5);
    assert.is(
      durationMs,
      delays[strategy].reduce((sum, delay) => sum + delay, 0),
    );
  });

test('never waits longer than maxDelay, with a constant delay neither', () => {
  const { config } = new DagFlowBuilder('d')
    .retryPolicy((policy) => policy.fixedBackoff().baseDelay(500).maxDelay(200))
    .build();
  assert.equal(config!.retryStrategy, { type: 'Linear', delayMs: 200 });
});

test("goes on with the DAG's policy, and begins a node's with the defaults", async () => {
  const graph = new DagFlowBuilder('d')
    .errorHandling('ContinueOnError')
    .retryPolicy((policy) => policy.maxRetries(1))
    .node((builder) => node('own', 'bad')(builder).retryPolicy((policy) => policy.maxRetries(6)))
    .node(node('common', 'bad'))
    .retryPolicy((policy) => policy.fixedBackoff().baseDelay(10))
    .build();
  assert.equal(graph.config!.retryStrategy, { type: 'Linear', delayMs: 10 });
  assert.is(graph.config!.maxAttempts, 7);
  const [own, common] = graph.nodes;
  assert.equal(own!.retry, { type: 'Exponential', initialDelayMs: 1_000, maxDelayMs: 60_000, multiplier: 2 });
  assert.is(common!.retry, undefined);
  const { nodeOutcomes, durationMs, warnings } = await runOut(graph);
  assert.equal(
    nodeOutcomes.map(({ attempts }) => attempts),
    [7, 2],
  );
  assert.is(durationMs, 63_000);
  assert.equal(warnings, []);
});

const handled: readonly (readonly [ErrorHandling, string])[] = [
  ['StopOnError', 'bad failed, after cancelled, apart cancelled, later cancelled'],
  ['ContinueOnError', 'bad failed, after skipped, apart succeeded, later succeeded'],
  ['SkipOnError', 'bad failed, after succeeded, apart succeeded, later succeeded'],
  [{ custom: 'echo' }, 'bad failed, after skipped, apart succeeded, later succeeded, bad.failure succeeded'],
];
for (const [strategy, expected] of handled)
  test(`handles errors by ${JSON.stringify(strategy)}`, async () => {
    const graph = new DagFlowBuilder('d')
      .maxParallelNodes(1)
      .retryPolicy((policy) => policy.maxRetries(0))
      .node(node('bad', 'bad'))
      .node((builder) =>
        builder
          .id('after')
          .nodeType('echo')
          .config({ read: ref('bad') }),
      )
      .node(node('apart'))
      .node(node('later'))
      .dependsOn('later', 'apart')
      .errorHandling(strategy)
      .build();
    const report = await runOut(graph);
    assert.is(ends(report), expected);
    assert.not(report.success);
    assert.equal(report.outputs['after'], strategy === 'SkipOnError' ? { read: null } : undefined);
    if (typeof strategy !== 'object') return;
    const { error } = report.outputs['bad.failure'] as { readonly error: { readonly message: string } };
    assert.is(error.message, 'no');
  });

test('caches nodes that are cacheable, where caching is enabled', () => {
  const caches = (isEnabled: boolean): readonly unknown[] =>
    new DagFlowBuilder('d')
      .nodes([undefined, true, false].map((is) => (builder) => (is === undefined ? builder : builder.cacheable(is))))
      .enableCaching(isEnabled)
      .build()
      .nodes.map(({ cache }) => cache);
  assert.equal(caches(true), ['always', 'always', 'never']);
  assert.equal(caches(false), ['never', 'never', 'never']);
});

const refused: readonly (readonly [string, () => unknown, string])[] = [
  [
    'metrics that are off',
    () => new DagFlowBuilder('d').enableMetrics(false),
    'Metrics are always counted, at no cost; leave enableMetrics(false) out.',
  ],
  [
    'retries of chosen errors',
    () => new DagFlowBuilder('d').retryPolicy((policy) => policy.retryOn(['timeout'])),
    'Failures of every kind are retried; leave retryOn out, or write maxRetries(0) and give the executor the hook retryFailed with its option "when".',
  ],
  ...(
    [
      [-1, '-1'],
      [1.5, '1.5'],
      [NaN, 'NaN'],
      ['2', '"2"'],
    ] as const
  ).map(
    ([retries, what]) =>
      [
        `${what} retries`,
        () => new DagFlowBuilder('d').retryPolicy((policy) => policy.maxRetries(retries as number)),
        `maxRetries is ${what}; write a whole number from 0.`,
      ] as const,
  ),
  [
    'an unknown backoff',
    () => new DagFlowBuilder('d').retryPolicy((policy) => policy.backoff('linear' as never)),
    'There is no backoff "linear"; write one of Fixed, Linear, Exponential, ExponentialJitter.',
  ],
  ...(
    [
      ['Stop', '"Stop"'],
      ['toString', '"toString"'],
      [{ custom: '' }, 'an object'],
      [undefined, 'undefined'],
    ] as const
  ).map(
    ([strategy, what]) =>
      [
        `${what} for an error handling`,
        () => new DagFlowBuilder('d').errorHandling(strategy as never),
        `There is no error handling ${what}; write one of StopOnError, ContinueOnError, SkipOnError, or { custom: 'the name of an action' }.`,
      ] as const,
  ),
  ...(
    [
      ['a list', [1]],
      ['a reference', ref('a.rows')],
      ['a reference', input('x')],
      ['"text"', 'text'],
    ] as const
  ).map(
    ([what, config]) =>
      [
        `${what} for a config`,
        () => only((builder) => builder.config(config as never)),
        `The config of a node becomes its inputs; write an object, not ${what}.`,
      ] as const,
  ),
];
for (const [what, run, message] of refused)
  test(`refuses ${what}`, () => {
    const error = thrownBy(run);
    assert.is(error.type, 'InvalidOptions');
    assert.is(error.message, message);
  });

test('refuses what JSON cannot hold at once', () => {
  const isJsonError = (error: unknown): boolean => error instanceof JsonError;
  for (const bad of [{ f: () => 1 }, { m: new Map() }, new Map()])
    assert.throws(() => only((builder) => builder.config(bad)), isJsonError);
  assert.throws(() => only((builder) => builder.metadata('n', NaN)), isJsonError);
  assert.throws(() => new DagFlowBuilder('d').metadata('n', NaN), isJsonError);
});

test('validate gives the plan of a sound DAG', () => {
  const builder = new DagFlowBuilder('d').nodes([node('b'), node('a')]).dependsOn('b', 'a');
  const validated = builder.validate();
  assert.ok(E.isRight(validated));
  assert.equal([...validated.right.order], [1, 0]);
});

test('validate finds a cycle', () => {
  const [error, ...others] = errorsOf(
    new DagFlowBuilder('d')
      .dependsOn('b', 'a')
      .dependsOn('c', 'b')
      .dependsOn('a', 'c')
      .nodes(['a', 'b', 'c'].map((id) => node(id))),
  );
  assert.is(error!.type, 'Cycle');
  assert.is(error!.path!.length, 4);
  assert.equal(others, []);
});

test('validate finds dependencies on and of nodes that are not there', () => {
  const builder = new DagFlowBuilder('d').node(node('load')).dependsOn('load', 'laod').dependsOn('loud', 'load');
  assert.equal(errorsOf(builder), [
    {
      type: 'UnknownDependency',
      message: 'Node "loud" of dependsOn is not defined; did you mean "load"?',
      node: 'loud',
    },
    {
      type: 'UnknownDependency',
      message: 'Node "load" depends on "laod", which is not defined.',
      node: 'load',
      path: ['nodes[0].deps[0]'],
    },
  ]);
});

test('validate tells at most 100 lost nodes, and how many more there are', () => {
  const builder = new DagFlowBuilder('d');
  for (let i = 0; i < 1_000; i++) builder.dependsOn(`lost${i}`, 'x');
  const errors = errorsOf(builder);
  assert.is(errors.length, 100);
  assert.is(errors.at(-1)!.message, 'There are 901 more errors; mend these first.');
});

test('validate finds empty ids and node types, and ids that are given twice', () => {
  const typesOf = (builder: DagFlowBuilder): readonly string[] =>
    errorsOf(builder).map(({ type, node: id }) => `${type} ${JSON.stringify(id)}`);
  assert.equal(typesOf(new DagFlowBuilder('d').node(node(''))), ['MalformedId ""']);
  assert.equal(typesOf(new DagFlowBuilder('d').node(node('a', ''))), ['UnknownAction "a"']);
  assert.equal(typesOf(new DagFlowBuilder('d').nodes([node('a'), node('b'), node('a')])), ['DuplicateId "a"']);
  assert.equal(typesOf(new DagFlowBuilder('')), ['Malformed undefined']);
});

test('validate tells unknown actions where a registry is given', () => {
  const builder = new DagFlowBuilder('d').nodes([node('a', 'wrok'), node('b'), node('c', 'human.input')]);
  assert.equal(errorsOf(builder), []);
  assert.equal(
    errorsOf(builder, actions).map(({ message }) => message),
    ['Node "a" has the unknown action "wrok"; did you mean "work"?'],
  );
});

test('validate tells numbers that are out of range', () => {
  const builder = new DagFlowBuilder('d')
    .maxParallelNodes(0)
    .maxExecutionTime(-1)
    .node((one) => node('a')(one).timeout(0));
  assert.equal(
    errorsOf(builder).map(({ type }) => type),
    ['InvalidNumber', 'InvalidNumber', 'InvalidNumber'],
  );
});

test('build throws all that validate finds', () => {
  const builder = new DagFlowBuilder('d')
    .nodes([node('a'), node('a')])
    .dependsOn('b', 'a')
    .dependsOn('a', 'c');
  const error = thrownBy(() => builder.build());
  assert.is(error.type, 'InvalidDag');
  assert.is(error.message.split('\n').length, 4);
  assert.equal(error.errors, errorsOf(builder));
  assert.is(thrownBy(() => new DagFlowBuilder('d').node(node('a', 'wrok')).build(actions)).type, 'InvalidDag');
});

test('build gives frozen data, which later calls do not change', () => {
  const config = { rows: [1] };
  let kept: NodeBuilder | undefined;
  const builder = new DagFlowBuilder('d')
    .metadata('k', 1)
    .node((one) => (kept = node('a')(one).config(config).metadata('k', 1)))
    .node(node('b'))
    .dependsOn('b', 'a');
  config.rows.push(2);
  const graph = builder.build();
  const text = JSON.stringify(graph);
  assert.equal(graph.nodes[0]!.inputs, { rows: [1] });
  const isFrozen = (value: unknown): boolean =>
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));
  assert.ok(isFrozen(graph));

  config.rows.push(3);
  kept!.id('z').metadata('k', 2);
  const later = builder
    .description('later')
    .metadata('k', 2)
    .maxExecutionTime(1)
    .maxParallelNodes(1)
    .retryPolicy((policy) => policy.maxRetries(9).fixedBackoff())
    .errorHandling('SkipOnError')
    .enableCaching(false)
    .node(node('c'))
    .dependsOn('b', 'c')
    .build();
  assert.is(JSON.stringify(graph), text);
  assert.equal(
    later.nodes.map(({ id, deps, onFailure, cache, tryCount }) => [id, deps, onFailure, cache, tryCount]),
    [
      ['a', undefined, 'continue', 'never', 10],
      ['b', ['a', 'c'], 'continue', 'never', 10],
      ['c', undefined, 'continue', 'never', 10],
    ],
  );
});

test('builds 50,000 nodes in linear time', () => {
  const started = performance.now();
  const builder = new DagFlowBuilder('long');
  for (let i = 1; i < 50_000; i++) builder.dependsOn(`n${i}`, `n${i - 1}`);
  for (let i = 0; i < 50_000; i++) builder.node(node(`n${i}`));
  assert.is(builder.build().nodes.length, 50_000);
  assert.ok(performance.now() - started < 10_000);
});

test.run();
