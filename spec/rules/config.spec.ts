import * as assert from 'uvu/assert';
import { DagError, DagExecutor, ActionRegistry, defaultConfig, skipNode, type DagConfig } from '../../lib/index.js';
import { labSuite, specs } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Config');

test("is the defaults, then the executor's, then the graph's, then the run's", async (lab) => {
  const executor = lab.executor({ executor: { config: { maxAttempts: 11, graceMs: 11, hookTimeoutMs: 11 } } });
  const graph = { name: 'g', nodes: specs(['a']), config: { graceMs: 22, hookTimeoutMs: 22 } };
  const run = executor.start(graph, { config: { hookTimeoutMs: 33 } });
  let config: DagConfig | undefined;
  run.event$.subscribe((event) => {
    if (event.type === 'RunStarted') ({ config } = event);
  });
  await lab.time.until(run);
  assert.equal(config, { ...defaultConfig, maxAttempts: 11, graceMs: 22, hookTimeoutMs: 33 });
});

test('has the defaults that are documented', () => {
  const {
    maxParallelNodes,
    enableParallelExecution,
    maxAttempts,
    retryStrategy,
    onFailure,
    timeoutMs,
    graceMs,
    maxIterations,
    humanWaitMs,
  } = defaultConfig;
  assert.equal(
    {
      maxParallelNodes,
      enableParallelExecution,
      maxAttempts,
      retryStrategy,
      onFailure,
      timeoutMs,
      graceMs,
      maxIterations,
      humanWaitMs,
    },
    {
      maxParallelNodes: 3,
      enableParallelExecution: true,
      maxAttempts: 3,
      retryStrategy: { type: 'Exponential', initialDelayMs: 2_000, maxDelayMs: 60_000, multiplier: 2 },
      onFailure: 'Continue',
      timeoutMs: 3_600_000,
      graceMs: 5_000,
      maxIterations: 50,
      humanWaitMs: null,
    },
  );
});

const wrong: readonly object[] = [
  { maxParallelNodes: 0 },
  { maxParallelNodes: 1.5 },
  { maxParallelNodes: Infinity },
  { timeoutMs: -1 },
  { timeoutMs: Number.NaN },
  { onFailure: 'continue' },
  { pools: { db: 0 } },
  { retryStrategy: { type: 'Quadratic' } },
  { redact: 'password' },
  { maxParalelNodes: 3 },
];

for (const config of wrong)
  test(`is refused as ${JSON.stringify(config)}, wherever it comes from`, (lab) => {
    const isIt = (error: DagError): boolean => error instanceof DagError && error.message.length > 10;
    assert.throws(() => new DagExecutor({ registry: new ActionRegistry(), config }), isIt);
    const executor = lab.executor();
    assert.throws(() => executor.start({ name: 'g', nodes: specs(['a']) }, { config }), isIt);
    assert.throws(() => executor.start({ name: 'g', nodes: specs(['a']), config }), isIt);
    assert.is(executor.load({ name: 'g', nodes: specs(['a']), config })._tag, 'Left');
  });

test("names a misspelt key's nearest", (lab) => {
  assert.throws(() => lab.executor({ executor: { config: { maxParalelNodes: 3 } as never } }), /maxParallelNodes/);
});

test('makes an unknown pool an error at load', (lab) => {
  const executor = lab.executor({ executor: { config: { pools: { db: 1 } } } });
  const nodes = [node('a', { pool: 'db' }), node('b', { pool: 'bd' })];
  const loaded = executor.load({ name: 'g', nodes });
  assert.is(loaded._tag, 'Left');
  if (loaded._tag === 'Left')
    assert.equal(
      loaded.left.map(({ type, node: id }) => [type, id]),
      [['UnknownPool', 'b']],
    );
  assert.throws(() => executor.start({ name: 'g', nodes }), /bd/);
  assert.is(executor.load({ name: 'g', nodes, config: { pools: { db: 1, bd: 1 } } })._tag, 'Right');
});

test('lets the run give the pools that its nodes need', async (lab) => {
  const executor = lab.executor();
  const run = executor.start({ name: 'g', nodes: [node('a', { pool: 'x' })] }, { config: { pools: { x: 1 } } });
  assert.ok((await lab.time.until(run)).success);
});

test('takes an undefined output as null', async (lab) => {
  const { report } = await lab.finish(['a', node('b', { inputs: { x: { $ref: 'a' } } })], {
    does: { a: () => undefined, b: ({ inputs }) => inputs },
  });
  assert.equal({ ...report.outputs }, { a: null, b: { x: null } });
});

test('keeps a refused command as JSON of at most 2 KB, with what names it', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 20 } });
  await trial.pass(1);
  const refusal = await trial.refuse(skipNode('nobody', 'why', { big: 'x'.repeat(100_000) }));
  const [event] = trial.log.ofType('CommandRefused');
  assert.ok(JSON.stringify(event!.command).length <= 2_048);
  const { type, nodeId } = event!.command as { type: string; nodeId: string };
  assert.equal([type, nodeId], ['SkipNode', 'nobody']);
  assert.ok(JSON.stringify(refusal.command).length <= 2_048);
  await trial.refuse(skipNode('nobody', 'ü'.repeat(1_500)));
  assert.ok(
    Buffer.byteLength(JSON.stringify(trial.log.ofType('CommandRefused')[1]!.command)) <= 2_048,
    '2 KB are bytes',
  );
  await trial.end();
});

test('history: false keeps a run going with little memory', async (lab) => {
  assert.ok((await lab.finish(['a', 'b: a'], { config: { history: false } })).report.success);
});

test('does not change once the run has begun, whatever its owner does', async (lab) => {
  const config = { maxParallelNodes: 1, pools: { db: 1 } };
  const trial = lab.start(['a', 'b', 'c'], { config, does: { '*': 5 } });
  config.maxParallelNodes = 9;
  config.pools.db = 9;
  assert.is((await trial.end()).durationMs, 15);
  assert.equal(trial.log.ofType('RunStarted')[0]!.config.pools, { db: 1 });
});

test.run();
