import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  emitEvent,
  initialSnapshot,
  reduce,
  setConcurrency,
  setPriority,
  type EventStore,
  type ExecutionEvent,
  type NodeContext,
  type StoreError,
} from '../../lib/index.js';
import { Lab, labSuite, type Trial } from '../support/executor.js';
import { heldStore, type HeldStore } from '../support/heldStore.js';
import { node } from '../support/logOf.js';

const test = labSuite('G11 Durable');

const stored = async (store: EventStore, runId: string): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId)) events.push(event);
  return events;
};

/** A run whose store must be let go by hand. */
const heldRun = (
  nodes: readonly string[],
  plot: Parameters<Lab['start']>[1] = {},
): { lab: Lab; trial: Trial; store: HeldStore } => {
  const lab = new Lab(false);
  const store = heldStore();
  return { lab, store, trial: lab.start(nodes, { ...plot, executor: { store } }) };
};

test('shows nothing of a transition before it is stored', async () => {
  const { trial, store } = heldRun(['a']);
  await trial.pass();
  assert.is(store.waiting.length, 1);
  assert.is(trial.events.length, 0);
  assert.is(trial.run.snapshot.seq, 0);
  assert.equal(
    trial.log.snapshots.map(({ seq }) => seq),
    [0],
  );
  store.release1();
  await trial.pass();
  assert.is(trial.events.length, store.appends.flat().length);
});

/** Lets what has been asked of promises and the event loop happen. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const typesOf = (events: readonly ExecutionEvent[] = []): readonly string[] => events.map(({ type }) => type);

test('where nobody watches, an end and what it lets start are stored together', async () => {
  const store = heldStore();
  const registry = new ActionRegistry().register(action('work', async ({ nodeId }) => nodeId));
  const executor = new DagExecutor({ registry, store });
  const run = executor.start({ name: 'chain', nodes: ['a', 'b: a', 'c: b'].map((text) => node(text)) });
  const called: number[] = [];
  for (let i = 0; i < 4; i++) {
    await turn();
    called.push(store.waiting.length);
    store.release1();
  }
  assert.is((await run.report).success, true);
  assert.equal(called, [1, 1, 1, 1]);
  assert.equal(store.appends.map(typesOf), [
    ['RunStarted', 'NodeStarted'],
    ['NodeSucceeded', 'NodeStarted'],
    ['NodeSucceeded', 'NodeStarted'],
    ['NodeSucceeded', 'RunQuiescent', 'RunSettled'],
  ]);
});

test('who begins to watch while an append is under way sees the rest once, and no state goes back', async () => {
  const store = heldStore();
  const seen: string[] = [];
  const registry = new ActionRegistry().register(
    action('work', async ({ nodeId }) => {
      const { seq, counts } = run.snapshot;
      seen.push(`${nodeId} at ${seq}, ${counts.running} running`);
    }),
  );
  const run = new DagExecutor({ registry, store }).start({
    name: 'pairs',
    nodes: ['a', 'b', 'c: a b', 'd: a b'].map((text) => node(text)),
  });
  await turn();
  store.release1();
  await turn();
  assert.equal(typesOf(store.waiting[0]), ['NodeSucceeded', 'NodeSucceeded', 'NodeStarted', 'NodeStarted']);
  const events: ExecutionEvent[] = [];
  const snapshots: number[] = [];
  const behind: number[] = [];
  run.event$.subscribe((event) => {
    events.push(event);
    if (run.snapshot.seq < event.seq) behind.push(event.seq);
  });
  run.snapshot$.subscribe(({ seq }) => snapshots.push(seq));
  for (let i = 0; i < 9; i++) {
    store.release1();
    await turn();
  }
  await run.report;
  assert.equal(
    events.map(({ seq }) => seq),
    store.appends.slice(1).flatMap((append) => append.map(({ seq }) => seq)),
  );
  assert.equal(behind, []);
  assert.equal(
    snapshots,
    snapshots.toSorted((x, y) => x - y),
  );
  assert.equal([snapshots[0], snapshots[1], snapshots.at(-1)], [3, 7, events.at(-1)!.seq]);
  assert.equal(seen, ['a at 3, 2 running', 'b at 3, 2 running', 'c at 7, 2 running', 'd at 7, 2 running']);
});

/** An unwatched run of `work` nodes that end when they are told to. */
const told = (nodes: readonly string[], does: (ctx: NodeContext) => void = () => undefined) => {
  const store = heldStore();
  const ends = new Map<string, () => void>();
  const registry = new ActionRegistry().register(
    action('work', (ctx) => {
      does(ctx);
      return new Promise<string>((resolve) => ends.set(ctx.nodeId, () => resolve(`of ${ctx.nodeId}`)));
    }),
  );
  const run = new DagExecutor({ registry, store }).start({ name: 'told', nodes: nodes.map((text) => node(text)) });
  const end = async (id: string): Promise<void> => {
    ends.get(id)!();
    await turn();
  };
  const release = async (): Promise<void> => {
    store.release1();
    await turn();
  };
  return { store, run, end, release };
};

test('an answer to a command that changes nothing names an event that is stored', async () => {
  for (const watched of [false, true]) {
    const { store, run, end, release } = told(['x', 'y', 'z']);
    if (watched) run.event$.subscribe();
    await turn();
    while (run.snapshot.counts.running < 3) await release();
    await end('x');
    await end('y');
    let answer: unknown;
    void run.dispatch(setConcurrency(run.snapshot.maxParallelNodes)).then((told) => {
      answer = { told, stored: store.appends.flat().length };
    });
    await release(); // x; y and the answer go on
    await end('z');
    while (answer === undefined) await release();
    const { told: right, stored } = answer as { told: { right: { seq: number } }; stored: number };
    assert.ok(right.right.seq <= stored, `${right.right.seq} of ${stored}, ${watched ? 'watched' : 'unwatched'}`);
    void run.cancel();
    while (run.snapshot.counts.succeeded < 3 || store.waiting.length > 0) await release();
  }
});

test("a run's own cache shows an output only when it is stored", async () => {
  let cache: NodeContext['cache'] | undefined;
  const { store, end, release } = told(['a', 'b'], (ctx) => (cache ??= ctx.cache));
  await turn();
  await release();
  await end('a');
  assert.equal(typesOf(store.waiting[0]), ['NodeSucceeded']);
  assert.is(cache!.getInput('a', 'value'), undefined);
  assert.equal(JSON.stringify(cache), '{}');
  await release();
  assert.is(cache!.getInput('a', 'value'), 'of a');
  await end('b');
  await release();
});

test('an action is told of a cancellation only when that is stored', async () => {
  let signal: AbortSignal | undefined;
  const { store, run, end, release } = told(['a'], (ctx) => ({ signal } = ctx));
  await turn();
  void run.cancel('enough');
  await turn();
  assert.is(signal, undefined);
  await release();
  assert.equal(typesOf(store.waiting[0]).slice(0, 1), ['RunCancelling']);
  assert.is(signal!.aborted, false);
  await release();
  assert.is(signal!.aborted, true);
  await end('a');
  while (store.waiting.length > 0) await release();
  assert.is((await run.report).success, false);
});

test('calls an action only when its start is stored', async () => {
  let called = 0;
  const { trial, store } = heldRun(['a'], { does: { a: () => ++called } });
  await trial.pass();
  while (!store.waiting.flat().some(({ type }) => type === 'NodeStarted')) {
    store.release1();
    await trial.pass();
  }
  assert.is(called, 0);
  store.release1();
  await trial.pass();
  assert.is(called, 1);
});

test("starts a dependant only when its dependency's completion is stored", async () => {
  const called: string[] = [];
  const { trial, store } = heldRun(['a', 'b: a'], { does: { '*': ({ nodeId }) => called.push(nodeId) } });
  await trial.pass();
  for (let i = 0; i < 20 && store.waiting.length > 0; i++) {
    const done = store.appends.flat().some((event) => event.type === 'NodeSucceeded' && event.nodeId === 'a');
    assert.is(called.includes('b') && !done, false);
    store.release1();
    await trial.pass();
  }
  assert.equal(called, ['a', 'b']);
  assert.is(trial.run.snapshot.status, 'succeeded');
});

test('answers a dispatch only when what follows from it is stored', async () => {
  const { trial, store } = heldRun(['a'], { does: { a: 1_000 } });
  store.open = true;
  await trial.pass(1);
  store.open = false;
  const answers: unknown[] = [];
  void trial.run.dispatch(emitEvent('x', 1)).then((answer) => answers.push(answer));
  void trial.run.dispatch(setPriority('nobody', 1)).then((answer) => answers.push(answer));
  await trial.pass(1);
  assert.equal(answers, []);
  assert.is(trial.log.ofType('CustomEmitted').length, 0);
  while (store.waiting.length > 0) {
    store.release1();
    await trial.pass();
  }
  assert.is(answers.length, 2);
});

test('aborts nothing before the cancellation is stored', async () => {
  let aborted = false;
  const { trial, store } = heldRun(['a'], {
    does: {
      a: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve((aborted = true)))),
    },
  });
  store.open = true;
  await trial.pass(1);
  store.open = false;
  void trial.run.cancel();
  await trial.pass(1);
  assert.not(aborted);
  store.release1();
  await trial.pass(1);
  assert.ok(aborted);
});

test('resolves the report only when RunSettled is stored', async () => {
  let over = false;
  const { trial, store } = heldRun(['a']);
  void trial.run.report.then(() => (over = true));
  await trial.pass();
  while (store.waiting.length > 0) {
    assert.not(over);
    store.release1();
    await trial.pass();
  }
  assert.ok(over);
  assert.is(store.appends.flat().at(-1)!.type, 'RunSettled');
});

test.stored('has the whole log in the store, and its fold is the live state', async (lab) => {
  const trial = await lab.finish(['a', 'b: a', node('c', { tryCount: 2, retry: { type: 'Immediate' } })], {
    does: { c: ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('no')) : 1), '*': 2 },
    runId: 'r',
  });
  const events = lab.time.until(stored(lab.store, 'r'));
  assert.equal(await events, trial.events);
  const folded = (await events).reduce(reduce, initialSnapshot());
  assert.is(JSON.stringify(folded), JSON.stringify(trial.run.snapshot));
});

test.stored('gives the state after any event by snapshotAt, exactly the fold up to there', async (lab) => {
  const plot = { does: { '*': 2 }, runId: 'r' };
  const { events } = await lab.finish(['a', 'b: a', 'c'], plot);
  const executor = lab.executor();
  let folded = initialSnapshot();
  // Virtual time waits for no file: what looks into the past is loaded by this one.
  await executor.snapshotAt('r', -1).catch(() => undefined);
  assert.equal((await lab.time.until(executor.snapshotAt('r', 0))).toJSON(), folded.toJSON());
  for (const event of events) {
    folded = reduce(folded, event);
    assert.equal((await lab.time.until(executor.snapshotAt('r', event.seq))).toJSON(), folded.toJSON());
  }
  for (const [runId, seq] of [
    ['r', events.length + 1],
    ['nobody', 1],
    ['nobody', 0],
    ['r', -1],
    ['r', 1.5],
  ] as const) {
    const error = await lab.time.until(
      executor.snapshotAt(runId, seq).then(
        () => undefined,
        (e: Error) => e,
      ),
    );
    assert.is(error?.name, 'DagError', `${runId} ${seq}`);
  }
});

test('appends what belongs together at once: every prefix of appends ends with a whole transition', async (lab) => {
  const store = heldStore(true);
  const { log } = await lab.finish(['a', 'b: a', 'c: a'], {
    does: { a: () => Promise.reject(new Error('no')) },
    executor: { store },
  });
  const ends = new Set(log.snapshots.map(({ seq }) => seq));
  let seq = 0;
  for (const events of store.appends) assert.ok(ends.has((seq += events.length)), `an append ends at ${seq}`);
});

test('asks an unavailable store again, later and later, and shows nothing meanwhile', async () => {
  const unavailable: StoreError = { type: 'StoreUnavailable', message: 'out of reach' };
  const { trial, store, lab } = heldRun(['a']);
  store.open = true;
  store.failures.push(unavailable, unavailable, unavailable);
  await trial.pass(50);
  assert.is(trial.events.length, 0);
  const report = await lab.time.until(trial.run);
  assert.ok(report.success);
  assert.ok(lab.time.now() - 1_000_000 >= 300, `${lab.time.now()}`);
});

test('is broken by any other error of its store: every stream and the report tell, and actions are aborted', async () => {
  for (const type of ['Fenced', 'Conflict', 'JournalCorrupt'] as const) {
    let aborted = false;
    const { trial, store, lab } = heldRun(['a', 'b: a'], {
      does: { a: ({ signal }) => (signal.addEventListener('abort', () => (aborted = true)), lab.after(50)) },
    });
    store.open = true;
    const errors: string[] = [];
    const note = (what: string) => (error: Error) => errors.push(`${what}: ${error.name}`);
    trial.run.snapshot$.subscribe({ error: note('snapshot$') });
    trial.run.eventsFrom(1).subscribe({ error: note('eventsFrom') });
    trial.run.event$.subscribe({ error: note('event$') });
    trial.run.report.catch(note('report'));
    await trial.pass(1);
    store.failures.push({ type, message: 'gone' });
    const answer = await trial.ask(emitEvent('x', 1));
    await trial.pass(1);
    assert.equal(errors.toSorted(), [
      'event$: EngineError',
      'eventsFrom: EngineError',
      'report: EngineError',
      'snapshot$: EngineError',
    ]);
    assert.is(answer._tag, 'Left');
    assert.ok(aborted);
    assert.is((await trial.ask(emitEvent('x', 2)))._tag, 'Left');
  }
});

test.run();
