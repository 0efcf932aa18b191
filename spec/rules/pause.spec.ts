import * as assert from 'uvu/assert';
import { addNode, cancelRun, pauseRun, provideInput, resumeRun, type SupervisorHookV2 } from '../../lib/index.js';
import { labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';

const test = labSuite('Pause and quiescence');

test('a paused run starts nothing, aborts nothing, and goes on when it is resumed', async (lab) => {
  let aborted = false;
  const trial = lab.start(['a', 'b: a', 'c'], {
    does: { a: ({ signal }) => (signal.addEventListener('abort', () => (aborted = true)), lab.after(5)), b: 2, c: 9 },
  });
  await trial.pass(1);
  await trial.grant(pauseRun('lunch'));
  assert.is(trial.run.snapshot.status, 'paused');
  assert.is(trial.log.ofType('RunPaused')[0]!.reason, 'lunch');
  await trial.pass(19);
  assert.is(trial.statuses, 'a succeeded, b ready, c succeeded');
  assert.equal(trial.run.snapshot.whyNotStarted('b')!.on, [{ run: 'paused' }]);
  await trial.grant(resumeRun());
  await trial.end();
  expectTimeline(trial.events, '0 >ac, 5 A, 9 C, 20 b, 22 B.');
  assert.not(aborted);
});

test('a paused run is never quiescent, even if every node is final', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 5 } });
  await trial.pass(1);
  await trial.grant(pauseRun());
  await trial.pass(1_000);
  assert.is(trial.statuses, 'a succeeded');
  assert.is(trial.run.snapshot.status, 'paused');
  assert.is(trial.log.ofType('RunQuiescent').length, 0);
  await trial.grant(addNode(node('b')));
  await trial.grant(resumeRun());
  assert.ok((await trial.end()).success);
  assert.is(trial.log.ofType('RunQuiescent').length, 1);
});

test('a run that is paused at RunQuiescent does not settle, and is quiescent again afterwards', async (lab) => {
  let paused = false;
  const trial = lab.start(['a'], {
    hooks: [{ name: 'h', onComplete: () => (paused ? undefined : ((paused = true), pauseRun())) }],
  });
  await trial.pass(1_000);
  assert.is(trial.run.snapshot.status, 'paused');
  await trial.grant(resumeRun());
  await trial.end();
  assert.is(trial.log.ofType('RunQuiescent').length, 2);
});

test('a cancelled run gets RunQuiescent and onComplete(false) as well', async (lab) => {
  const told: boolean[] = [];
  const hook: SupervisorHookV2 = { name: 'h', onComplete: (_, success) => void told.push(success) };
  const trial = lab.start(['a', 'b: a'], { does: { a: 10 }, hooks: [hook] });
  await trial.pass(1);
  await trial.cancel();
  assert.equal(told, [false]);
  assert.equal(
    trial.events.slice(-2).map(({ type }) => type),
    ['RunQuiescent', 'RunSettled'],
  );
});

test('a paused run can be cancelled', async (lab) => {
  const trial = lab.start(['a']);
  await trial.grant(pauseRun());
  await trial.grant(cancelRun());
  assert.is((await trial.end()).status, 'cancelled');
});

test('a pause does not count against the deadline', async (lab) => {
  const trial = lab.start(['a', 'b: a'], { does: { '*': 30 }, config: { timeoutMs: 100 } });
  await trial.pass(10);
  await trial.grant(pauseRun());
  await trial.pass(10_000);
  await trial.grant(resumeRun());
  assert.ok((await trial.end()).success);

  const slow = lab.start(['a'], { does: { a: 300 }, config: { timeoutMs: 100 } });
  await slow.pass(60);
  await slow.grant(pauseRun());
  await slow.pass(100);
  await slow.grant(resumeRun());
  const report = await slow.end();
  assert.is(report.status, 'failed');
  assert.is(report.durationMs, 200);
});

test('time in which a run waits for people alone does not count against the deadline', async (lab) => {
  const trial = lab.start([{ id: 'ask', action: 'human.input' }, 'b: ask'], {
    does: { b: 50 },
    config: { timeoutMs: 100 },
  });
  await trial.pass(100_000);
  await trial.grant(provideInput('ask', 1));
  assert.ok((await trial.end()).success);

  const busy = lab.start([{ id: 'ask', action: 'human.input' }, 'b'], {
    does: { b: 10_000 },
    config: { timeoutMs: 100 },
  });
  assert.is((await busy.end()).durationMs, 100);
});

test("a person's branch that is paused waits on, too", async (lab) => {
  const trial = lab.start(['a', { id: 'ask', action: 'human.input', deps: ['a'] }]);
  await trial.grant({ type: 'PauseBranch', branchId: 'ask' });
  await trial.pass(10);
  assert.is(trial.status('ask'), 'ready');
  await trial.grant({ type: 'ResumeBranch', branchId: 'ask' });
  await trial.pass();
  assert.is(trial.status('ask'), 'waiting');
  await trial.grant(provideInput('ask', 'x'));
  await trial.end();
});

test('a retry that falls due in a pause starts when the run is resumed', async (lab) => {
  const trial = lab.start([node('a', { tryCount: 2, retry: { type: 'Linear', delayMs: 10 } })], {
    does: { a: ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('no')) : 1) },
  });
  await trial.pass(1);
  await trial.grant(pauseRun());
  await trial.pass(50);
  assert.is(trial.statuses, 'a retrying');
  await trial.grant(resumeRun());
  assert.ok((await trial.end()).success);
});

test.run();
