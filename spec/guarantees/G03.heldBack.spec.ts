import { NEVER, map, take, throwError, timer } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  HookAdapter,
  addDependency,
  pauseBranch,
  provideInput,
  resumeBranch,
  retryNode,
  skipNode,
  type Hook,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';

const test = labSuite('G3 Hooks answer before consequences: what is held back');

const held = (answer: SupervisorHookV2['onNodeComplete'], more: Partial<SupervisorHookV2> = {}): SupervisorHookV2 => ({
  name: 'h',
  onNodeComplete: (ctx, event) => (event.nodeId === 'a' ? answer!(ctx, event) : undefined),
  ...more,
});

test("holds back a node's dependants until a Promise from onNodeComplete settles, and nothing else", async (lab) => {
  const { events } = await lab.finish(['a', 'b: a', 'c', 'd: c', 'e'], {
    does: { a: 1, b: 1, c: 2, d: 1, e: 1 },
    hooks: [held(() => lab.after(10))],
    config: { maxParallelNodes: 9 },
  });
  expectTimeline(events, '0 >ace, 1 AE, 2 Cd, 3 D, 11 b, 12 B.');
});

test('holds them back until an Observable from onNodeComplete completes', async (lab) => {
  const { events, log } = await lab.finish(['a', 'b: a', 'c: a'], {
    does: { '*': 1 },
    hooks: [
      held(() =>
        timer(5, 5, lab.time).pipe(
          take(2),
          map((i) => skipNode(i === 0 ? 'c' : 'nobody')),
        ),
      ),
    ],
  });
  assert.is(log.ofType('CommandRefused').length, 1);
  expectTimeline(events, '0 >a, 1 A, 6 /, 11 b, 12 B.');
});

test('applies the commands of a late answer before the dependants go on', async (lab) => {
  const trial = lab.start(['a', 'b: a', 'c: a'], { hooks: [held(() => lab.after(10, pauseBranch('b')))] });
  await trial.pass(20);
  assert.is(trial.statuses, 'a succeeded, b ready, c succeeded');
  await trial.grant(resumeBranch('b'));
  await trial.end();
});

test('holds back the consequences of a failure: skips, dependants that go on, failure actions, the policy', async (lab) => {
  const trial = lab.start(
    ['a', 'b: a', node('x', { onFailure: 'continue' }), 'y: x', node('z', { failureAction: 'work' })],
    {
      does: { a: fail(), x: fail(), z: fail() },
      hooks: [{ name: 'h', onNodeFailed: () => lab.after(10) }],
      config: { onFailure: 'Pause', maxParallelNodes: 9 },
    },
  );
  await trial.pass(9);
  assert.is(trial.statuses, 'a failed, b pending, x failed, y ready, z failed');
  assert.is(trial.run.snapshot.status, 'running');
  await trial.pass(2);
  assert.is(trial.run.snapshot.status, 'paused');
  assert.is(trial.status('b'), 'skipped');
  assert.is(trial.status('z.failure'), 'ready');
  await trial.grant({ type: 'ResumeRun' });
  await trial.end();
  assert.is(trial.status('y'), 'succeeded');
});

test('lets a retry that a hook asks for late win over the skip of the dependants', async (lab) => {
  let left = 1;
  const { report, log } = await lab.finish(['a', 'b: a', 'c: b'], {
    does: { a: () => (left-- > 0 ? fail()({} as never) : 1) },
    hooks: [{ name: 'h', onNodeFailed: async (_, { nodeId }) => lab.after(10, retryNode(nodeId)) }],
    config: { onFailure: 'Stop' },
  });
  assert.ok(report.success);
  assert.is(log.ofType('NodeSkipped').length, 0);
});

test('holds back dependants for an old-form hook', async (lab) => {
  const adapter = new HookAdapter({ onNodeComplete: (_, { id }) => (id === 'a' ? lab.after(10) : Promise.resolve()) });
  const { events } = await lab.finish(['a', 'b: a', 'c', 'd: c'], { does: { '*': 1 }, hooks: [adapter] });
  expectTimeline(events, '0 >ac, 1 ACd, 2 D, 11 b, 12 B.');
});

test('holds back dependants of every kind: people, fan-outs, sub-DAGs, conditions', async (lab) => {
  const nodes = [
    'a',
    { id: 'ask', action: 'human.input', deps: ['a'] },
    node('f: a', { forEach: { $ref: 'inputs.list' } }),
    { id: 's', action: 'dag', inputs: { dag: 'inner' }, deps: ['a'] },
    node('c: a', { when: { $ref: 'inputs.go' } }),
    node('last: a', { runIf: 'allDone' }),
  ];
  const trial = lab.start(nodes, {
    inputs: { list: [1], go: false },
    library: [{ name: 'inner', nodes: [node('x')] }],
    hooks: [held(() => lab.after(10))],
  });
  await trial.pass(9);
  for (const id of ['ask', 'f', 's', 'c', 'last']) assert.is(trial.status(id), 'ready', id);
  await trial.pass(1);
  assert.is(trial.status('ask'), 'waiting');
  assert.is(trial.status('c'), 'skipped');
  await trial.grant(provideInput('ask', 1));
  assert.ok((await trial.end()).success);
});

test('holds back the end of a fan-out while a hook thinks about an item', async (lab) => {
  const { events, log } = await lab.finish([node('f', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1, 2] },
    does: { '*': 1 },
    hooks: [{ name: 'h', onNodeComplete: (_, { nodeId }) => (nodeId === 'f[0]' ? lab.after(10) : undefined) }],
  });
  assert.is(log.ofType('NodeSucceeded').find(({ nodeId }) => nodeId === 'f')!.at, events[0]!.at + 11);
});

test('lets the dependants go on when hookTimeoutMs has passed', async (lab) => {
  for (const answer of [() => new Promise<void>(() => undefined), () => NEVER]) {
    const { events, log } = await lab.finish(['a', 'b: a'], {
      does: { '*': 1 },
      hooks: [held(answer)],
      config: { hookTimeoutMs: 50 },
    });
    expectTimeline(events, '0 >a, 1 A, 51 b, 52 B.');
    assert.is(log.ofType('HookFailed')[0]!.error.name, 'TimeoutError');
  }
});

test('lets the dependants go on when the answer rejects or errors', async (lab) => {
  for (const answer of [() => Promise.reject(new Error('no')), () => throwError(() => new Error('no'))]) {
    const { events, report } = await lab.finish(['a', 'b: a'], { does: { '*': 1 }, hooks: [held(answer)] });
    expectTimeline(events, '0 >a, 1 Ab, 2 B.');
    assert.is(report.hookFailures.length, 1);
  }
});

test('lets nothing wait for a hook that only observes', async (lab) => {
  const { events } = await lab.finish(['a', 'b: a', node('c', { onFailure: 'continue' }), 'd: c'], {
    does: { '*': 1, c: '-#' },
    hooks: [{ name: 'h', observe: true, onNodeComplete: () => lab.after(10), onNodeFailed: () => lab.after(10) }],
  });
  expectTimeline(events, '0 >ac, 1 Axbd, 2 BD, 12 .');
});

test('holds nothing back for answers to other events', async (lab) => {
  const wait = (): Promise<void> => lab.after(10);
  const { events } = await lab.finish(['a', 'b: a'], {
    does: { '*': 1 },
    hooks: [{ name: 'h', onStart: wait, onEvent: wait, onNodeStart: wait }],
  });
  expectTimeline(
    events.filter(({ type }) => type !== 'RunSettled'),
    '0 >a, 1 Ab, 2 B',
  );
});

test('holds back a node that already waits for a slot when it comes to depend on a held one', async (lab) => {
  const trial = lab.start(['a', 'slow', 'q'], {
    does: { a: 1, slow: 10 },
    config: { maxParallelNodes: 1 },
    hooks: [{ name: 'h', onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? lab.after(30) : undefined) }],
  });
  await trial.pass(5); // a has ended, slow has the only slot, q is queued for it
  await trial.grant(addDependency('a', 'q'));
  await trial.end();
  expectTimeline(trial.events, '0 >a, 1 As, 11 S, 31 qQ.');
});

test('waits for every hook that owes an answer', async (lab) => {
  const hook = (name: string, ms: number): Hook => held(() => lab.after(ms), { name });
  const { events } = await lab.finish(['a', 'b: a'], {
    does: { '*': 1 },
    hooks: [hook('p', 5), hook('q', 10), hook('r', 3)],
  });
  expectTimeline(events, '0 >a, 1 A, 11 b, 12 B.');
});

test('waits for the answers about all dependencies', async (lab) => {
  const { events } = await lab.finish(['a', 'c', 'b: a c'], {
    does: { '*': 1 },
    hooks: [{ name: 'h', onNodeComplete: (_, { nodeId }) => lab.after(nodeId === 'a' ? 5 : nodeId === 'c' ? 10 : 0) }],
  });
  expectTimeline(events, '0 >ac, 1 AC, 11 b, 12 B.');
});

test('lets a hook that pauses a branch on a failed check always win, however long it takes', async (lab) => {
  for (const ms of [0, 1, 7]) {
    const trial = lab.start(['check', 'load: check', 'after: load', 'other', 'next: other'], {
      does: { check: () => ({ ok: false }), '*': 2 },
      hooks: [
        {
          name: 'guard',
          onNodeComplete: async (_, { nodeId, output }) => {
            await lab.after(ms);
            return nodeId === 'check' && !(output as { ok: boolean }).ok
              ? pauseBranch('load', 'the check failed')
              : undefined;
          },
        },
      ],
    });
    await trial.pass(30);
    assert.equal(trial.log.started, ['check', 'other', 'next']);
    await trial.cancel();
  }
});

test('names the hook in whyNotStarted while it holds a node back', async (lab) => {
  const trial = lab.start(['a', 'b: a'], { hooks: [held(() => lab.after(10))] });
  await trial.pass(5);
  assert.equal(trial.run.snapshot.whyNotStarted('b'), { on: [{ hook: 'h' }] });
  await trial.end();
});

test.run();
