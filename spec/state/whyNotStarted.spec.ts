import * as assert from 'uvu/assert';
import { pauseBranch, pauseRun, type SupervisorHookV2 } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('whyNotStarted');

test('names the dependencies that have not ended', async (lab) => {
  const trial = lab.start(['a', 'b', 'c: a b'], { does: { a: 5, b: 10 } });
  await trial.pass(1);
  assert.equal(trial.run.snapshot.whyNotStarted('c'), { on: [{ dependency: 'a' }, { dependency: 'b' }] });
  await trial.pass(5);
  assert.equal(trial.run.snapshot.whyNotStarted('c'), { on: [{ dependency: 'b' }] });
  await trial.end();
});

test('names the limit when no slot is free, and the pool when it is full', async (lab) => {
  const trial = lab.start([node('a', { pool: 'db' }), node('b', { pool: 'db' }), 'c', 'd'], {
    does: { '*': 5 },
    config: { maxParallelNodes: 2, pools: { db: 1 } },
  });
  await trial.pass(1);
  assert.equal(trial.run.snapshot.whyNotStarted('b'), { on: [{ slot: 2 }, { pool: 'db' }] });
  assert.equal(trial.run.snapshot.whyNotStarted('d'), { on: [{ slot: 2 }] });
  await trial.end();
});

test('names paused branches, and the pause of the run', async (lab) => {
  const trial = lab.start([node('a', { branch: 'x' }), 'b: a'], { does: { '*': 5 } });
  await trial.grant(pauseBranch('x'));
  await trial.grant(pauseBranch('a'));
  await trial.pass(1);
  assert.equal(trial.run.snapshot.whyNotStarted('a'), { on: [{ branch: 'x' }, { branch: 'a' }] });
  assert.equal(trial.run.snapshot.whyNotStarted('b'), { on: [{ dependency: 'a' }, { branch: 'a' }] });
  await trial.grant(pauseRun());
  assert.equal(trial.run.snapshot.whyNotStarted('a'), { on: [{ run: 'paused' }, { branch: 'x' }, { branch: 'a' }] });
  await trial.cancel();
});

test('says when a retry is due', async (lab) => {
  const trial = lab.start([node('a', { tryCount: 2, retry: { type: 'Linear', delayMs: 50 } })], {
    does: { a: ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) },
  });
  await trial.pass(1);
  assert.equal(trial.run.snapshot.whyNotStarted('a'), { on: [{ retryAt: trial.events[0]!.at + 50 }] });
  await trial.end();
});

test('names the gate that is asked, and the hooks that hold a node back', async (lab) => {
  const hooks: SupervisorHookV2[] = [
    { name: 'gate', beforeNodeStart: (_, { id }) => (id === 'a' ? lab.after(10) : undefined) },
    { name: 'slow', onNodeComplete: () => lab.after(20) },
  ];
  const trial = lab.start(['a', 'b: a'], { hooks });
  await trial.pass(5);
  assert.equal(trial.run.snapshot.whyNotStarted('a'), { on: [{ gate: 'gate' }] });
  await trial.pass(10);
  assert.equal(trial.run.snapshot.whyNotStarted('b'), { on: [{ hook: 'slow' }] });
  await trial.end();
});

test('says that a person is waited for', async (lab) => {
  const trial = lab.start([{ id: 'ask', action: 'human.input' }, 'b: ask']);
  await trial.pass(1);
  assert.equal(trial.run.snapshot.whyNotStarted('ask'), { on: [{ input: true }] });
  assert.equal(trial.run.snapshot.whyNotStarted('b'), { on: [{ dependency: 'ask' }] });
  await trial.cancel();
});

test('names the nodes that an expanded one waits for', async (lab) => {
  const trial = lab.start([node('f', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1, 2] },
    does: { 'f[0]': 5, 'f[1]': 10 },
  });
  await trial.pass(6);
  assert.equal(trial.run.snapshot.whyNotStarted('f'), { on: [{ dependency: 'f[1]' }] });
  await trial.end();
});

test('says that the run is being cancelled', async (lab) => {
  const trial = lab.start([node('f', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1] },
    does: { '*': () => lab.after(20) },
  });
  await trial.pass(1);
  await trial.grant({ type: 'CancelRun' });
  assert.equal(trial.run.snapshot.whyNotStarted('f')!.on[0], { run: 'cancelling' });
  await trial.end();
});

test('has nothing to say of nodes that run, have ended or do not exist', async (lab) => {
  const trial = lab.start(['a', 'b', 'bad', 'c: bad'], { does: { a: 5, bad: fail() } });
  await trial.pass(1);
  for (const id of ['a', 'b', 'bad', 'c', 'nobody', '__proto__'])
    assert.is(trial.run.snapshot.whyNotStarted(id), undefined, id);
  await trial.end();
});

test('keeps saying in an old snapshot what held then', async (lab) => {
  const trial = lab.start(['a', 'b: a'], { does: { '*': 5 } });
  await trial.pass(1);
  const old = trial.run.snapshot;
  await trial.end();
  assert.equal(old.whyNotStarted('b'), { on: [{ dependency: 'a' }] });
});

test.run();
