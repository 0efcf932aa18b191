import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DagError,
  cancelBranch,
  cancelRun,
  pauseBranch,
  pauseRun,
  provideInput,
  resumeRun,
  type DagExecutionReport,
  type ExecutionEvent,
  type Hook,
  type NodeContext,
} from '../../lib/index.js';
import { Lab, fail, type Nodes, type Plot } from '../support/executor.js';
import { doomed, resume } from '../support/crash.js';
import { node } from '../support/logOf.js';

const test = suite('G11 Durable: resume');

/** Nodes that a log leaves running, and nodes that it has ended for good. */
const openIn = (
  events: readonly ExecutionEvent[],
): { readonly running: ReadonlySet<string>; readonly done: ReadonlySet<string> } => {
  const [running, done] = [new Set<string>(), new Set<string>()];
  for (const event of events) {
    if (!('nodeId' in event)) continue;
    if (event.type === 'NodeStarted') running.add(event.nodeId);
    else if (/^Node(?:Succeeded|Failed|Cancelled|Skipped|RetryScheduled|Interrupted)$/.test(event.type))
      running.delete(event.nodeId);
    if (/^Node(?:Succeeded|Failed|Cancelled|Skipped)$/.test(event.type)) done.add(event.nodeId);
  }
  return { running, done };
};

const nodes: Nodes = [
  'a',
  node('b: a', { tryCount: 3, retry: { type: 'Linear', delayMs: 20 } }),
  'c: a',
  node('f: c', { forEach: { $ref: 'c.list' } }),
  { id: 's', action: 'dag', inputs: { dag: 'inner', inputs: { v: { $ref: 'a' } } }, deps: ['b'] },
  node('bad: a', { onFailure: 'continue' }),
  'below: bad',
  node('never: lost'),
  'lost: a',
  node('last: f s', { runIf: 'allDone', inputs: { f: { $ref: 'f' }, s: { $ref: 's.x' } } }),
];

/** What the nodes do, noting each call as `id key`. */
const play = (calls: string[]): Plot => ({
  library: [{ name: 'inner', nodes: [node('x', { inputs: { v: { $ref: 'inputs.v' } } }), node('y: x')] }],
  config: { maxParallelNodes: 2 },
  does: {
    '*': ({ nodeId, attempt, inputs, item, idempotencyKey }: NodeContext) => {
      calls.push(`${nodeId} ${idempotencyKey}`);
      if (nodeId === 'bad' || nodeId === 'lost' || (nodeId === 'b' && attempt === 1))
        return Promise.reject(new Error('no'));
      if (nodeId === 'c') return Promise.resolve({ list: [1, 2] });
      return nodeId === 'a' ? 7 : Promise.resolve(item ?? (nodeId === 'last' ? inputs : nodeId));
    },
  },
});

const endsOf = ({ nodeOutcomes }: DagExecutionReport): readonly string[] =>
  nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`).toSorted();

test('after a crash at any instant the run goes on: nothing that is done runs again, all that was interrupted does', async () => {
  const whole: string[] = [];
  const { trial, store, after } = doomed(nodes, play(whole));
  const expected = await trial.end();
  assert.ok(store.appends.length > 15);
  for (let instant = 1; instant < store.appends.length; instant++) {
    const calls: string[] = [];
    const left = await after(instant);
    const { running, done } = openIn(left.events);
    const { report, events } = await (await resume(left, play(calls), { laterMs: 5 })).end();
    const where = `after append ${instant} of ${store.appends.length}, event ${left.events.length}`;
    assert.equal({ ...report.outputs }, { ...expected.outputs }, where);
    assert.equal(endsOf(report), endsOf(expected), where);
    const called = new Set(calls.map((call) => call.split(' ')[0]!));
    for (const id of done) assert.not(called.has(id), `${where}: ${id} was done and runs again`);
    for (const id of running)
      assert.ok(calls.includes(`${id} r/${id}`), `${where}: ${id} was interrupted and does not run again`);
    const recovered = events[left.events.length]!;
    assert.equal(
      [recovered.type, recovered.type === 'RunRecovered' && recovered.interrupted.toSorted()],
      ['RunRecovered', [...running].toSorted()],
      where,
    );
  }
});

test('a cancellation that was under way is finished', async () => {
  for (const command of [cancelRun('enough'), cancelBranch('a', 'enough')]) {
    const { trial, store, after } = doomed(['a', 'b: a', 'c'], { does: { a: () => trial.lab.after(100), c: 1 } });
    await trial.pass(5);
    await trial.grant(command);
    const { report } = await (
      await resume(await after(store.appends.length), { does: { '*': () => assert.unreachable() } })
    ).end();
    assert.is(report.status, command.type === 'CancelRun' ? 'cancelled' : 'failed');
    assert.equal(
      report.nodeOutcomes.map(({ status }) => status),
      ['cancelled', 'cancelled', 'succeeded'],
    );
  }
});

test('an interruption uses up no try, but only maxInterruptions of them are borne', async () => {
  let left = await (async () => {
    const { trial, store, after } = doomed(['a', 'b: a'], {
      does: { a: () => trial.lab.after(100) },
      config: { maxInterruptions: 2 },
    });
    await trial.pass(5);
    return after(store.appends.length);
  })();
  for (let crash = 1; crash <= 2; crash++) {
    const { lab, run } = await resume(left, { does: { a: () => new Promise(() => undefined) } });
    await lab.pass(5);
    assert.is(run.snapshot.node('a')!.status, 'running', `crash ${crash}`);
    assert.is(run.snapshot.node('a')!.attempt, crash + 1);
    const events: ExecutionEvent[] = [];
    for await (const event of left.store.read('r')) events.push(event);
    left = { store: left.store, events };
  }
  const { report } = await (await resume(left, {})).end();
  assert.is(report.nodeOutcomes[0]!.status, 'failed');
  assert.match(report.nodeOutcomes[0]!.finalError!.message, /nterrupted/);
  assert.is(report.nodeOutcomes[1]!.status, 'skipped');
});

test('a node that is interrupted in its only try runs again, and its retries are left to it', async () => {
  const { trial, store, after } = doomed([node('a', { tryCount: 2, retry: { type: 'Immediate' } })], {
    does: { a: () => trial.lab.after(100) },
  });
  await trial.pass(5);
  const { report } = await (
    await resume(await after(store.appends.length), {
      does: { a: ({ attempt }) => (attempt === 2 ? fail()({} as never) : attempt) },
    })
  ).end();
  assert.ok(report.success);
  assert.is(report.outputs['a'], 3);
});

test('a retry waits for the rest of its delay', async () => {
  const { trial, store, after } = doomed([node('a', { tryCount: 2, retry: { type: 'Linear', delayMs: 1_000 } })], {
    does: { a: fail() },
  });
  await trial.pass(5);
  for (const [laterMs, startsAt] of [
    [300, 1_000],
    [5_000, 5_000],
  ] as const) {
    const { events } = await (await resume(await after(store.appends.length), {}, { laterMs })).end();
    const again = events.find((event) => event.type === 'NodeStarted' && event.attempt === 2)!;
    assert.is(again.at - events[0]!.at, startsAt);
  }
});

test('time never goes back, even if the clock does', async () => {
  const { trial, store, after } = doomed(['a', 'b: a'], { does: { '*': 50 } });
  await trial.pass(60);
  const left = await after(store.appends.length);
  const lab = new Lab(false);
  const run = await lab.executor({ executor: { store: left.store } }).resume('r', { takeOver: true });
  await lab.time.until(run);
  const ats: number[] = [];
  run.eventsFrom(1).subscribe(({ at }) => ats.push(at));
  await lab.pass();
  assert.equal(
    ats,
    ats.toSorted((a, b) => a - b),
  );
  assert.ok(ats.length > left.events.length);
});

test('a paused run is paused still, a held branch held, a person waited for', async () => {
  const { trial, store, after } = doomed(
    ['a', 'b: a', { id: 'ask', action: 'human.input' }, node('h', { branch: 'x' })],
    { does: { a: 5 } },
  );
  await trial.grant(pauseBranch('x'));
  await trial.pass(1);
  await trial.grant(pauseRun());
  await trial.pass(10);
  const resumed = await resume(await after(store.appends.length));
  await resumed.lab.pass(100);
  const states = (): string => [...resumed.run.snapshot.nodes()].map(({ id, status }) => `${id} ${status}`).join(', ');
  assert.is(resumed.run.snapshot.status, 'paused');
  assert.is(states(), 'a succeeded, b ready, ask waiting, h ready');
  for (const command of [provideInput('ask', 1), resumeRun()]) await resumed.run.dispatch(command);
  await resumed.lab.pass(10);
  assert.is(states(), 'a succeeded, b succeeded, ask succeeded, h ready');
  await resumed.run.dispatch({ type: 'ResumeBranch', branchId: 'x' });
  assert.ok((await resumed.end()).report.success);
});

test('a person that was waited for is waited for as long as was said', async () => {
  const config = { humanWaitMs: 1_000, humanTimeoutAction: 'Autopilot' } as const;
  const { trial, store, after } = doomed([{ id: 'ask', action: 'human.input', inputs: { default: 7 } }], { config });
  await trial.pass(5);
  const { report, events } = await (await resume(await after(store.appends.length), {}, { laterMs: 400 })).end();
  assert.is(report.outputs['ask'], 7);
  assert.is(events.at(-1)!.at - events[0]!.at, 1_000);
});

test('a node whose gate was asked is asked again', async () => {
  const { trial, store, after } = doomed(['a'], {
    hooks: [{ name: 'g', beforeNodeStart: () => trial.lab.after(100) }],
  });
  await trial.pass(5);
  let asked = 0;
  const { report } = await (
    await resume(await after(store.appends.length), {
      executor: { hooks: [{ name: 'g', beforeNodeStart: () => void asked++ }] },
    })
  ).end();
  assert.is(asked, 1);
  assert.ok(report.success);
});

test('time in which the run was down does not count against its deadline', async () => {
  const { trial, store, after } = doomed(['a', 'b: a'], { does: { '*': 30 }, config: { timeoutMs: 100 } });
  await trial.pass(35);
  const { report } = await (
    await resume(await after(store.appends.length), { does: { b: 40 } }, { laterMs: 10_000 })
  ).end();
  assert.ok(report.success, report.error);
  const slow = await (await resume(await after(store.appends.length), { does: { b: 90 } }, { laterMs: 10_000 })).end();
  assert.is(slow.report.status, 'failed');
});

test('the report tells of what was before the crash as well', async () => {
  const bad: Hook = {
    name: 'bad',
    onNodeStart: ({ snapshot }) => (snapshot().seq < 5 ? fail('boom')({} as never) : undefined) as never,
  };
  const { trial, store, after } = doomed(['a', 'b: a', 'c: b'], { does: { '*': 50 }, executor: { hooks: [bad] } });
  await trial.pass(60);
  const refusal = await trial.refuse(cancelBranch('nobody'));
  const { report } = await (await resume(await after(store.appends.length))).end();
  assert.equal(
    report.hookFailures.map(({ hook, error }) => [hook, error.message]),
    [['bad', 'boom']],
  );
  assert.equal(
    report.refusedCommands.map(({ command, reason }) => [command, reason]),
    [[refusal.command, refusal.reason]],
  );
  assert.is(report.startedAt, trial.events[0]!.at);
  assert.equal(
    report.nodeOutcomes.map(({ attempts }) => attempts),
    [1, 2, 1],
  );
});

test('a run that had settled gives its report again, and calls nothing', async () => {
  const { trial, store, after } = doomed(['a', 'b'], { does: { b: fail() } });
  const before = await trial.end();
  const resumed = await resume(await after(store.appends.length), { does: { '*': () => assert.unreachable() } });
  const { report, events } = await resumed.end();
  assert.is(events.length, trial.events.length);
  assert.equal([report.status, report.error, report.endedAt], [before.status, before.error, before.endedAt]);
  assert.is((await resumed.run.dispatch(pauseRun()))._tag, 'Left');
});

test('needs the actions that the run needs', async () => {
  const { trial, store, after } = doomed(['a'], { does: { a: 100 } });
  await trial.pass(5);
  const { store: left } = await after(store.appends.length);
  const lab = new Lab(false);
  const registry = { get: () => undefined, has: () => false, list: () => [] };
  const error = await lab
    .executor({ executor: { store: left, registry: registry as never } })
    .resume('r', { takeOver: true })
    .then(
      () => undefined,
      (e: unknown) => e,
    );
  assert.instance(error, DagError);
});

test.run();
