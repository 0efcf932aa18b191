import * as assert from 'uvu/assert';
import { addNode, approval, provideInput, type ApprovalOptions, type NodeSpec } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';

const test = labSuite('approval');

const isRisky = ({ description }: NodeSpec): boolean => description === 'risky';
const risky = (id: string, more: Partial<NodeSpec> = {}): NodeSpec => ({
  id,
  action: 'work',
  description: 'risky',
  ...more,
});
const hook = (options: Partial<ApprovalOptions> = {}) => approval({ when: isRisky, ...options });

test('asks once the node could run, waits as long as it takes, and lets everything else go on', async (lab) => {
  const trial = lab.start(['build', risky('deploy', { deps: ['build'] }), 'notify: deploy', 'test: build'], {
    does: { build: 10, test: 10 },
    hooks: [hook({ ask: ({ id }) => `Really ${id}?` })],
    config: { maxParallelNodes: 1, hookTimeoutMs: 1_000, timeoutMs: 60_000 },
  });
  await trial.pass(5);
  assert.is(trial.status('approve-deploy'), 'pending');
  await trial.pass(48 * 3_600_000);
  assert.is(trial.statuses, 'build succeeded, deploy pending, notify pending, test succeeded, approve-deploy waiting');
  assert.equal(trial.run.snapshot.node('approve-deploy')?.spec.inputs, {
    nodeId: 'deploy',
    question: 'Really deploy?',
  });
  assert.equal(trial.run.snapshot.whyNotStarted('deploy'), { on: [{ dependency: 'approve-deploy' }] });
  await trial.grant(provideInput('approve-deploy', true));
  const report = await trial.end();
  assert.ok(report.success);
  assert.equal(trial.log.started, ['build', 'test', 'deploy', 'notify']);
  assert.equal(report.hookFailures, []);
});

test('nodes that are added later are asked about, too', async (lab) => {
  const trial = lab.start(['a'], {
    hooks: [
      hook(),
      { name: 'adder', onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? addNode(risky('b')) : undefined) },
    ],
  });
  await trial.pass(1_000);
  assert.is(trial.statuses, 'a succeeded, b pending, approve-b waiting');
  await trial.grant(provideInput('approve-b', true));
  assert.is((await trial.end()).outputs['b'], 'b');
});

test('a fan-out is asked about as a whole, the nodes of a sub-DAG by themselves', async (lab) => {
  const trial = lab.start(
    [risky('all', { forEach: { $ref: 'inputs.items' } }), { id: 'sub', action: 'dag', inputs: { dag: 'inner' } }],
    {
      inputs: { items: [1, 2] },
      library: [{ name: 'inner', nodes: [{ id: 'p', action: 'work' }, risky('q', { deps: ['p'] })] }],
      hooks: [hook()],
    },
  );
  await trial.pass(100);
  const waiting = trial.log.ofType('NodeWaiting').filter(({ on }) => on === 'input');
  assert.equal(
    waiting.map(({ nodeId }) => nodeId),
    ['approve-all', 'approve-sub/q'],
  );
  for (const { nodeId } of waiting) await trial.grant(provideInput(nodeId, true));
  const report = await trial.end();
  assert.equal(report.outputs['all'], ['all[0]', 'all[1]']);
  assert.equal(report.outputs['sub'], { p: 'sub/p', q: 'sub/q' });
});

test('nobody is asked about a node that cannot run', async (lab) => {
  const { report, log } = await lab.finish(
    ['x', risky('a', { deps: ['x'] }), 'y', risky('b', { when: { $ref: 'y', equals: 'something else' } })],
    { does: { x: fail() }, hooks: [hook()] },
  );
  assert.equal(log.ofType('NodeWaiting'), []);
  assert.equal(
    report.nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`),
    ['x failed', 'a skipped', 'y succeeded', 'b skipped', 'approve-a skipped', 'approve-b skipped'],
  );
});

test('one approval holds for every attempt and retry', async (lab) => {
  const trial = lab.start([risky('a', { tryCount: 2, retry: { type: 'Immediate' } })], {
    does: {
      a: ({ attempt }) => {
        if (attempt < 4) throw new Error('no');
        return attempt;
      },
    },
    hooks: [
      hook(),
      {
        name: 'again',
        onNodeFailed: (_, { nodeId, attempt }) => (attempt < 4 ? { type: 'RetryNode', nodeId } : undefined),
      },
    ],
  });
  await trial.pass();
  await trial.grant(provideInput('approve-a', true));
  assert.is((await trial.end()).outputs['a'], 4);
  assert.is(trial.log.ofType('NodeWaiting').length, 1);
});

test('a node whose question has no place fails before it starts', async (lab) => {
  const { report, log } = await lab.finish([risky('a'), { id: 'approve-a', action: 'work' }], { hooks: [hook()] });
  assert.equal(log.started, ['approve-a']);
  assert.match(report.nodeOutcomes[0]?.finalError?.message ?? '', 'needs an approval');
});

test('so does a node whose id is too long for a question, and hinders no other', async (lab) => {
  const long = 'x'.repeat(995);
  const trial = lab.start([risky(long), risky('b')], { hooks: [hook()] });
  await trial.pass();
  await trial.grant(provideInput('approve-b', true));
  await trial.end();
  assert.equal(trial.log.started, ['b']);
  assert.is(trial.status(long), 'failed');
});

test('the branch of a node holds its question, too', async (lab) => {
  const trial = lab.start(['x', risky('a', { branch: 'later', deps: ['x'] })], {
    hooks: [hook(), { name: 'pause', onStart: () => ({ type: 'PauseBranch', branchId: 'later' }) }],
  });
  await trial.pass(100);
  assert.is(trial.status('approve-a'), 'ready');
  await trial.grant({ type: 'ResumeBranch', branchId: 'later' });
  await trial.pass();
  assert.is(trial.status('approve-a'), 'waiting');
  await trial.grant({ type: 'CancelRun' });
  await trial.end();
});

test.run();
