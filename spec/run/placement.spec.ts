import * as t from 'io-ts';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  Unplaceable,
  action,
  cancelBranch,
  memoryStore,
  type DagRun,
  type EventStore,
  type ExecutionEvent,
  type ExecutorOptions,
  type NodeSpec,
  type RemoteEngine,
} from '../../lib/index.js';
import { VirtualTime, checkLog } from '../../lib/testing/index.js';
import { scriptedEngine, type ScriptedEngine } from '../support/scriptedEngine.js';

const test = suite('placement: nodes that run on workers');

const day = new t.Type<Date, string>(
  'day',
  (u): u is Date => u instanceof Date,
  (u, c) => (typeof u === 'string' && !Number.isNaN(Date.parse(u)) ? t.success(new Date(u)) : t.failure(u, c)),
  (date) => date.toISOString().slice(0, 10),
);
const here: string[] = [];
const registry = new ActionRegistry().register(
  action('work', ({ nodeId }) => here.push(nodeId)),
  action({ name: 'far', placement: 'pool:gpu', execute: ({ nodeId }) => here.push(nodeId) }),
  action({ name: 'dated', placement: 'pool:gpu', input: t.type({ on: day }), output: day, execute: () => new Date() }),
);

/** A run under virtual time whose jobs go to a scripted engine. */
const begin = (
  engine: RemoteEngine,
  nodes: readonly NodeSpec[],
  options: Partial<ExecutorOptions> = {},
): { readonly run: DagRun; readonly time: VirtualTime; readonly events: ExecutionEvent[] } => {
  const time = new VirtualTime(1_000);
  const executor = new DagExecutor({ registry, remote: engine, scheduler: time, random: () => 0.5, ...options });
  const run = executor.start({ name: 'd', nodes }, { runId: 'r' });
  const events: ExecutionEvent[] = [];
  run.event$.subscribe({ next: (event) => events.push(event), error: () => undefined });
  return { run, time, events };
};
const far = (id: string, more: Partial<NodeSpec> = {}): NodeSpec => ({
  id,
  action: 'work',
  placement: 'pool:gpu',
  ...more,
});
const ends = async ({ run, time, events }: ReturnType<typeof begin>, limits?: { readonly patienceMs?: number }) => {
  const report = await time.until(run, limits);
  assert.equal(checkLog(events), []);
  return report;
};
const typesOf = (events: readonly ExecutionEvent[]): string => events.map(({ type }) => type).join(' ');
const tell =
  (...outputs: unknown[]) =>
  ({ id }: { readonly id: string }, engine: ScriptedEngine): void => {
    queueMicrotask(() => engine.succeed(id, outputs.shift() ?? null));
  };

test.before(async () => {
  const executor = new DagExecutor({ registry, remote: scriptedEngine(tell()) });
  await executor.start({ name: 'first', nodes: [far('a')] }).report; // has the code loaded that talks with engines
});

test('go to the engine with all that a worker has to know; others run here', async () => {
  here.length = 0;
  const engine = scriptedEngine(tell({ rows: 3 }));
  const begun = begin(engine, [
    { id: 'a', action: 'far', priority: 7, timeoutMs: 50, idleTimeoutMs: 20, inputs: { x: [1, null] } },
    { id: 'b', action: 'far', placement: 'local', inputs: { n: { $ref: 'a.rows' } } },
    { id: 'c', action: 'work', deps: ['b'] },
  ]);
  const report = await ends(begun);
  assert.ok(report.success);
  assert.equal(here, ['b', 'c']);
  assert.equal(report.outputs['a'], { rows: 3 });
  assert.equal(engine.submitted, [
    {
      id: 'r.rs.a.1',
      runId: 'r',
      dagName: 'd',
      nodeId: 'a',
      attempt: 1,
      epoch: 0,
      pool: 'gpu',
      action: 'far',
      inputs: { x: [1, null] },
      priority: 7,
      timeoutMs: 50,
      idleTimeoutMs: 20,
      graceMs: 5_000,
      startedAt: 1_000,
    },
  ]);
  assert.not.ok(engine.news$.observed, 'nobody listens any more');
  assert.is(begun.time.pending, 0, 'no timer is left');
});

test('of a fan-out carry their items; ids of any form make names that differ', async () => {
  const engine = scriptedEngine(tell());
  const id = 'a.1:2/☃ %';
  await ends(
    begin(engine, [
      { id: 'list', action: 'far' },
      far(id, { forEach: { $ref: 'list' } }),
      far('a'),
      far('a%2E1', { deps: ['a'] }),
    ]),
  );
  await ends(
    begin(scriptedEngine(tell([5, 6])), [{ id: 'list', action: 'far' }, far(id, { forEach: { $ref: 'list' } })]),
  );
  assert.is(new Set(engine.submitted.map((job) => job.id)).size, engine.submitted.length);
  for (const job of engine.submitted) assert.match(job.id, /^[\w.%!~*'()-]+$/);
});

test('have codecs at both ends', async () => {
  const engine = scriptedEngine(tell('2026-01-02'));
  const begun = begin(engine, [{ id: 'a', action: 'dated', inputs: { on: '2026-01-01T10:00:00Z' } }]);
  const report = await ends(begun);
  assert.equal(engine.submitted[0]!.inputs, { on: '2026-01-01' });
  assert.is(report.outputs['a'], '2026-01-02');

  const wrong = await ends(
    begin(scriptedEngine(tell('soon')), [{ id: 'a', action: 'dated', inputs: { on: '2026-01-01' }, tryCount: 3 }]),
  );
  assert.match(wrong.nodeOutcomes[0]!.finalError!.message, /The output of action "dated" does not fit: .*day/);
  assert.is(wrong.nodeOutcomes[0]!.attempts, 1);
});

test('are tried again by the executor, each attempt as a job of its own', async () => {
  const engine = scriptedEngine(({ id, attempt }, { news$ }) =>
    queueMicrotask(() =>
      news$.next(
        attempt < 3
          ? { id, type: 'failed', error: { name: 'Sad', message: `no ${attempt}`, data: 4 }, isFinal: false }
          : { id, type: 'failed', error: { name: 'Bad', message: 'never' }, isFinal: true },
      ),
    ),
  );
  const begun = begin(engine, [far('a', { tryCount: 9, retry: { type: 'Linear', delayMs: 30 } })], {
    config: { maxAttempts: 9 },
  });
  const report = await ends(begun);
  assert.equal(
    engine.submitted.map(({ id, startedAt }) => [id, startedAt]),
    [
      ['r.rs.a.1', 1_000],
      ['r.rs.a.2', 1_030],
      ['r.rs.a.3', 1_060],
    ],
  );
  const first = begun.events.find((event) => event.type === 'NodeRetryScheduled');
  assert.equal(first?.type === 'NodeRetryScheduled' && [first.error.name, first.error.message, first.error.data], [
    'Sad',
    'no 1',
    4,
  ]);
  assert.is(report.nodeOutcomes[0]!.finalError?.cause?.message, 'never');
});

test('that are lost are interrupted, which counts apart from attempts', async () => {
  const losing = (times: number): ScriptedEngine =>
    scriptedEngine(({ id, attempt }, { news$ }) =>
      queueMicrotask(() =>
        news$.next(
          attempt <= times ? { id, type: 'lost', reason: 'its worker died' } : { id, type: 'succeeded', output: 1 },
        ),
      ),
    );
  const begun = begin(losing(3), [far('a', { tryCount: 1 })]);
  assert.ok((await ends(begun)).success);
  const interrupted = begun.events.filter((event) => event.type === 'NodeInterrupted');
  assert.equal(
    interrupted.map((event) => event.type === 'NodeInterrupted' && event.reason),
    Array(3).fill('its worker died'),
  );
  const failed = await ends(begin(losing(4), [far('a', { tryCount: 1 })]));
  assert.match(failed.nodeOutcomes[0]!.finalError!.message, /Interrupted 4 times .*: its worker died/);
});

test('tell of their progress, which is JSON or nothing', async () => {
  const engine = scriptedEngine(({ id }, { news$ }) =>
    queueMicrotask(() => {
      news$.next({ id, type: 'running' });
      news$.next({ id, type: 'progressed', value: { done: 1 } });
      news$.next({ id, type: 'progressed', value: 5n as never });
      news$.next({ id, type: 'succeeded', output: 5n as never });
    }),
  );
  const begun = begin(engine, [far('a')]);
  const report = await ends(begun);
  assert.equal(begun.events.filter(({ type }) => type === 'NodeProgressed').length, 1);
  assert.match(report.nodeOutcomes[0]!.finalError!.message, /JSON/);
});

test('end once, whatever else the engine tells', async () => {
  const engine = scriptedEngine(({ id }, { news$ }) =>
    queueMicrotask(() => {
      for (const news of [
        undefined,
        null,
        5,
        {},
        { id: 'x', type: 'succeeded', output: 1 },
        { id, type: 'odd' },
        { id },
      ])
        news$.next(news as never);
      news$.next({ id, type: 'succeeded', output: 1 });
      news$.next({ id, type: 'failed', error: { name: 'E', message: 'late' }, isFinal: true });
      news$.next({ id, type: 'succeeded', output: 2 });
    }),
  );
  const report = await ends(begin(engine, [far('a')]));
  assert.is(report.outputs['a'], 1);
});

test('are asked for where no news come, and submitted again where the engine has forgotten them', async () => {
  const engine = scriptedEngine();
  const begun = begin(engine, [far('a'), far('b')]);
  const id = (nodeId: string): string => `r.rs.${nodeId}.1`;
  engine.known
    .set(id('a'), { id: id('a'), type: 'succeeded', output: 'seen' })
    .set(id('b'), { id: id('b'), type: 'missing' });
  engine.does = (job) => {
    if (engine.submitted.filter((other) => other.id === job.id).length === 2) engine.succeed(job.id, 'again');
  };
  const report = await ends(begun);
  assert.equal([report.outputs['a'], report.outputs['b']], ['seen', 'again']);
  assert.equal(
    engine.submitted.map((job) => [job.nodeId, job.again]),
    [
      ['a', undefined],
      ['b', undefined],
      ['b', true],
    ],
  );
  assert.ok(begun.time.now() >= 6_000, 'a sweep comes every 5 s');
});

test('wait for an engine that can not be reached, and the log tells of it once it can', async () => {
  const engine = scriptedEngine(tell());
  engine.down = new Error('Redis is away');
  const begun = begin(engine, [far('a')]);
  begun.time.schedule(() => (engine.down = undefined), 2_000);
  assert.ok((await ends(begun)).success);
  const told = begun.events.filter((event) => event.type === 'CustomEmitted');
  assert.is(told.length, 1);
  assert.equal(
    told.map(
      (event) =>
        event.type === 'CustomEmitted' && [event.name, event.by, (event.payload as { message: string }).message],
    ),
    [['remote.unavailable', 'remote', 'Redis is away']],
  );
});

test('that the engine would never take fail, and no other with them', async () => {
  const engine = scriptedEngine(tell());
  const submit = engine.submit;
  const begun = begin(
    {
      ...engine,
      submit: async (jobs) => {
        const bad = jobs.find(({ nodeId }) => nodeId === 'bad');
        if (bad !== undefined) throw new Unplaceable(bad.id, 'It has 3 MB.');
        await submit(jobs);
      },
    },
    [far('a'), far('bad', { tryCount: 3 }), far('c')],
  );
  const report = await ends(begun);
  assert.equal(
    report.nodeOutcomes.map(({ status, attempts }) => [status, attempts]),
    [
      ['succeeded', 1],
      ['failed', 1],
      ['succeeded', 1],
    ],
  );
  assert.match(report.nodeOutcomes[1]!.finalError!.message, /It has 3 MB/);
});

test('survive an engine that throws, hangs, or ends its news', async () => {
  const engine = scriptedEngine(tell());
  const { submit, news$ } = engine;
  let calls = 0;
  const begun = begin(
    {
      ...engine,
      submit: (jobs) => {
        calls++;
        if (calls === 1) throw new Error('at once');
        if (calls === 2) return new Promise<never>(() => undefined);
        for (const { id } of jobs) engine.known.set(id, { id, type: 'missing' });
        if (calls === 3) return undefined as never;
        news$.complete();
        for (const { id } of jobs) engine.known.set(id, { id, type: 'succeeded', output: calls });
        return submit(jobs);
      },
    },
    [far('a')],
  );
  assert.ok((await ends(begun)).success);
});

test('are taken back when they are cancelled, and are cancelled once their workers have let go', async () => {
  const engine = scriptedEngine();
  const begun = begin(engine, [far('a', { branch: 'x' }), far('b')]);
  begun.time.schedule(() => void begun.run.dispatch(cancelBranch('x', 'enough')), 10);
  begun.time.schedule(() => engine.news$.next({ id: 'r.rs.a.1', type: 'stopped', abandoned: false }), 50);
  begun.time.schedule(() => engine.succeed('r.rs.b.1', 1), 70);
  await ends(begun);
  assert.equal(engine.cancelled, [['r.rs.a.1', 'Node "a" was cancelled']]);
  const end = begun.events.find((event) => event.type === 'NodeCancelled');
  assert.is(end?.at, 1_050);
});

test('whose workers do not let go are abandoned after the grace time', async () => {
  const engine = scriptedEngine();
  const begun = begin(engine, [far('a')], { config: { graceMs: 100 } });
  begun.time.schedule(() => void begun.run.cancel('enough'), 10);
  await ends(begun);
  const end = begun.events.find((event) => event.type === 'NodeCancelled');
  assert.ok(end?.type === 'NodeCancelled' && end.abandoned);
  assert.is(end?.at, 1_000 + 10 + 100 + 2_000);
  assert.is(begun.time.pending, 0);
  assert.not.ok(engine.news$.observed);
});

test('are cancelled at once where no engine has seen them', async () => {
  const engine = scriptedEngine();
  engine.down = new Error('away');
  const begun = begin(engine, [far('a')]);
  begun.time.schedule(() => void begun.run.cancel('enough'), 10);
  const report = await ends(begun);
  assert.is(report.status, 'cancelled');
  assert.equal(engine.cancelled, []);
});

/** A run whose process is gone while its node is with a worker. */
const orphaned = async (store: EventStore, engine: ScriptedEngine, nodes: readonly NodeSpec[]): Promise<DagRun> => {
  const { run, time } = begin(engine, nodes, { store });
  for (let i = 0; i < 20 && engine.submitted.length < nodes.length; i++) {
    time.advanceBy(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return run;
};
const goOn = async (store: EventStore, engine: RemoteEngine) => {
  const time = new VirtualTime(3_000);
  const executor = new DagExecutor({ registry, remote: engine, store, scheduler: time });
  const run = await executor.resume('r', { takeOver: true });
  return { run, time };
};
const logOf = async (store: EventStore): Promise<ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read('r')) events.push(event);
  assert.equal(checkLog(events), []);
  return events;
};

test('go on while their coordinator is away; whoever takes the run over hears of them', async () => {
  const store = memoryStore();
  const engine = scriptedEngine();
  const old = await orphaned(store, engine, [far('a'), far('b')]);
  const id = 'r.rs.a.1';
  engine.known.set(id, { id, type: 'succeeded', output: 'meanwhile' });
  const { run, time } = await goOn(store, engine);
  time.schedule(() => engine.succeed('r.rs.b.1', 'later'), 100);
  const report = await time.until(run);
  assert.equal([report.outputs['a'], report.outputs['b']], ['meanwhile', 'later']);
  assert.is(typesOf(await logOf(store)).includes('NodeInterrupted'), false);
  assert.equal(
    engine.submitted.map((job) => [job.id, job.epoch]),
    [
      [id, 1],
      ['r.rs.b.1', 1],
      [id, 2],
      ['r.rs.b.1', 2],
    ],
  );
  assert.is(engine.cancelled.length, 0);
  await old.dispatch({ type: 'EmitEvent', name: 'x', payload: 1 });
  await old.report.then(
    () => assert.unreachable('it was taken over'),
    (error: Error) => assert.match(error.message, /taken run "r" over/),
  );
  assert.equal(engine.cancelled, [], 'one that was taken over takes nothing back');
});

test('of a run that was being cancelled are taken back by whoever takes it over', async () => {
  const store = memoryStore();
  const engine = scriptedEngine();
  const old = await orphaned(store, engine, [far('a')]);
  void old.cancel('enough');
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  engine.cancelled.length = 0;
  const { run, time } = await goOn(store, engine);
  time.schedule(() => engine.news$.next({ id: 'r.rs.a.1', type: 'stopped', abandoned: false }), 100);
  const report = await time.until(run);
  assert.is(report.status, 'cancelled');
  assert.equal(engine.cancelled, [['r.rs.a.1', 'Node "a" was cancelled']]);
});

test('run here where the executor has no engine; a malformed engine is refused', async () => {
  here.length = 0;
  const time = new VirtualTime();
  const run = new DagExecutor({ registry, scheduler: time }).start({ name: 'd', nodes: [far('a')] });
  assert.ok((await time.until(run)).success);
  assert.equal(here, ['a']);
  assert.throws(() => new DagExecutor({ registry, remote: {} as never }), /remote option is .* give a RemoteEngine/);
});

test.run();
