import * as assert from 'uvu/assert';
import {
  addNode,
  cancelBranch,
  cancelRun,
  emitEvent,
  pauseBranch,
  pauseRun,
  resumeRun,
  retryNode,
  setConcurrency,
  setPriority,
  skipNode,
  updateMetrics,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Cancel');

test('cancels what has not started at once, and what runs when it ends', async (lab) => {
  const trial = lab.start(
    [
      'a',
      'b: a',
      { id: 'ask', action: 'human.input' },
      node('again', { tryCount: 2, retry: { type: 'Linear', delayMs: 500 } }),
    ],
    {
      does: { a: () => lab.after(20), again: ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) },
    },
  );
  await trial.pass(5);
  const seq = await trial.grant(cancelRun('enough'));
  assert.is(trial.statuses, 'a running, b cancelled, ask cancelled, again cancelled');
  const [first] = trial.log.ofType('RunCancelling');
  assert.equal([first!.reason, first!.origin], ['enough', 'user']);
  assert.is(seq, first!.seq + 3);
  await trial.end();
  assert.is(trial.log.ofType('NodeCancelled').at(-1)!.nodeId, 'a');
  for (const { reason, abandoned } of trial.log.ofType('NodeCancelled'))
    assert.equal([reason, abandoned], ['enough', false]);
});

test('cancels running nodes whatever they return within the grace time', async (lab) => {
  const trial = lab.start(['value', 'error', 'array'], {
    does: {
      value: () => lab.after(10, 1),
      error: () => lab.after(10, () => fail()({} as never)),
      array: () => lab.after(10, [1]),
    },
  });
  await trial.pass(1);
  const report = await trial.cancel();
  assert.is(trial.statuses, 'value cancelled, error cancelled, array cancelled');
  assert.equal(Object.keys(report.outputs), []);
  assert.is(report.metrics.nodesCancelled, 3);
});

test('tells of an action that is given up while it is cancelled after a timeout', async (lab) => {
  const trial = lab.start([node('deaf', { timeoutMs: 10 })], {
    does: { deaf: () => lab.after(5_000) },
    config: { graceMs: 100 },
  });
  await trial.pass(50);
  assert.is(trial.status('deaf'), 'running');
  const report = await trial.cancel();
  assert.equal(
    trial.log.ofType('NodeCancelled').map(({ nodeId, abandoned }) => [nodeId, abandoned]),
    [['deaf', true]],
  );
  assert.is(report.durationMs, 110, 'the grace time is given once');
});

test('skips dependants outside the branch, with the cause', async (lab) => {
  const trial = lab.start([node('a', { branch: 'left' }), 'b: a', 'c: b', 'd'], { does: { a: () => lab.after(10) } });
  await trial.pass(1);
  await trial.grant(cancelBranch('left', 'wrong'));
  const report = await trial.end();
  assert.is(trial.statuses, 'a cancelled, b skipped, c skipped, d succeeded');
  assert.equal(
    report.nodeOutcomes.map(({ becauseOf }) => becauseOf),
    [undefined, 'a', 'a', undefined],
  );
  assert.is(report.status, 'failed');
});

test('lets a cancelling run refuse all but UpdateMetrics and EmitEvent', async (lab) => {
  const trial = lab.start(['a', 'b: a'], { does: { a: () => lab.after(50) } });
  await trial.pass(1);
  await trial.grant(cancelRun());
  for (const command of [
    addNode(node('x')),
    cancelRun(),
    cancelBranch('a'),
    pauseRun(),
    resumeRun(),
    pauseBranch('a'),
    setConcurrency(1),
    setPriority('a', 1),
    skipNode('b'),
    retryNode('b'),
  ])
    assert.match((await trial.refuse(command)).reason, /cancel/);
  await trial.grant(updateMetrics({ x: 1 }));
  await trial.grant(emitEvent('x', 1));
  const report = await trial.end();
  assert.equal(report.metrics.custom, { x: 1 });
  assert.is(report.refusedCommands.length, 10);
});

test('cancels the rest after a failure where the policy is Stop, with status failed', async (lab) => {
  const trial = await lab.finish(['a', 'b', 'c: b', 'd: a'], {
    does: { a: '--#', b: () => lab.after(20) },
    config: { onFailure: 'Stop' },
  });
  assert.is(trial.report.status, 'failed');
  assert.is(trial.log.ofType('RunCancelling')[0]!.origin, 'policy');
  assert.match(trial.report.error ?? '', '"a" failed');
  assert.is(trial.status('b'), 'cancelled');
  assert.is(trial.status('c'), 'cancelled');
});

test('pauses the run after a failure where the policy is Pause', async (lab) => {
  const trial = lab.start(['a', 'b', 'c: b'], { does: { a: fail(), b: 5 }, config: { onFailure: 'Pause' } });
  await trial.pass(100);
  assert.is(trial.run.snapshot.status, 'paused');
  assert.match(trial.log.ofType('RunPaused')[0]!.reason ?? '', '"a"');
  assert.is(trial.statuses, 'a failed, b succeeded, c ready');
  await trial.grant(resumeRun());
  assert.is((await trial.end()).status, 'failed');
  assert.is(trial.status('c'), 'succeeded');
});

test('neither pauses nor stops for a node that says onFailure: continue', async (lab) => {
  for (const onFailure of ['Pause', 'Stop'] as const) {
    const { report, statuses } = await lab.finish([node('a', { onFailure: 'continue' }), 'b: a'], {
      does: { a: fail() },
      config: { onFailure },
    });
    assert.is(statuses, 'a failed, b succeeded');
    assert.is(report.status, 'failed');
  }
});

test('cancels at the deadline, with status failed', async (lab) => {
  const { report, log, statuses } = await lab.finish(['a', 'b: a'], { does: { a: 500 }, config: { timeoutMs: 100 } });
  assert.is(report.status, 'failed');
  assert.is(report.durationMs, 100);
  assert.is(log.ofType('RunCancelling')[0]!.origin, 'deadline');
  assert.is(statuses, 'a cancelled, b cancelled');
  assert.is(report.error, 'DAG timeout exceeded after 100 ms (config.timeoutMs); a fork has as long again');
});

test('lets the deadline not come after the run has been cancelled', async (lab) => {
  const trial = lab.start(['a'], { does: { a: () => lab.after(500) }, config: { timeoutMs: 100 } });
  await trial.pass(50);
  const report = await trial.cancel();
  assert.is(report.status, 'cancelled');
  assert.is(trial.log.ofType('RunCancelling').length, 1);
});

test('cancels a fan-out with its items, and a sub-DAG with its nodes', async (lab) => {
  const trial = lab.start(
    [node('f', { forEach: { $ref: 'inputs.list' } }), { id: 's', action: 'dag', inputs: { dag: 'inner' } }, 'z: f s'],
    {
      inputs: { list: [1, 2, 3, 4] },
      library: [{ name: 'inner', nodes: [node('x'), node('y: x')] }],
      does: { '*': () => lab.after(20) },
      config: { maxParallelNodes: 3 },
    },
  );
  await trial.pass(5);
  const report = await trial.cancel();
  assert.ok(
    report.nodeOutcomes.every(({ status }) => status === 'cancelled'),
    trial.statuses,
  );
  assert.is(report.nodeOutcomes.length, 9);
});

test('cancels a branch alone that fans out', async (lab) => {
  const trial = lab.start([node('f', { forEach: { $ref: 'inputs.list' } }), 'z: f', 'other'], {
    inputs: { list: [1, 2] },
    does: { '*': () => lab.after(20), other: 50 },
  });
  await trial.pass(5);
  await trial.grant(cancelBranch('f'));
  await trial.end();
  assert.is(trial.statuses, 'f cancelled, z cancelled, other succeeded, f[0] cancelled, f[1] cancelled');
});

test('names the branch where no reason is given', async (lab) => {
  const trial = lab.start([node('a', { branch: 'x' }), node('b: a', { branch: 'x' })], {
    does: { a: () => lab.after(5) },
  });
  await trial.pass(1);
  await trial.grant(cancelBranch('x'));
  await trial.end();
  for (const { reason } of trial.log.ofType('NodeCancelled')) assert.is(reason, 'branch "x" was cancelled');
});

test('ends with the reason as its error', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 100 } });
  await trial.pass(1);
  const report = await trial.cancel('the user went home');
  assert.is(report.error, 'the user went home');
  const [settled] = trial.log.ofType('RunSettled');
  assert.equal([settled!.status, settled!.success, settled!.error], ['cancelled', false, 'the user went home']);
});

test.run();
