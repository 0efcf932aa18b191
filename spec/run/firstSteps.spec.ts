import { inspect } from 'node:util';
import { of } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagError, DagExecutor, action, dag, ref, type HookOperator } from '../../lib/index.js';

const test = suite('First steps');

const registry = new ActionRegistry().register(
  action('one', () => 1),
  action('echo', ({ inputs }) => inputs),
  action('open', () => Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' }))),
);
const thrown = (act: () => unknown): DagError => {
  try {
    act();
  } catch (error) {
    assert.instance(error, DagError);
    return error as DagError;
  }
  throw new Error('nothing was thrown');
};

test('starting a DAG that could not be loaded tells why it could not', () => {
  const executor = new DagExecutor({ registry });
  executor.load({ name: 'etl', nodes: [{ id: 'a', action: 'onne' }] });
  const { type, message, errors } = thrown(() => executor.start('etl'));
  assert.is(type, 'InvalidDag');
  assert.match(message, /^DAG "etl" could not be loaded: .*unknown action "onne"; did you mean "one"\?$/);
  assert.is(errors?.length, 1);
  executor.load({ name: 'etl', nodes: [{ id: 'a', action: 'one' }] });
  assert.is(executor.start('etl').dagName, 'etl');
  assert.is(thrown(() => executor.start('elt')).message, 'No DAG named "elt" is loaded; did you mean "etl"?');
});

test('a typed builder can be given in place of its graph', async () => {
  const built = dag('built').node(
    'a',
    action('two', () => 2),
  );
  const executor = new DagExecutor({ registry: built.registry });
  assert.is((await executor.start(built).report).outputs['a'], 2);
  assert.is(executor.load(built)._tag, 'Right');
});

test('a fan-out over a sub-DAG shows each its item', async () => {
  const executor = new DagExecutor({ registry });
  executor.load({
    name: 'sub',
    nodes: [{ id: 'x', action: 'echo', inputs: { item: ref('inputs.item'), n: ref('inputs.index') } }],
  });
  const { outputs } = await executor.start(
    { name: 'all', nodes: [{ id: 'd', action: 'dag', inputs: { dag: 'sub' }, forEach: ref('inputs.list') }] },
    { inputs: { list: ['p', 'q'] } },
  ).report;
  assert.equal(outputs['d'], [{ x: { item: 'p', n: 0 } }, { x: { item: 'q', n: 1 } }]);
});

test('the code of an error is kept', async () => {
  const report = await new DagExecutor({ registry }).start({ name: 'd', nodes: [{ id: 'a', action: 'open' }] }).report;
  assert.equal(report.nodeOutcomes[0]?.finalError?.data, { code: 'ENOENT' });
});

test('a misspelt option is told', () => {
  const start = (): unknown => new DagExecutor({ registry }).start({ name: 'd', nodes: [] }, { input: {} } as never);
  assert.is(thrown(start).message, `The run's options have no key "input"; did you mean "inputs"?`);
});

test('an operator that emits nothing at all has asked for nothing', async () => {
  const nothing = (() => of(undefined)) as unknown as HookOperator;
  const report = await new DagExecutor({ registry, hooks: [nothing] }).start({
    name: 'd',
    nodes: [{ id: 'a', action: 'one' }],
  }).report;
  assert.equal(report.refusedCommands, []);
});

test('console.log shows the values of a report and of a snapshot', async () => {
  const run = new DagExecutor({ registry }).start({ name: 'd', nodes: [{ id: 'a', action: 'one' }] });
  const report = await run.report;
  assert.match(inspect(report, { depth: 4 }), /nodeId: 'a'/);
  assert.match(inspect(run.snapshot, { depth: 4 }), /nodeId: 'a'/);
});

test.run();
