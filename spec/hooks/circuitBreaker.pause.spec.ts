import * as assert from 'uvu/assert';
import { circuitBreaker, type CircuitBreakerOptions, type DagExecutionReport, type NodeSpec } from '../../lib/index.js';
import { labSuite, type Lab } from '../support/executor.js';

const test = labSuite('circuitBreaker, pauses');

const ids = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => `n${i + 1}`);
const breaker = (lab: Lab, options: CircuitBreakerOptions) => circuitBreaker({ scheduler: lab.time, ...options });

const statuses = ({ nodeOutcomes }: DagExecutionReport): string => nodeOutcomes.map(({ status }) => status).join(' ');

/** The nth start of any node fails if `bad` says so; each lasts 10 ms. */
const service = (lab: Lab, bad: (start: number) => boolean) => {
  let starts = 0;
  return async () => {
    const isBad = bad(++starts);
    await lab.after(10);
    if (isBad) throw new Error('unavailable');
    return 'ok';
  };
};

test('pauses the run before more work starts, once so many attempts in a row have failed', async (lab) => {
  const trial = lab.start(ids(6), {
    does: { '*': service(lab, () => true) },
    hooks: [breaker(lab, { failures: 3 })],
    config: { maxParallelNodes: 1 },
  });
  await trial.pass(1_000);
  assert.is(trial.run.snapshot.status, 'paused');
  assert.is(trial.statuses, 'n1 failed, n2 failed, n3 failed, n4 ready, n5 ready, n6 ready');
  assert.equal(trial.lines('RunPaused'), ['RunPaused 3 attempts in a row have failed (by circuitBreaker on 7)']);
  await trial.grant({ type: 'CancelRun' });
  await trial.end();
});

test('lifts its pause for a trial, opens again on a failure and closes on a success', async (lab) => {
  const { report, log } = await lab.finish(ids(8), {
    // Down for its first five calls.
    does: { '*': service(lab, (start) => start <= 5) },
    hooks: [breaker(lab, { failures: 3, resetMs: 100 })],
    config: { maxParallelNodes: 1 },
  });
  assert.equal(
    log.events
      .filter(({ type }) => /^Run(?:Paused|Resumed)/.test(type))
      .map(({ type, at, by }) => [type, at - report.startedAt, by]),
    [
      ['RunPaused', 30, 'circuitBreaker'],
      ['RunResumed', 130, 'circuitBreaker'],
      ['RunPaused', 140, 'circuitBreaker'],
      ['RunResumed', 240, 'circuitBreaker'],
      ['RunPaused', 250, 'circuitBreaker'],
      ['RunResumed', 350, 'circuitBreaker'],
    ],
  );
  assert.is(statuses(report), 'failed failed failed failed failed succeeded succeeded succeeded');
  // The end of a pause names the failure that it goes back to.
  const failures = log.ofType('NodeFailed').map(({ seq }) => seq);
  assert.equal(
    log.ofType('RunResumed').map(({ cause }) => cause),
    failures.slice(2),
  );
});

test('what ends while the circuit is open does not count', async (lab) => {
  const { log } = await lab.finish(ids(6), {
    does: { '*': service(lab, (start) => start <= 3) },
    hooks: [breaker(lab, { failures: 1, resetMs: 50 })],
    config: { maxParallelNodes: 3 },
  });
  assert.is(log.ofType('RunPaused').length, 1);
});

const branchNodes: readonly NodeSpec[] = [
  ...ids(4).map((id): NodeSpec => ({ id, action: 'work', branch: 'remote' })),
  { id: 'local', action: 'work' },
];

test('pauses a branch, and everything else goes on', async (lab) => {
  const { report, log } = await lab.finish([...branchNodes, 'later: local'], {
    does: { '*': service(lab, (start) => start <= 2), local: 20, later: 20 },
    hooks: [breaker(lab, { failures: 2, branch: 'remote', resetMs: 500 })],
    config: { maxParallelNodes: 3 },
  });
  assert.equal(
    log.events.filter(({ type }) => type.startsWith('Branch')).map(({ type, at }) => [type, at - report.startedAt]),
    [
      ['BranchPaused', 10],
      ['BranchResumed', 510],
    ],
  );
  assert.ok(log.ofType('NodeSucceeded').find(({ nodeId }) => nodeId === 'later')!.at - report.startedAt < 100);
  assert.is(statuses(report), 'failed failed succeeded succeeded succeeded succeeded');
});

test('never lifts a pause that somebody else has made', async (lab) => {
  const trial = lab.start(ids(3), {
    does: { '*': service(lab, () => true) },
    hooks: [breaker(lab, { failures: 1, resetMs: 50 })],
    config: { maxParallelNodes: 1 },
  });
  await trial.pass(5);
  await trial.grant({ type: 'PauseRun', reason: 'lunch' });
  await trial.pass(10_000);
  assert.is(trial.run.snapshot.status, 'paused');
  assert.equal(trial.lines('RunPaused'), ['RunPaused lunch (by user)']);
  await trial.grant({ type: 'ResumeRun' });
  const report = await trial.end();
  assert.is(report.metrics.nodesFailed, 3);
});

test('a pause that was lifted by hand is not lifted again', async (lab) => {
  const trial = lab.start(ids(3), {
    does: { '*': service(lab, (start) => start === 1) },
    hooks: [breaker(lab, { failures: 1, resetMs: 100 })],
    config: { maxParallelNodes: 1 },
  });
  await trial.pass(20);
  await trial.grant({ type: 'ResumeRun' });
  await trial.pass(5);
  await trial.grant({ type: 'PauseRun' });
  await trial.pass(1_000);
  assert.is(trial.run.snapshot.status, 'paused');
  await trial.grant({ type: 'ResumeRun' });
  await trial.end();
});

test.run();
