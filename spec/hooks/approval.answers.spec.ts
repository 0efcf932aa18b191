import * as assert from 'uvu/assert';
import { approval, emitEvent, provideInput, type ApprovalOptions, type Json, type NodeSpec } from '../../lib/index.js';
import { labSuite, type Lab, type Nodes } from '../support/executor.js';

const test = labSuite('approval, answers');

const isRisky = ({ description }: NodeSpec): boolean => description === 'risky';
const risky = (id: string, more: Partial<NodeSpec> = {}): NodeSpec => ({
  id,
  action: 'work',
  description: 'risky',
  ...more,
});
const hook = (options: Partial<ApprovalOptions> = {}) => approval({ when: isRisky, ...options });

/** A run in which the question about a has been answered. */
const answered = async (lab: Lab, nodes: Nodes, answer: Json, options?: Partial<ApprovalOptions>) => {
  const trial = lab.start(nodes, { hooks: [hook(options)] });
  await trial.pass();
  await trial.grant(provideInput('approve-a', answer));
  return trial;
};

for (const answer of [true, 'yes', ' Y ', 'OK', 'approved', { approved: true }])
  test(`takes ${JSON.stringify(answer)} for an approval`, async (lab) => {
    const trial = await answered(lab, [risky('a')], answer);
    assert.is((await trial.end()).outputs['a'], 'a');
  });

for (const answer of [false, null, 1, '', 'no', 'yes but', [], { approved: 'true' }, ['yes']])
  test(`takes ${JSON.stringify(answer)} for a rejection`, async (lab) => {
    const trial = await answered(lab, [risky('a'), 'b: a'], answer);
    const report = await trial.end();
    assert.equal(trial.log.started, []);
    assert.is(trial.status('a'), 'skipped');
    assert.is(trial.status('b'), 'skipped');
    assert.ok(report.success); // skipped on purpose
  });

test('a rejection tells why, and may fail the node', async (lab) => {
  const trial = await answered(
    lab,
    [risky('a'), 'b: a'],
    { approved: false, reason: 'too late' },
    { otherwise: 'fail' },
  );
  const report = await trial.end();
  assert.is(report.status, 'failed');
  assert.is(report.nodeOutcomes[0]?.finalError?.message, 'not approved: too late');
  assert.equal(trial.log.started, []);
});

test('other answers may count as approval', async (lab) => {
  const trial = await answered(lab, [risky('a')], 4, { isApproved: (answer) => Number(answer) >= 3 });
  assert.is((await trial.end()).outputs['a'], 'a');
});

test('events approve and reject, early or late', async (lab) => {
  const trial = lab.start(
    ['first', risky('a', { deps: ['first'] }), risky('b', { deps: ['first'] }), risky('c'), risky('d')],
    {
      does: { first: 100 },
      hooks: [hook()],
    },
  );
  await trial.pass(10);
  // a and b are not asked about yet, c and d are.
  for (const [name, payload] of [
    ['approve:a', null],
    ['reject:b', 'not needed'],
    ['approve:c', 'by Ada'],
    ['reject:d', null],
    ['approve:nobody', null],
    ['approve:', null],
    ['a', null],
  ] as const)
    await trial.grant(emitEvent(name, payload));
  const report = await trial.end();
  assert.equal(
    report.nodeOutcomes.filter(({ nodeId }) => nodeId.length === 1).map(({ nodeId, status }) => `${nodeId} ${status}`),
    ['a succeeded', 'b skipped', 'c succeeded', 'd skipped'],
  );
  assert.is(trial.log.ofType('NodeSkipped').find(({ nodeId }) => nodeId === 'b')?.reason, 'not approved: not needed');
  assert.equal(report.refusedCommands, []);
  assert.ok(report.success);
});

test('an answer that does not come in time is no approval', async (lab) => {
  const { report } = await lab.finish([risky('a')], {
    hooks: [hook()],
    config: { humanWaitMs: 1_000, humanTimeoutAction: 'Autopilot' },
  });
  assert.is(report.nodeOutcomes[0]?.status, 'skipped');
  assert.is(report.durationMs, 1_000);
});

test.run();
