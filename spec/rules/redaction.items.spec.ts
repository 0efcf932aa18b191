import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, action, ref, setNodeInputs, type Graph, type Json } from '../../lib/index.js';

const test = suite('Redaction of what is expanded');

const got = async (graph: Graph): Promise<{ readonly seen: Record<string, Json>; readonly log: string }> => {
  const seen: Record<string, Json> = {};
  const registry = new ActionRegistry().register(
    action('see', ({ nodeId, inputs }) => {
      seen[nodeId] = inputs.token;
      return nodeId;
    }),
    action('fail', () => Promise.reject(new Error('no'))),
    action('handle', ({ nodeId, inputs }) => {
      seen[nodeId] = inputs.inputs.token;
      return null;
    }),
  );
  const executor = new DagExecutor({ registry, config: { redact: ['token'] } });
  executor.load({
    name: 'sub',
    nodes: [{ id: 's', action: 'see', inputs: { token: 'sub' }, forEach: ref('inputs.list') }],
  });
  const run = executor.start(graph, { inputs: { list: [1] } });
  const events: unknown[] = [];
  run.event$.subscribe((event) => events.push(event));
  await run.dispatch(setNodeInputs('set', { token: 'set' }));
  await run.report;
  return { seen, log: JSON.stringify(events) };
};

test('actions of items, sub-DAGs and failures get the real inputs, the log never shows them', async () => {
  const { seen, log } = await got({
    name: 'main',
    config: { maxParallelNodes: 1 },
    nodes: [
      { id: 'f', action: 'see', inputs: { token: 'each' }, forEach: ref('inputs.list') },
      { id: 'd', action: 'dag', inputs: { dag: 'sub', inputs: { list: ref('inputs.list') } } },
      { id: 'b', action: 'fail', inputs: { token: 'bad' }, failureAction: 'handle' },
      { id: 'set', action: 'see', inputs: { token: 'old' }, forEach: ref('inputs.list'), priority: -1 },
    ],
  });
  assert.equal(seen, { 'f[0]': 'each', 'd/s[0]': 'sub', 'b.failure': 'bad', 'set[0]': 'set' });
  for (const secret of ['each', 'sub"}', 'bad', 'set']) assert.not(log.includes(`"token":"${secret}`), secret);
});

test.run();
