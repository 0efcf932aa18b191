import { delay, of } from 'rxjs';
import * as assert from 'uvu/assert';
import { type Gate, type SupervisorHookV2 } from '../../lib/index.js';
import { labSuite, type Lab } from '../support/executor.js';
import { expectTimeline } from '../support/timeline.js';

const test = labSuite('G4 Gates');

type GateAnswer = ReturnType<NonNullable<SupervisorHookV2['beforeNodeStart']>>;

/** A hook whose gate answers for node a, and lets all others go. */
const gate = (answer: () => GateAnswer): SupervisorHookV2 => ({
  name: 'gate',
  beforeNodeStart: (_, { id }) => (id === 'a' ? answer() : 'proceed'),
});

/** The same answer at once, as a Promise, as an Observable, and both after a while. */
const forms = (lab: Lab, answer: Gate): Readonly<Record<string, () => GateAnswer>> => ({
  'at once': () => answer,
  promise: () => Promise.resolve(answer),
  observable: () => of(answer),
  'late promise': () => lab.after(10, answer),
  'late observable': () => of(answer).pipe(delay(10, lab.time)),
});

test('awaits the gate before the node starts', async (lab) => {
  const { events, log } = await lab.finish(['a', 'b'], {
    does: { '*': 1 },
    hooks: [gate(() => lab.after(10, 'proceed'))],
  });
  expectTimeline(events, '0 >b, 1 B, 10 a, 11 A.');
  assert.equal(log.ofType('NodeStarting').length, 2);
  for (const { nodeId, seq } of log.ofType('NodeStarting'))
    assert.ok(seq < events.find((event) => event.type === 'NodeStarted' && event.nodeId === nodeId)!.seq);
});

test('does not call the action before the gate has answered', async (lab) => {
  let called = false;
  const trial = lab.start(['a'], { does: { a: () => (called = true) }, hooks: [gate(() => lab.after(10))] });
  await trial.pass(9);
  assert.not(called);
  assert.is(trial.status('a'), 'starting');
  await trial.end();
  assert.ok(called);
});

for (const answer of [undefined, 'proceed'] as const)
  test(`lets the node start on ${answer ?? 'nothing'}, in every form`, async (lab) => {
    for (const [form, say] of Object.entries(forms(lab, answer))) {
      const { report } = await lab.finish(['a', 'b: a'], { hooks: [gate(say)] });
      assert.ok(report.success, form);
      assert.equal({ ...report.outputs }, { a: 'a', b: 'b' });
    }
  });

test("rewrites the node's inputs", async (lab) => {
  for (const [form, say] of Object.entries(forms(lab, { inputs: { x: 2 } }))) {
    const { report } = await lab.finish([{ id: 'a', action: 'work', inputs: { x: 1, y: 1 } }], {
      does: { a: ({ inputs }) => inputs },
      hooks: [gate(say)],
    });
    assert.equal(report.outputs['a'], { x: 2 }, form);
  }
});

test('skips the node, on purpose, and its dependants with it', async (lab) => {
  for (const [form, say] of Object.entries(forms(lab, { skip: 'not today' }))) {
    const trial = await lab.finish(['a', 'b: a'], { hooks: [gate(say)] });
    assert.is(trial.statuses, 'a skipped, b skipped', form);
    assert.is(trial.log.ofType('NodeSkipped')[0]!.reason, 'not today');
    assert.ok(trial.report.success);
    assert.equal(trial.log.started, []);
  }
});

test('skips the node with an output that its dependants run with', async (lab) => {
  for (const [form, say] of Object.entries(forms(lab, { skip: 'known', output: { n: 7 } }))) {
    const { report, statuses } = await lab.finish(['a', { id: 'b', action: 'work', inputs: { n: { $ref: 'a.n' } } }], {
      does: { b: ({ inputs }) => inputs },
      hooks: [gate(say)],
    });
    assert.is(statuses, 'a skipped, b succeeded', form);
    assert.equal(report.outputs['b'], { n: 7 });
    assert.ok(report.success);
  }
});

test('fails the node before its first attempt', async (lab) => {
  for (const [form, say] of Object.entries(forms(lab, { fail: 'forbidden' }))) {
    const { report, statuses, log } = await lab.finish(['a', 'b: a'], { hooks: [gate(say)] });
    assert.is(statuses, 'a failed, b skipped', form);
    assert.not(report.success);
    assert.equal(
      log.ofType('NodeFailed').map(({ attempt, error }) => [attempt, error.message]),
      [[0, 'forbidden']],
    );
    assert.equal(log.started, []);
  }
});

test('lets other nodes go on while a gate thinks', async (lab) => {
  const { events } = await lab.finish(['a', 'b', 'c: b', 'd: a'], {
    does: { '*': 2 },
    hooks: [gate(() => lab.after(20))],
  });
  expectTimeline(events, '0 >b, 2 Bc, 4 C, 20 a, 22 Ad, 24 D.');
});

test('shows the gate the node and the context of its hook', async (lab) => {
  const seen: unknown[] = [];
  await lab.finish([{ id: 'a', action: 'work', inputs: { x: 1 }, branch: 'left' }], {
    runId: 'r1',
    appData: 'mine',
    hooks: [
      {
        name: 'gate',
        beforeNodeStart: (ctx, { id, status, spec, branch }) =>
          void seen.push([id, status, spec.inputs, branch, ctx.runId, ctx.appData, ctx.snapshot().node('a')!.status]),
      },
    ],
  });
  assert.equal(seen, [['a', 'starting', { x: 1 }, 'left', 'r1', 'mine', 'starting']]);
});

test('says NodeStarting only where gates exist', async (lab) => {
  const { log } = await lab.finish(['a'], { hooks: [{ name: 'no gate', onNodeStart: () => undefined }] });
  assert.is(log.ofType('NodeStarting').length, 0);
});

test.run();
