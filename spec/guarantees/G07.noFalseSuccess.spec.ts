import * as assert from 'uvu/assert';
import {
  addNode,
  cancelBranch,
  cancelRun,
  pauseRun,
  retryNode,
  skipNode,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { random } from '../../lib/testing/index.js';
import { fail, labSuite, type Nodes, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { firstSeed } from '../simulation/seeds.js';

const test = labSuite('G7 No false success');

const isFinal = /^(?:succeeded|failed|skipped|cancelled)$/;
const condition = { $ref: 'inputs.go' };

const succeeding: Readonly<Record<string, readonly [Nodes, Plot?]>> = {
  'every node succeeded': [['a', 'b: a']],
  'there is no node': [[]],
  'a node was skipped because its condition is not met': [
    ['a', node('b: a', { when: condition }), 'c: b'],
    { inputs: { go: false } },
  ],
  'a node succeeded after it had failed': [
    [node('a', { tryCount: 2, retry: { type: 'Immediate' } }), 'b: a'],
    { does: { a: ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('no')) : 1) } },
  ],
  'a hook had a failed node run again': [
    ['a', 'b: a'],
    {
      does: { a: ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('no')) : 1) },
      hooks: [{ name: 'h', onNodeFailed: (_, { nodeId }) => retryNode(nodeId) }],
    },
  ],
  'a fan-out has no items': [[node('f', { forEach: { $ref: 'inputs.list' } })], { inputs: { list: [] } }],
};

for (const [what, [nodes, plot]] of Object.entries(succeeding))
  test(`a run succeeds in which ${what}`, async (lab) => {
    const { report } = await lab.finish(nodes, plot);
    assert.is(report.status, 'succeeded');
    assert.ok(report.success && report.overallSuccess);
    assert.is(report.error, undefined);
  });

const unsuccessful: Readonly<Record<string, readonly [Nodes, Plot?]>> = {
  'a node failed': [['a', 'b'], { does: { a: fail() } }],
  'a node failed that others treat as done': [[node('a', { onFailure: 'continue' }), 'b: a'], { does: { a: fail() } }],
  'a failure action ran': [[node('a', { failureAction: 'work' })], { does: { a: fail() } }],
  'a fan-out item failed': [
    [node('f', { forEach: { $ref: 'inputs.list' } })],
    { does: { 'f[1]': fail() }, inputs: { list: [1, 2] } },
  ],
  'a node failed before it started': [['a'], { hooks: [{ name: 'g', beforeNodeStart: () => ({ fail: 'no' }) }] }],
  'an input leads nowhere': [['a', node('b', { inputs: { x: { $ref: 'a.b.c' } } })]],
  'a node failed below which all is joined by allDone': [
    ['a', node('b: a', { runIf: 'allDone' })],
    { does: { a: fail() } },
  ],
};

for (const [what, [nodes, plot]] of Object.entries(unsuccessful))
  test(`a run fails in which ${what}`, async (lab) => {
    const { report } = await lab.finish(nodes, plot);
    assert.is(report.status, 'failed');
    assert.not(report.success);
    assert.not(report.overallSuccess);
    assert.ok((report.error ?? '').length > 0, 'it does not say why');
  });

test('a run succeeds in which a node was skipped on request, with and without an output', async (lab) => {
  for (const output of [undefined, 1]) {
    const trial = lab.start(['a', 'b', 'c: b'], { does: { a: 5 } });
    await trial.grant(pauseRun());
    await trial.grant(skipNode('b', 'known', output));
    await trial.grant({ type: 'ResumeRun' });
    assert.ok((await trial.end()).success);
    assert.is(trial.status('c'), output === undefined ? 'skipped' : 'succeeded');
  }
});

test('a run does not succeed in which a branch was cancelled', async (lab) => {
  const trial = lab.start(['a', 'b'], { does: { a: 5 } });
  await trial.grant(cancelBranch('b'));
  const report = await trial.end();
  assert.is(report.status, 'failed');
  assert.not(report.success);
});

test('a run that was cancelled does not succeed, even if every node had', async (lab) => {
  const trial = lab.start(['a'], { hooks: [{ name: 'h', onComplete: () => lab.after(10) }] });
  await trial.pass(5);
  assert.is(trial.status('a'), 'succeeded');
  await trial.grant(cancelRun('enough'));
  const report = await trial.end();
  assert.is(report.status, 'cancelled');
  assert.not(report.success);
  assert.is(report.error, 'enough');
});

test("never starts a failed node's dependants, and tells for each of them which node was the cause", async (lab) => {
  const { log, report, statuses } = await lab.finish(['a', 'b: a', 'c: b', 'd: c x', 'x', 'e: x'], {
    does: { a: fail(), x: 3 },
  });
  assert.is(statuses, 'a failed, b skipped, c skipped, d skipped, x succeeded, e succeeded');
  assert.equal(log.started.toSorted(), ['a', 'e', 'x']);
  assert.equal(
    log.ofType('NodeSkipped').map(({ nodeId, becauseOf }) => [nodeId, becauseOf]),
    [
      ['b', 'a'],
      ['c', 'a'],
      ['d', 'a'],
    ],
  );
  assert.is(report.nodeOutcomes.find(({ nodeId }) => nodeId === 'c')!.becauseOf, 'a');
});

test('starts the dependants of a node that says onFailure: continue', async (lab) => {
  const { statuses, report } = await lab.finish(
    [node('a', { onFailure: 'continue' }), node('b', { inputs: { x: { $ref: 'a.deep' } } })],
    {
      does: { a: fail(), b: ({ inputs }) => inputs },
    },
  );
  assert.is(statuses, 'a failed, b succeeded');
  assert.equal(report.outputs['b'], { x: null });
});

test('onComplete is told the truth, at each round', async (lab) => {
  const told: boolean[] = [];
  const hook: SupervisorHookV2 = {
    name: 'h',
    onComplete: (_, success) => {
      told.push(success);
      return told.length === 1 ? addNode(node('b')) : undefined;
    },
  };
  await lab.finish(['a'], { does: { b: fail() }, hooks: [hook] });
  assert.equal(told, [true, false]);
});

test('a settled run has only final nodes, and its status follows from them', async (lab) => {
  const seed = firstSeed();
  const chance = random(seed);
  for (let round = 0; round < 20; round++) {
    const nodes = Array.from({ length: 25 }, (_, i) =>
      node(
        `n${i}: ${Array.from({ length: i }, (_, j) => `n${j}`)
          .filter(() => chance.chance(0.1))
          .join(' ')}`,
        {
          runIf: chance.pick(['allSucceeded', 'allSucceeded', 'anySucceeded', 'allDone']),
          ...(chance.chance(0.2) ? { onFailure: 'continue' } : {}),
          ...(chance.chance(0.2) ? { when: { $ref: 'inputs.go' } } : {}),
        },
      ),
    );
    const does = Object.fromEntries(nodes.map(({ id }) => [id!, chance.chance(0.15) ? '--#' : chance.int(0, 9)]));
    const { report } = await lab.finish(nodes, { does, inputs: { go: chance.chance(0.5) } });
    const where = `seed ${seed}, round ${round}`;
    for (const { status, nodeId } of report.nodeOutcomes)
      assert.match(status, isFinal, `${where}: ${nodeId} is ${status}`);
    assert.is(
      report.success,
      report.nodeOutcomes.every(({ status }) => status !== 'failed'),
      where,
    );
    assert.is(report.status, report.success ? 'succeeded' : 'failed', where);
    for (const { status, becauseOf, nodeId } of report.nodeOutcomes)
      if (becauseOf !== undefined)
        assert.ok(
          status === 'skipped' && report.nodeOutcomes.some((o) => o.nodeId === becauseOf),
          `${where}: ${nodeId}`,
        );
  }
});

test.run();
