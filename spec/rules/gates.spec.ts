import { NEVER, throwError } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  addDependency,
  pauseBranch,
  pauseRun,
  removeNode,
  resumeBranch,
  resumeRun,
  retryNode,
  setNodeInputs,
  type Gate,
  type NodeState,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Gates');

type Answer = ReturnType<NonNullable<SupervisorHookV2['beforeNodeStart']>>;
const gate = (name: string, answer: (state: NodeState) => Answer): SupervisorHookV2 => ({
  name,
  beforeNodeStart: (_, state) => answer(state),
});

test('are asked in hook order, and rewritten inputs pass on', async (lab) => {
  const asked: string[] = [];
  const more = (name: string, wait: number) =>
    gate(name, ({ spec }) => {
      asked.push(`${name} ${JSON.stringify(spec.inputs ?? {})}`);
      return lab.after(wait, { inputs: { ...spec.inputs, [name]: 1 } } as Gate);
    });
  const { report } = await lab.finish([node('a', { inputs: { x: 0 } })], {
    does: { a: ({ inputs }) => inputs },
    hooks: [more('p', 5), gate('q', () => 'proceed'), more('r', 1)],
  });
  assert.equal(asked, ['p {"x":0}', 'r {"x":0,"p":1}']);
  assert.equal(report.outputs['a'], { x: 0, p: 1, r: 1 });
});

for (const [what, answer, status] of [
  ['skip', { skip: 'no' }, 'skipped'],
  ['fail', { fail: 'no' }, 'failed'],
] as const)
  test(`the first ${what} wins: later gates are not asked`, async (lab) => {
    const asked: string[] = [];
    const { statuses } = await lab.finish(['a'], {
      hooks: [gate('p', () => 'proceed'), gate('q', () => answer), gate('r', () => void asked.push('r'))],
    });
    assert.is(statuses, `a ${status}`);
    assert.equal(asked, []);
  });

test('are asked once per start and per RetryNode, not per automatic retry', async (lab) => {
  let asked = 0;
  let failures = 5;
  const { report } = await lab.finish([node('a', { tryCount: 3, retry: { type: 'Immediate' } })], {
    does: { a: () => (failures-- > 0 ? Promise.reject(new Error('no')) : 1) },
    hooks: [{ name: 'h', beforeNodeStart: () => void asked++, onNodeFailed: (_, { nodeId }) => retryNode(nodeId) }],
  });
  assert.ok(report.success);
  assert.is(report.nodeOutcomes[0]!.attempts, 6);
  assert.is(asked, 2);
});

const broken: Readonly<Record<string, () => Answer>> = {
  throws: () => fail('broken')({} as never) as never,
  rejects: () => Promise.reject(new Error('broken')),
  errors: () => throwError(() => new Error('broken')),
  'answers with what is no answer': () => 'perhaps' as never,
  'answers with inputs that are no JSON': () => ({ inputs: { x: Number.NaN } }),
};

for (const [how, answer] of Object.entries(broken))
  test(`a gate that ${how} fails the node, and is a failed hook`, async (lab) => {
    const { statuses, report, log } = await lab.finish(['a', 'b: a', 'c'], {
      hooks: [gate('bad', ({ id }) => (id === 'a' ? answer() : undefined))],
    });
    assert.is(statuses, 'a failed, b skipped, c succeeded');
    assert.is(log.ofType('NodeFailed')[0]!.attempt, 0);
    assert.is(report.hookFailures[0]!.hook, 'bad');
  });

test('a gate that does not answer in time fails the node', async (lab) => {
  for (const answer of [() => NEVER, () => new Promise<Gate>(() => undefined)]) {
    const { report, log } = await lab.finish(['a'], { hooks: [gate('bad', answer)], config: { hookTimeoutMs: 30 } });
    assert.is(report.durationMs, 30);
    assert.is(log.ofType('NodeFailed')[0]!.error.name, 'TimeoutError');
  }
});

test('a starting node holds its slot', async (lab) => {
  const trial = lab.start(['a', 'b'], {
    hooks: [gate('g', ({ id }) => (id === 'a' ? lab.after(10) : undefined))],
    config: { maxParallelNodes: 1 },
  });
  await trial.pass(9);
  assert.is(trial.statuses, 'a starting, b ready');
  assert.equal(trial.run.snapshot.whyNotStarted('b'), { on: [{ slot: 1 }] });
  assert.equal(trial.run.snapshot.whyNotStarted('a'), { on: [{ gate: 'g' }] });
  await trial.end();
});

test('a starting node counts as started', async (lab) => {
  const trial = lab.start(['a', 'b'], {
    does: { b: 50 },
    hooks: [gate('g', ({ id }) => (id === 'a' ? lab.after(10) : undefined))],
  });
  await trial.pass(5);
  await trial.refuse(removeNode('a'));
  await trial.refuse(addDependency('b', 'a'));
  await trial.refuse(setNodeInputs('a', { x: 1 }));
  await trial.end();
});

for (const [what, pause, resume] of [
  ['branch', pauseBranch('a'), resumeBranch('a')],
  ['run', pauseRun(), resumeRun()],
] as const) {
  test(`a pause of the ${what} takes a starting node back to ready, frees its slot, and has the gates asked again`, async (lab) => {
    let asked = 0;
    const trial = lab.start(['a'], {
      hooks: [gate('g', () => lab.after(++asked === 1 ? 10 : 5, { inputs: { asked } }))],
      does: { a: ({ inputs }) => inputs },
    });
    await trial.pass(5);
    await trial.grant(pause);
    assert.is(trial.statuses, 'a ready');
    assert.is(trial.run.snapshot.counts.starting, 0);
    await trial.pass(20);
    assert.is(trial.statuses, 'a ready', 'a stale answer starts nothing');
    await trial.grant(resume);
    const report = await trial.end();
    assert.is(asked, 2);
    assert.is(trial.log.ofType('NodeStarting').length, 2);
    assert.equal(report.outputs['a'], { asked: 2 });
  });

  test(`a stale answer, from before a pause of the ${what}, is dropped when it comes after the second question`, async (lab) => {
    let asked = 0;
    const trial = lab.start(['a'], {
      hooks: [
        gate('g', () =>
          ++asked === 1 ? lab.after(30, { fail: 'stale' }) : lab.after(100, { inputs: { fresh: true } }),
        ),
      ],
      does: { a: ({ inputs }) => inputs },
    });
    await trial.pass(5);
    await trial.grant(pause);
    await trial.pass(1);
    await trial.grant(resume);
    await trial.pass(50);
    assert.is(trial.statuses, 'a starting');
    assert.equal((await trial.end()).outputs['a'], { fresh: true });
  });
}

test('what a gate answers after the node was cancelled is dropped', async (lab) => {
  const trial = lab.start(['a'], { hooks: [gate('g', () => lab.after(10))] });
  await trial.pass(5);
  await trial.grant({ type: 'CancelBranch', branchId: 'a' });
  await trial.pass(20);
  await trial.end();
  assert.is(trial.statuses, 'a cancelled');
  assert.equal(trial.log.started, []);
});

test('rewritten inputs are a NodeInputsSet by the hook, taken literally', async (lab) => {
  const odd = { ref: { $ref: 'x.y' }, literal: { $literal: { $ref: 'x' } }, deep: [{ $ref: 'inputs.z' }] };
  const { report, log } = await lab.finish(['x', node('a: x', { inputs: { v: { $ref: 'x' } } })], {
    does: { a: ({ inputs }) => inputs },
    hooks: [gate('p', () => undefined), gate('g', ({ id }) => (id === 'a' ? { inputs: odd } : undefined))],
  });
  const [set] = log.ofType('NodeInputsSet');
  const starting = log.ofType('NodeStarting').find(({ nodeId }) => nodeId === 'a')!;
  assert.is(set!.by, 'g');
  assert.is(set!.cause, starting.seq);
  assert.equal(report.outputs['a'], odd);
});

test('are asked about each item of a fan-out', async (lab) => {
  const asked: string[] = [];
  const { report } = await lab.finish([node('f', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1, 2] },
    hooks: [gate('g', ({ id }) => void asked.push(id))],
  });
  assert.ok(report.success);
  assert.equal(
    asked.filter((id) => id !== 'f'),
    ['f[0]', 'f[1]'],
  );
});

test('a skip by the gate is no failed hook, and its name stands in the event', async (lab) => {
  const { log, report } = await lab.finish(['a'], { hooks: [gate('g', () => ({ skip: 'known', output: [1] }))] });
  assert.is(log.ofType('NodeSkipped')[0]!.by, 'g');
  assert.equal(log.ofType('NodeSkipped')[0]!.output, [1]);
  assert.equal(report.hookFailures, []);
});

test.run();
