import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromYaml, showFileError, type FromYaml } from '../../../lib/formats/yaml/index.js';
import { ActionRegistry, DagExecutor, type DagExecutionReport } from '../../../lib/index.js';
import { checkLog, record } from '../../../lib/testing/index.js';
import { actions } from '../../fixtures/dagger/actions.js';
import { daggerFile, type daggerFiles } from './fixtures.js';

const registry = new ActionRegistry().register(...actions);

const read = (file: (typeof daggerFiles)[number]): FromYaml => {
  const result = fromYaml(daggerFile(file), { file, registry });
  if (result._tag === 'Left') throw new Error(result.left.map(showFileError).join('\n'));
  return result.right;
};

/** Runs a file; each node has to start exactly once, in a sound log. */
const run = async (
  file: (typeof daggerFiles)[number],
  inputs: Record<string, number> = {},
): Promise<DagExecutionReport> => {
  const { graph } = read(file);
  const started = new DagExecutor({ registry }).start(graph, { inputs });
  const recording = record(started);
  const report = await started.report;
  const starts = recording.ofType('NodeStarted').map(({ nodeId }) => nodeId);
  assert.equal(starts.toSorted(), graph.nodes.map(({ id }) => id!).toSorted());
  assert.equal(checkLog(recording.events), []);
  assert.ok(report.success);
  return report;
};

const test = suite('dagger files');

test('the chain gives 30, 900 and 2700 with a text', async () => {
  const { outputs } = await run('pipeline.yaml', { num1: 10, num2: 20 });
  assert.equal(
    { ...outputs },
    {
      node1: { sum: 30 },
      node2: { squared_result: 900 },
      node3: { tripled_result: 2700, test_string: 'example_string' },
    },
  );
});

test('the diamond gives 30, then 900 and 90 at once, then 990', async () => {
  const { outputs } = await run('pipeline_parallel.yaml', { num1: 10, num2: 20 });
  assert.equal(
    { ...outputs },
    {
      node1: { sum: 30 },
      node2a: { squared_result: 900 },
      node2b: { tripled_result: 90, test_string: 'example_string' },
      node3: { sum: 990 },
    },
  );
});

test('the branches of the diamond run at once', async () => {
  const { graph } = read('pipeline_parallel.yaml');
  const started = new DagExecutor({ registry }).start(graph, { inputs: { num1: 10, num2: 20 } });
  const recording = record(started);
  await started.report;
  assert.is(recording.order('node2a', 'node2b'), 'overlap');
  assert.is(recording.order('node1', 'node2b'), 'before');
  assert.is(recording.order('node2a', 'node3'), 'before');
});

test('three messages follow each other', async () => {
  const { outputs } = await run('multi_node.yaml');
  assert.equal(outputs['node3'], { output: 'node3 after node2 after a message from node1' });
});

test('the chain has the facts of the original', () => {
  const { graph, warnings } = read('pipeline.yaml');
  assert.equal(graph, {
    name: 'infolder',
    description: 'A simple pipeline for mathematical operations',
    author: 'Rzn,Inc',
    version: '0.0.1',
    signature: 'example',
    tags: ['infolder', 'physics'],
    nodes: [
      {
        id: 'node1',
        description: 'Adds two numbers',
        action: 'add_numbers',
        deps: [],
        inputs: { num1: { $ref: 'inputs.num1' }, num2: { $ref: 'inputs.num2' } },
        inputDescriptions: { num1: 'The first of them', num2: 'The second' },
        outputs: [{ name: 'sum', description: 'The two together' }],
        failureAction: 'failure_function1',
        timeoutMs: 3_600_000,
        tryCount: 3,
      },
      {
        id: 'node2',
        description: 'Squares the sum',
        action: 'square_number',
        deps: ['node1'],
        inputs: { input: { $ref: 'node1.sum' } },
        outputs: [{ name: 'squared_result' }],
        failureAction: 'failure_function2',
        timeoutMs: 1_800_000,
        tryCount: 1,
      },
      {
        id: 'node3',
        description: 'Takes the square three times and adds a text',
        action: 'triple_number_and_add_string',
        deps: ['node2'],
        inputs: { input: { $ref: 'node2.squared_result' } },
        outputs: [{ name: 'tripled_result' }, { name: 'test_string' }],
        failureAction: 'failure_function3',
        timeoutMs: 3_600_000,
        tryCount: 3,
      },
    ],
  });
  const known = '"add_numbers", "square_number", "triple_number_and_add_string", "print_message", "human.input", …';
  assert.equal(
    warnings.map(({ message, line }) => `${line}: ${message}`),
    [
      `23: The failure "failure_function1" of node "node1" is not registered yet; known are ${known}`,
      `36: The failure "failure_function2" of node "node2" is not registered yet; known are ${known}`,
      `50: The failure "failure_function3" of node "node3" is not registered yet; known are ${known}`,
    ],
  );
});

test('the others give no warnings', () => {
  assert.equal(read('pipeline_parallel.yaml').warnings, []);
  assert.equal(read('multi_node.yaml').warnings, []);
  assert.is(read('multi_node.yaml').graph.version, '1.0');
});

test.run();
