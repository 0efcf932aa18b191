import * as assert from 'uvu/assert';
import {
  initialSnapshot,
  memoryStore,
  reduce,
  type DagExecutionReport,
  type DagRun,
  type EventStore,
  type ExecutionEvent,
  type ResumeOptions,
} from '../../lib/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { Lab, type Nodes, type Plot, type Trial } from './executor.js';
import { heldStore, type HeldStore } from './heldStore.js';

/** A run with a store that remembers each append: at any of them the process may have died. */
export interface Doomed {
  readonly trial: Trial;
  readonly store: HeldStore;
  /** A store as a crash after so many appends has left it, its owner dead; and what it holds. */
  after(appends: number): Promise<{ readonly store: EventStore; readonly events: readonly ExecutionEvent[] }>;
}

export const doomed = (nodes: Nodes, plot: Plot = {}): Doomed => {
  const store = heldStore(true);
  const trial = new Lab(false).start(nodes, { ...plot, runId: 'r', executor: { ...plot.executor, store } });
  return {
    trial,
    store,
    after: async (appends) => {
      const left = memoryStore();
      await left.acquire('r', { id: 'dead', startedAt: 0 })();
      let expected = 0;
      for (const [i, events] of store.appends.slice(0, appends).entries()) {
        await left.append('r', 1, expected, events, store.answers[i]!)();
        expected += events.length;
      }
      return { store: left, events: store.appends.slice(0, appends).flat() };
    },
  };
};

/** A run that goes on in another process, on a clock that stands `laterMs` after the last event. */
export interface Resumed {
  readonly lab: Lab;
  readonly run: DagRun;
  /** Lets it end, checks its log, and gives that and its report. */
  end(): Promise<{ readonly report: DagExecutionReport; readonly events: readonly ExecutionEvent[] }>;
}

export const resume = async (
  left: { readonly store: EventStore; readonly events: readonly ExecutionEvent[] },
  plot: Plot = {},
  options: ResumeOptions & { readonly laterMs?: number } = {},
): Promise<Resumed> => {
  const lab = new Lab(false);
  const { laterMs = 0, ...rest } = options;
  lab.time.advanceTo(left.events.at(-1)!.at + laterMs);
  const executor = lab.executor({ ...plot, executor: { ...plot.executor, store: left.store } });
  const run = await executor.resume('r', { takeOver: true, ...rest });
  return {
    lab,
    run,
    end: async () => {
      const report = await lab.time.until(run);
      const events: ExecutionEvent[] = [];
      for await (const event of left.store.read('r')) events.push(event);
      assert.equal(events.slice(0, left.events.length), left.events, 'what was stored stays');
      assert.equal(
        checkLog(events).map(({ message }) => message),
        [],
      );
      assert.is(JSON.stringify(events.reduce(reduce, initialSnapshot())), JSON.stringify(run.snapshot));
      return { report, events };
    },
  };
};
