import { inspect } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagError,
  DagExecutor,
  action,
  compile,
  memoryStore,
  type DagConfig,
  type Graph,
} from '../../lib/index.js';
import { fail, specs } from '../support/executor.js';
import { bomb, chain, play, registryOf, tidy } from './play.js';

// Definitions, settings and options that are not what they should be: a typed answer, never a raw exception.
const test = suite('faults: input');

const boom = fail('boom') as () => never;
const deep = (levels = 100_000): any => {
  let nested: unknown = null;
  for (let i = 0; i < levels; i++) nested = { nested };
  return nested;
};
const loop: Record<string, unknown> = {};
loop['loop'] = loop;
const reading = (key: string, rest: object = {}): object =>
  Object.defineProperty({ ...rest }, key, { enumerable: true, get: boom });
const one = (node: object): object => ({ name: 'test', nodes: [{ action: 'work', ...node }] });

const graphs: Readonly<Record<string, unknown>> = {
  null: null,
  undefined: undefined,
  '42': 42,
  'a list': [],
  'a function': boom,
  'a symbol': Symbol('s'),
  'a proxy that throws': bomb(),
  'an empty object': {},
  'no name': { nodes: [] },
  'a number for a name': { name: 5, nodes: [] },
  'an empty name': { name: '', nodes: [] },
  'a name with NUL': { name: 'a\0b', nodes: [] },
  'a name that throws': reading('name', { nodes: [] }),
  'nodes that throw': reading('nodes', { name: 'test' }),
  'nodes as text': { name: 'test', nodes: 'abc' },
  'nodes as an object': { name: 'test', nodes: { length: 1 } },
  'nodes as a proxy that throws': { name: 'test', nodes: bomb() },
  'nodes that are none': { name: 'test', nodes: [null, 42, 'x', [], undefined, boom] },
  'a node as a proxy that throws': { name: 'test', nodes: [bomb()] },
  'holes among nodes': { name: 'test', nodes: [, { action: 'work' }, ,] },
  'no action': { name: 'test', nodes: [{ id: 'a' }] },
  'an unknown key': one({ dependencies: ['a'] }),
  'an own __proto__': JSON.parse('{"name":"test","nodes":[{"action":"work","__proto__":{"id":"a"}}]}'),
  'deps as text': one({ deps: 'abc' }),
  'deps that are none': one({ deps: [1, null, {}] }),
  'deep inputs': one({ inputs: { deep: deep() } }),
  'circular inputs': one({ inputs: loop }),
  'inputs with a function': one({ inputs: { f: boom } }),
  'inputs with NaN': one({ inputs: { n: NaN } }),
  'inputs with a bigint': one({ inputs: { n: 1n } }),
  'inputs with a Map': one({ inputs: { m: new Map() } }),
  'inputs that throw': one({ inputs: reading('x') }),
  'inputs as a list': one({ inputs: [1] }),
  'an item of your own': one({ item: 1, index: 0, parent: 'x' }),
  'an unknown rule': one({ runIf: 'sometimes' }),
  'a config that is none': { name: 'test', nodes: [], config: 42 },
  'a config with an unknown key': { name: 'test', nodes: [], config: { maxParallel: 3 } },
};

for (const [what, graph] of Object.entries(graphs)) {
  test(`load answers ${what} with what is wrong`, () => {
    const { executor, run } = play(['a']);
    void run.cancel();
    const before = performance.now();
    const loaded = executor.load(graph as Graph);
    assert.ok(loaded._tag === 'Left');
    assert.ok(loaded.left.length > 0 && loaded.left.length <= 100);
    for (const { type, message } of loaded.left)
      assert.ok(type.length > 0 && message.length > 0 && message.length < 1_000);
    assert.ok(performance.now() - before < 1_000);
  });

  test(`start throws a DagError for ${what}`, () => {
    const executor = new DagExecutor({ registry: registryOf({}) });
    assert.throws(
      () => executor.start(graph as Graph),
      (error: unknown) => error instanceof DagError && error.type === 'InvalidDag' && error.errors!.length > 0,
    );
  });
}

test('a text that names no DAG is unknown, whatever it is', () => {
  const executor = new DagExecutor({ registry: registryOf({}) });
  for (const name of ['', '__proto__', 'constructor', 'toString', '\0', 'x'.repeat(1_000_000)])
    assert.throws(
      () => executor.start(name),
      (error: unknown) => error instanceof DagError && error.type === 'UnknownDag' && error.message.length < 1_000,
    );
});

test('execute$ tells the same as an error', () => {
  const executor = new DagExecutor({ registry: registryOf({}) });
  for (const graph of ['nowhere', null, {}, bomb()]) {
    let told: unknown;
    executor.execute$(graph as Graph).subscribe({ next: () => assert.unreachable(), error: (error) => (told = error) });
    assert.instance(told, DagError);
  }
});

// ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const numbers = {
  NaN: NaN,
  Infinity: Infinity,
  '-1': -1,
  '1.5': 1.5,
  '2^31': 2 ** 31,
  '1e999': 1e999,
  'a text': '3',
  null: null,
  true: true,
  'a bigint': 3n,
};
type Wrong = keyof typeof numbers;
const always: readonly Wrong[] = ['NaN', 'Infinity', '-1', '1e999', 'a text', 'null', 'true', 'a bigint'];
const durations: readonly Wrong[] = [...always, '2^31'];
const counts: readonly Wrong[] = [...always, '1.5'];

const ofNode: Readonly<Record<string, readonly Wrong[]>> = {
  timeoutMs: durations,
  idleTimeoutMs: durations,
  estimateMs: durations,
  tryCount: counts,
  priority: always.filter((what) => what !== '-1'),
};
const ofConfig: Partial<Record<keyof DagConfig, readonly Wrong[]>> = {
  maxParallelNodes: counts,
  maxAttempts: counts,
  maxInterruptions: counts,
  timeoutMs: durations,
  graceMs: durations,
  hookTimeoutMs: durations,
  hookBacklog: counts,
  commandBudget: counts,
  maxNodes: counts,
  maxIterations: counts,
  humanWaitMs: durations.filter((what) => what !== 'null'),
  historyEvents: counts,
};
const retries: readonly unknown[] = [
  { type: 'Linear' },
  { type: 'Bogus' },
  'Immediate',
  ...durations.map((what) => ({ type: 'Linear', delayMs: numbers[what] })),
  ...['initialDelayMs', 'maxDelayMs', 'multiplier'].flatMap((key) =>
    always.map((what) => ({
      type: 'Exponential',
      initialDelayMs: 1,
      maxDelayMs: 2,
      multiplier: 2,
      [key]: numbers[what],
    })),
  ),
  ...[-0.1, 1.1, NaN].map((jitter) => ({
    type: 'Exponential',
    initialDelayMs: 1,
    maxDelayMs: 2,
    multiplier: 2,
    jitter,
  })),
];

test('numbers of nodes are checked at load', () => {
  for (const [key, wrongs] of Object.entries(ofNode))
    for (const wrong of wrongs) {
      const compiled = compile(one({ id: 'a', [key]: numbers[wrong] }) as Graph, registryOf({}));
      assert.is(compiled._tag, 'Left', `${key}: ${wrong} is taken`);
    }
  for (const retry of retries) assert.is(compile(one({ retry }) as Graph, registryOf({}))._tag, 'Left', inspect(retry));
});

test('numbers of settings are checked wherever settings are given', () => {
  const isTyped = (error: unknown): boolean => error instanceof DagError && /^Invalid(Options|Dag)$/.test(error.type);
  const executor = new DagExecutor({ registry: registryOf({}) });
  const graph = { name: 'test', nodes: [] };
  const all = Object.entries(ofConfig).flatMap(([key, wrongs]) => wrongs.map((wrong) => ({ [key]: numbers[wrong] })));
  const pools = counts.map((wrong) => ({ pools: { p: numbers[wrong] } }));
  const others = [
    { maxParallelNodes: 0 },
    { onFailure: 'Explode' },
    { pools: 42 },
    { redact: [1] },
    { retryStrategy: 'Immediate' },
    ...retries.map((retryStrategy) => ({ retryStrategy })),
  ];
  for (const config of [...all, ...pools, ...others] as Partial<DagConfig>[]) {
    const what = Object.keys(config).join();
    assert.throws(() => new DagExecutor({ registry: registryOf({}), config }), isTyped, what);
    assert.throws(() => executor.start(graph, { config }), isTyped, what);
    assert.throws(() => executor.start({ ...graph, config }), isTyped, what);
  }
});

// ── options ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const options: Readonly<Record<string, unknown>> = {
  null: null,
  '42': 42,
  'a number for a run id': { runId: 42 },
  'an empty run id': { runId: '' },
  'a run id that addresses can not hold': { runId: '.' },
  'another run id that addresses can not hold': { runId: '..' },
  'a run id with NUL': { runId: 'a\0' },
  'a run id of a million characters': { runId: 'x'.repeat(1_000_000) },
  'a config that is none': { config: 42 },
  'a cache that is none': { cache: 42 },
  'a signal that is none': { signal: 42 },
  'inputs that are a number': { inputs: 42 },
  'inputs that are a text': { inputs: 'abc' },
  'inputs that are a list': { inputs: [1] },
  'inputs that are a Map': { inputs: new Map() },
  'inputs that are a date': { inputs: new Date() },
  'inputs with a function': { inputs: { f: boom } },
  'inputs with NaN': { inputs: { n: NaN } },
  'inputs with a bigint': { inputs: { n: 1n } },
  'circular inputs': { inputs: loop },
  'deep inputs': { inputs: { deep: deep() } },
  'inputs that throw': { inputs: bomb() },
  'options that throw': bomb(),
};
for (const [what, given] of Object.entries(options))
  test(`start throws a DagError for ${what} as options`, () =>
    tidy(async () => {
      const executor = new DagExecutor({ registry: registryOf({}) });
      let error: unknown;
      try {
        await executor.start({ name: 'test', nodes: [] }, given as object).report;
      } catch (thrown) {
        error = thrown;
      }
      assert.ok(
        error instanceof DagError && error.type === 'InvalidOptions',
        error instanceof Error ? error.message : 'it was taken',
      );
      assert.ok(error.message.length < 1_000);
    }));

const noText: Readonly<Record<string, unknown>> = { 'an object': {}, nothing: undefined, null: null, '42': 42 };
const noSeq: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  NaN,
  Infinity,
  '-1': -1,
  '1.5': 1.5,
  'a text': '1',
  null: null,
};
const each = (values: Readonly<Record<string, unknown>>, wrap: (value: any) => unknown): [string, unknown][] =>
  Object.entries(values).map(([what, value]) => [what, wrap(value)]);

const uses: readonly (readonly [
  string,
  (executor: DagExecutor, given: any) => Promise<unknown>,
  [string, unknown][],
])[] = [
  ['the run that is resumed', (executor, id) => executor.resume(id), each(noText, (id) => id)],
  ['the run that is forked', (executor, id) => executor.fork(id, { atSeq: 1 }), each(noText, (id) => id)],
  ['the run that is looked at', (executor, id) => executor.snapshotAt(id, 1), each(noText, (id) => id)],
  ['a run that is compared', (executor, id) => executor.diff('r', id), each(noText, (id) => id)],
  ['the seq of a fork', (executor, atSeq) => executor.fork('r', { atSeq }), each({ ...noSeq, '0': 0 }, (seq) => seq)],
  ['the seq that is looked at', (executor, seq) => executor.snapshotAt('r', seq), each(noSeq, (seq) => seq)],
  [
    'the options of a resume',
    (executor, given) => executor.resume('r', given),
    Object.entries({
      null: null,
      'a text': 'x',
      'a misspelt key': { takeover: true },
      "a run's key": { signal: new AbortController().signal },
      'takeOver as text': { takeOver: 'yes' },
      'hooks that are none': { hooks: [42] },
      'inputs that are no object': { inputs: [1] },
      'options that throw': bomb(),
    }),
  ],
  [
    'the options of a fork',
    (executor, given) => executor.fork('r', given),
    Object.entries({
      nothing: undefined,
      null: null,
      'no seq': {},
      'a misspelt key': { atseq: 1 },
      'an id that is none': { atSeq: 1, runId: 42 },
      'commands that are no list': { atSeq: 1, commands: 'x' },
      'again as a text': { atSeq: 1, again: 'a' },
      'again with what is no id': { atSeq: 1, again: [1] },
      'inputs that are no object': { atSeq: 1, inputs: 42 },
      'options that throw': bomb(),
    }),
  ],
];
for (const [where, use, givens] of uses)
  for (const [what, given] of givens)
    test(`${where}: ${what} is wrong use, told in a sentence`, () =>
      tidy(async () => {
        const store = memoryStore();
        const executor = new DagExecutor({ registry: registryOf({}), store });
        await executor.start({ name: 'test', nodes: [] }, { runId: 'r' }).report;
        const error: unknown = await use(executor, given).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof DagError && error.type === 'InvalidOptions', String(error));
        assert.match(error.message, /^[^\n]{10,200}[.?]$/);
        assert.ok((await store.acquire('r', { id: 'next', startedAt: 0 })())._tag === 'Right', 'it is owned');
      }));

test('a run or an event that is not there is an unknown run', async () => {
  const executor = new DagExecutor({ registry: registryOf({}), store: memoryStore() });
  await executor.start({ name: 'test', nodes: [] }, { runId: 'r' }).report;
  const kindOf = (going: Promise<unknown>): Promise<unknown> =>
    going.then(
      () => 'known',
      (error: unknown) => (error instanceof DagError ? error.type : error),
    );
  const asked: readonly (() => Promise<unknown>)[] = [
    () => executor.resume('x'),
    () => executor.fork('x', { atSeq: 1 }),
    () => executor.fork('r', { atSeq: 99 }),
    () => executor.diff('r', 'x'),
    () => executor.snapshotAt('x', 0),
    () => executor.snapshotAt('x', 1),
    () => executor.snapshotAt('r', 99),
  ];
  for (const ask of asked) assert.is(await kindOf(ask()), 'UnknownRun', String(ask));
  assert.is((await executor.snapshotAt('r', 0)).seq, 0);
});

for (const [what, given] of Object.entries({
  null: null,
  nothing: {},
  'a registry that is none': { registry: 42 },
  'a scheduler that is none': { registry: registryOf({}), scheduler: 42 },
  'a store that is none': { registry: registryOf({}), store: 42 },
}))
  test(`an executor made of ${what} is wrong use`, () => {
    assert.throws(
      () => new DagExecutor(given as never),
      (error: unknown) => error instanceof DagError && error.type === 'InvalidOptions',
    );
  });

test('actions and registries refuse what is none', () => {
  const isTyped = (error: unknown): boolean => error instanceof DagError;
  for (const [name, execute] of [
    ['', boom],
    ['x', 42],
    [42, boom],
    ['a\0', boom],
    [null, null],
  ] as const)
    assert.throws(() => action(name as never, execute as never), isTyped);
  for (const given of [null, 42, {}, { name: 'x' }, { execute: boom }])
    assert.throws(() => action(given as never), isTyped);
  const registry = new ActionRegistry().register(action('x', boom));
  for (const name of ['__proto__', 'constructor', 'toString', 'then', '']) {
    assert.not(registry.has(name));
    assert.is(registry.get(name), undefined);
  }
  for (const given of [null, 42, {}, { name: 'y' }])
    assert.throws(() => new ActionRegistry().register(given as never), isTyped);
  for (const name of ['x', 'dag', 'human.input']) assert.throws(() => registry.register(action(name, boom)), isTyped);
});

// ── size ────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('all that is wrong is told at once, in a hundred lines at most', () => {
  const nodes = [
    ...specs(['a: b', 'b: a', 'c: c', 'd', 'd', 'e: nowhere', 'inputs', '']),
    { id: 'f', action: 'nothing' },
    { id: 'g', action: 'work', tryCount: 0 },
    { id: 'h', action: 'work', pool: 'none' },
  ];
  const compiled = compile({ name: 'test', nodes }, registryOf({}));
  const types = compiled._tag === 'Left' ? compiled.left.map(({ type }) => type).toSorted() : [];
  assert.equal(types, [
    'Cycle',
    'DuplicateId',
    'InvalidNumber',
    'MalformedId',
    'ReservedId',
    'SelfDependency',
    'UnknownAction',
    'UnknownDependency',
    'UnknownPool',
  ]);
  const many = compile(
    { name: 'test', nodes: Array.from({ length: 10_000 }, () => ({ id: '', action: 'none' })) },
    registryOf({}),
  );
  assert.ok(many._tag === 'Left' && many.left.length <= 100);
});

test('a chain of 200,000 nodes, forwards or backwards, needs no stack', () => {
  for (const nodes of [chain(200_000), chain(200_000).toReversed()])
    assert.is(compile({ name: 'test', nodes }, registryOf({}))._tag, 'Right');
});

test('more nodes than allowed are refused before they are looked at', () => {
  const before = performance.now();
  const compiled = compile({ name: 'test', nodes: Object.assign([], { length: 50_000_000 }) } as never, registryOf({}));
  assert.ok(compiled._tag === 'Left' && compiled.left.some(({ type }) => type === 'TooManyNodes'));
  assert.ok(performance.now() - before < 2_000, 'they were looked at');
});

test.run();
