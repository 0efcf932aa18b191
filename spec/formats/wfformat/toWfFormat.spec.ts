import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromWfFormat, toWfFormat } from '../../../lib/formats/wfformat/index.js';
import { node } from '../../support/logOf.js';
import { planIn, planOf, randomPlan } from '../../support/plans.js';

const test = suite('toWfFormat');

test('writes a task for each node, with parents, children and run time', () => {
  assert.equal(toWfFormat(planIn({ a: 1.5, 'b: a': 0.25, 'c: a b': 2 })), {
    name: 'plan',
    schemaVersion: '1.5',
    workflow: {
      specification: {
        tasks: [
          { name: 'work', id: 'a', parents: [], children: ['b', 'c'] },
          { name: 'work', id: 'b', parents: ['a'], children: ['c'] },
          { name: 'work', id: 'c', parents: ['a', 'b'], children: [] },
        ],
      },
      execution: {
        makespanInSeconds: 3.75,
        executedAt: '1970-01-01T00:00:00.000Z',
        tasks: [
          { id: 'a', runtimeInSeconds: 1.5 },
          { id: 'b', runtimeInSeconds: 0.25 },
          { id: 'c', runtimeInSeconds: 2 },
        ],
      },
    },
  });
});

test('what is read again has the same nodes, dependencies and estimates', () => {
  for (let seed = 0; seed < 50; seed++) {
    const plan = randomPlan(seed, 30);
    const again = fromWfFormat(JSON.stringify(toWfFormat(plan)));
    assert.ok(again._tag === 'Right');
    assert.equal(again.right.plan.deps, plan.deps);
    assert.equal(
      again.right.graph.nodes.map(({ id, action, estimateMs }) => [id, action, estimateMs]),
      plan.nodes.map(({ id, action, estimateMs }) => [id, action, estimateMs]),
    );
  }
});

test('references are parents, and ids have the signs that WfFormat allows', () => {
  const plan = planOf([node('a[0]'), node('a_0_'), node('läuft: a[0]', { inputs: { x: { $ref: 'a_0_' } } })]);
  const { tasks } = toWfFormat(plan).workflow.specification;
  assert.equal(
    tasks.map(({ id, parents }) => [id, parents]),
    [
      ['a_0__2', []],
      ['a_0_', []],
      ['l_uft', ['a_0__2', 'a_0_']],
    ],
  );
});

test('a plan without nodes is refused, for no reader takes such a trace', () => {
  assert.throws(() => toWfFormat(planOf([])), /^"plan" has no nodes, and WfFormat knows no workflow without a task/);
});

test.run();
