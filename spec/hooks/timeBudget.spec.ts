import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { timeBudget, type NodeSpec } from '../../lib/index.js';
import { labSuite } from '../support/executor.js';
import { isDagError } from '../support/isDagError.js';

const test = labSuite('timeBudget');

const labelled = (id: string, branch: string, ...deps: readonly string[]): NodeSpec => ({
  id,
  action: 'work',
  branch,
  deps,
});

test('cancels a run that takes too long', async (lab) => {
  const { report, log } = await lab.finish(['a', 'b: a', 'c: b'], {
    does: { '*': 40 },
    hooks: [timeBudget({ ms: 100, scheduler: lab.time })],
  });
  assert.is(report.status, 'cancelled');
  assert.is(report.durationMs, 100);
  assert.equal(
    log.ofType('RunCancelling').map(({ by, reason }) => [by, reason]),
    [['timeBudget', 'the time budget of 100 ms is used up']],
  );
  assert.equal(
    report.nodeOutcomes.map(({ status }) => status),
    ['succeeded', 'succeeded', 'cancelled'],
  );
});

test('leaves a run alone that is done in time, and does not keep it open', async (lab) => {
  const { report } = await lab.finish(['a'], {
    does: { a: 99 },
    hooks: [timeBudget({ ms: 100, scheduler: lab.time })],
  });
  assert.ok(report.success);
  assert.is(report.durationMs, 99);
  if (lab.store === undefined) assert.is(lab.time.pending, 0);
});

test('pauses the run instead', async (lab) => {
  const trial = lab.start(['a', 'b: a'], {
    does: { '*': 60 },
    hooks: [timeBudget({ ms: 50, action: 'pauseRun', scheduler: lab.time })],
  });
  await trial.pass(1_000);
  assert.is(trial.statuses, 'a succeeded, b ready');
  assert.is(trial.run.snapshot.status, 'paused');
  await trial.grant({ type: 'ResumeRun' });
  const report = await trial.end();
  assert.ok(report.success); // it acts once
});

test('a branch has its own time, from the first start of one of its nodes', async (lab) => {
  const { report, log } = await lab.finish(
    ['a', labelled('x', 'late', 'a'), labelled('y', 'late', 'x'), labelled('z', 'late', 'y'), 'after: z'],
    { does: { a: 200, '*': 30 }, hooks: [timeBudget({ ms: 50, branch: 'late', scheduler: lab.time })] },
  );
  assert.is(log.ofType('BranchCancelled')[0]!.at - report.startedAt, 250);
  assert.equal(
    report.nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`),
    ['a succeeded', 'x succeeded', 'y cancelled', 'z cancelled', 'after skipped'],
  );
});

test('a branch that is done in time is left in peace', async (lab) => {
  const { report, log } = await lab.finish([labelled('x', 'quick'), 'b'], {
    does: { x: 10, b: 500 },
    hooks: [timeBudget({ ms: 50, branch: 'quick', scheduler: lab.time })],
  });
  assert.ok(report.success);
  assert.equal(log.ofType('BranchCancelled'), []);
});

test('the branch may be a fan-out, known by its id', async (lab) => {
  const { report } = await lab.finish([{ id: 'all', action: 'work', forEach: { $ref: 'inputs.items' } }, 'b: all'], {
    inputs: { items: [1, 2] },
    does: { '*': 80 },
    hooks: [timeBudget({ ms: 50, branch: 'all', action: 'pauseBranch', scheduler: lab.time })],
    config: { maxParallelNodes: 1, timeoutMs: 1_000 },
  });
  // The first item runs to its end, the second is held until the run's own deadline.
  assert.is(report.outputs['all[0]'], 'all[0]');
  assert.match(report.error!, 'DAG timeout exceeded');
});

test('the budget of a branch may end the run', async (lab) => {
  const { report } = await lab.finish([labelled('x', 'part'), 'b'], {
    does: { '*': 500 },
    hooks: [timeBudget({ ms: 50, branch: 'part', action: 'cancelRun', scheduler: lab.time })],
  });
  assert.is(report.status, 'cancelled');
  assert.is(report.durationMs, 50);
});

test('two budgets in one run keep apart, and a shared hook starts anew in each run', async (lab) => {
  const hooks = [
    timeBudget({ ms: 30, branch: 'x', scheduler: lab.time }),
    timeBudget({ ms: 60, branch: 'y', scheduler: lab.time }),
  ];
  for (const runId of ['one', 'two']) {
    const { log, report } = await lab.finish(['x', 'y', 'z'], { runId, does: { '*': 100 }, hooks });
    assert.equal(
      log.ofType('BranchCancelled').map(({ branchId, by, at }) => [branchId, by, at - report.startedAt]),
      [
        ['x', 'timeBudget', 30],
        ['y', 'timeBudget#2', 60],
      ],
    );
    assert.is(report.outputs['z'], 'z');
  }
});

test('asks for nothing while the run is being cancelled', async (lab) => {
  const trial = lab.start(['a'], {
    does: { a: () => new Promise(() => undefined) },
    hooks: [timeBudget({ ms: 100, scheduler: lab.time })],
    config: { graceMs: 500 },
  });
  await trial.pass(50);
  await trial.grant({ type: 'CancelRun' });
  const report = await trial.end();
  assert.equal(report.refusedCommands, []);
});

test.run();

const options = suite('timeBudget options');

options('wrong ones are refused at once', () => {
  for (const ms of [0, -1, NaN, Infinity]) assert.throws(() => timeBudget({ ms }), isDagError);
  assert.throws(
    () => timeBudget({ ms: 1, action: 'pauseBranch' }),
    /timeBudget: "pauseBranch" needs the option "branch"/,
  );
});

options.run();
