import * as assert from 'uvu/assert';
import { fromWfFormat, runToWfFormat, type WfFormat } from '../../../lib/formats/wfformat/index.js';
import { addNode, provideInput, ofType, type HookOperator } from '../../../lib/index.js';
import { filter, map } from 'rxjs';
import { fail, labSuite } from '../../support/executor.js';
import { node } from '../../support/logOf.js';

const test = labSuite('runToWfFormat');

/** By task: after which ones, and for how many seconds. */
const tasksOf = ({ workflow }: WfFormat): Record<string, readonly [readonly string[], number]> =>
  Object.fromEntries(
    workflow.specification.tasks.map(({ id, parents }) => [
      id,
      [parents, workflow.execution.tasks.find((task) => task.id === id)!.runtimeInSeconds],
    ]),
  );

test('writes what ran, for how long, and what never did as nothing', async (lab) => {
  const { log } = await lab.finish(
    ['a', 'b: a', 'c: b', node('d: a', { tryCount: 2, retry: { type: 'Linear', delayMs: 500 } })],
    {
      does: { a: 1_000, b: fail(), d: ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) },
    },
  );
  const trace = runToWfFormat(log.events);
  assert.equal(tasksOf(trace), { a: [[], 1], b: [['a'], 0], c: [['b'], 0], d: [['a'], 0] });
  assert.is(trace.workflow.execution.makespanInSeconds, 1.5);
  assert.equal(
    trace.workflow.execution.tasks.map(({ executedAt }) => executedAt?.slice(17)),
    ['40.000Z', '41.000Z', undefined, '41.000Z'],
  );
  assert.is(fromWfFormat(JSON.stringify(trace))._tag, 'Right');
});

test('nodes that were added are in it', async (lab) => {
  const more: HookOperator = (event$) =>
    event$.pipe(
      ofType('NodeSucceeded'),
      filter(({ nodeId }) => nodeId === 'a'),
      map(() => addNode({ id: 'more', action: 'work', deps: ['a'] })),
    );
  const { log } = await lab.finish(['a'], { does: { a: 1_000, more: 2_000 }, hooks: [more] });
  assert.equal(tasksOf(runToWfFormat(log.events)), { a: [[], 1], more: [['a'], 2] });
});

test('a fan-out stands behind its items, which come after what it came after', async (lab) => {
  const nodes = [node('list'), node('each: list', { forEach: { $ref: 'list' } }), node('sum: each')];
  const { log } = await lab.finish(nodes, {
    does: { list: () => [1, 2], 'each[0]': 1_000, 'each[1]': 3_000, sum: 500 },
  });
  assert.equal(tasksOf(runToWfFormat(log.events)), {
    list: [[], 0],
    each: [['each_0_', 'each_1_'], 0],
    sum: [['each'], 0.5],
    each_0_: [['list'], 1],
    each_1_: [['list'], 3],
  });
});

test('waiting for a person is time', async (lab) => {
  const trial = lab.start([node('ask', { action: 'human.input' }), 'go: ask'], { does: { go: 250 } });
  await trial.pass(4_000);
  await trial.grant(provideInput('ask', 'yes'));
  await trial.end();
  assert.equal(tasksOf(runToWfFormat(trial.log.events)), { ask: [[], 4], go: [['ask'], 0.25] });
});

test.run();
