import { getEventListeners } from 'node:events';
import { Subject, firstValueFrom, ignoreElements, interval, switchMap } from 'rxjs';
import {
  ActionRegistry,
  Cache,
  DagExecutor,
  action,
  fairSlots,
  memoryStore,
  updateMetrics,
  type DagRun,
  type ExecutorSnapshot,
  type Hook,
  type RunOptions,
} from '../../lib/index.js';

// Runs many runs in each of several ways, and says what is left of them. Needs --expose-gc.

/** What is left when all runs of one kind have ended. */
export interface Leftovers {
  readonly name: string;
  readonly runs: number;
  /** How much the heap has grown since a fifth of the runs had ended, in bytes. */
  readonly grownBytes: number;
  /** How many of the latest 1,000 runs can still be reached. */
  readonly alive: number;
  /** Timers and handles that were not there before. */
  readonly resources: readonly string[];
  readonly listeners: number;
}

const RUNS = Number(process.env['RXDAG_LEAK_RUNS'] ?? 10_000);
const { gc } = globalThis as { gc?: () => void };

const registry = new ActionRegistry().register(
  action('work', async ({ nodeId }) => nodeId),
  action('fail', () => Promise.reject(new Error('it fails'))),
  action('listen', ({ signal, progress }) => (progress(1), signal.addEventListener('abort', () => undefined), 1)),
  action('wait', ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve))),
);
const nodes = ['a', 'b', 'c', 'd'].map((id, i, all) => ({ id, action: 'work', deps: all.slice(0, i) }));
const executor = new DagExecutor({ registry });
executor.load({ name: 'plain', nodes });
executor.load({
  name: 'failing',
  nodes: [{ id: 'x', action: 'fail', tryCount: 2, retry: { type: 'Immediate' } }, ...nodes],
});
executor.load({
  name: 'listening',
  nodes: [{ id: 'x', action: 'listen', timeoutMs: 60_000, idleTimeoutMs: 60_000 }, ...nodes],
});
executor.load({
  name: 'waiting',
  nodes: [{ id: 'x', action: 'wait', timeoutMs: 60_000 }, { id: 'w', action: 'human.input' }, ...nodes],
});

const start = (name: string, options: RunOptions = {}): DagRun => keep(executor.start(name, options));
let latest: WeakRef<DagRun>[] = [];
const keep = (run: DagRun): DagRun => {
  latest.push(new WeakRef(run));
  if (latest.length > 1_000) latest = latest.slice(-1_000);
  return run;
};

const shared = new AbortController();
const sharedCache = new Cache();
const store = memoryStore();
const storing = new DagExecutor({ registry, store });
storing.load({ name: 'plain', nodes });
const sharing = new DagExecutor({ registry, slots: fairSlots(2) });
sharing.load({ name: 'plain', nodes });
const kept: ExecutorSnapshot[] = [];
const hooks: readonly Hook[] = [
  {
    name: 'methods',
    onNodeComplete: async () => updateMetrics({ n: 1 }),
    onStart: ({ track }) => void track(Promise.resolve(1)),
  },
  { name: 'gate', beforeNodeStart: () => Promise.resolve('proceed' as const) },
  (event$) =>
    event$.pipe(
      switchMap(() => interval(60_000)),
      ignoreElements(),
    ), // a timer that is left running
  { name: 'forgets', onNodeStart: (ctx) => void ctx.eventsFrom(1).subscribe() },
];

/** Ways in which a run may go. */
const ways: Readonly<Record<string, (i: number) => Promise<unknown>>> = {
  'runs that succeed': () => start('plain').report,
  'runs that fail': () => start('failing').report,
  'runs whose subscriptions are forgotten': async () => {
    const run = start('plain');
    run.event$.subscribe(() => run);
    run.snapshot$.subscribe(() => run);
    run.eventsFrom(1).subscribe(() => run);
    await run.report;
    run.event$.subscribe(() => run);
    run.snapshot$.subscribe(() => run);
  },
  'runs with a shared signal and cache': () => start('listening', { signal: shared.signal, cache: sharedCache }).report,
  'runs that are cancelled': async () => {
    const run = start('waiting', { config: { humanWaitMs: 60_000 } });
    await run.dispatch({ type: 'EmitEvent', name: 'begun', payload: null });
    await run.cancel();
  },
  'cold runs that are left by switchMap': async () => {
    const source = new Subject<number>();
    const reports = source.pipe(switchMap(() => executor.execute$('plain')));
    const end = firstValueFrom(reports);
    for (let i = 0; i < 3; i++) source.next(i);
    await end;
  },
  'runs that share slots': () => keep(sharing.start('plain', { weight: 2 })).report,
  'runs with a store': async (i) => {
    const run = keep(storing.start('plain', { runId: `run ${i}` }));
    await run.report;
    await store.remove(run.runId)();
  },
  'runs with hooks': () => start('plain', { hooks }).report,
  'iterators that are left early': async () => {
    const run = start('plain');
    const dropped = run[Symbol.asyncIterator]();
    void dropped.next();
    for await (const { seq } of run) if (seq === 3) break;
    await run.report;
  },
  'snapshots that are kept': async (i) => {
    const run = start('plain');
    await run.report;
    kept[i % 100] = run.snapshot;
  },
};

const settle = async (): Promise<number> => {
  for (let i = 0; i < 6; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc!();
  }
  return process.memoryUsage().heapUsed;
};

const resources = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((name) => !/^(TTY|Pipe|FSReq|MessagePort|Immediate)/.test(name));

const measure = async (name: string, way: (i: number) => Promise<unknown>, runs = RUNS): Promise<Leftovers> => {
  const before = resources();
  latest = [];
  let warm = 0;
  for (let i = 0; i < runs; i++) {
    if (i === runs / 5) warm = await settle();
    await way(i);
  }
  const grownBytes = (await settle()) - warm;
  return {
    name,
    runs,
    grownBytes,
    alive: latest.filter((run) => run.deref() !== undefined).length,
    resources: resources().slice(before.length),
    listeners: getEventListeners(shared.signal, 'abort').length,
  };
};

if (gc !== undefined) {
  for (const [name, way] of Object.entries(ways)) console.log(JSON.stringify(await measure(name, way)));
  // The method itself: what is held on to is seen.
  const held: unknown[] = [];
  const leaking = async (): Promise<void> => {
    const run = start('plain');
    held.push(run, await run.report);
  };
  console.log(JSON.stringify(await measure('control', leaking, 1_000)));
  if (held.length !== 2_000 || kept.length !== 100) throw new Error('the control was not held');
}
