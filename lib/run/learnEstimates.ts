import * as E from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { show } from '../model/explain.js';
import { Count } from '../model/strict.js';
import type { Estimates } from '../plan/Estimates.js';
import { checkKeys, wrong } from './checkOptions.js';
import type { EventStore, StoreError } from './EventStore.js';

export interface LearnOptions {
  /** How many of the latest runs to learn from, from 1. @default 10 */
  readonly runs?: number;
}

/** How many events are read at most, of the latest runs first. */
const EVENTS_MAX = 100_000;

/**
 * Learns from the latest runs of a DAG that have ended, in whatever way, how long its nodes are likely to run: the median
 * of what each node took when it succeeded, and of what all nodes of an action took, for nodes that are new. What was served
 * from a cache tells nothing. At most 100,000 events are read. Throws a `DagError` for wrong options. Given to `start` as `estimates`, nodes on the critical path then start first.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, learnEstimates, memoryStore } from 'rxdag';
 * import { VirtualTime } from 'rxdag/testing';
 * import { timer } from 'rxjs';
 *
 * const time = new VirtualTime();
 * const registry = new ActionRegistry().register(action('load', ({ inputs }) => timer(inputs.ms, time)));
 * const graph = { name: 'etl', nodes: [{ id: 'big', action: 'load', inputs: { ms: 900 } }, { id: 'small', action: 'load', inputs: { ms: 100 } }] };
 * const store = memoryStore();
 * const executor = new DagExecutor({ registry, store, scheduler: time });
 * await time.until(executor.start(graph));
 * const learnt = await learnEstimates(store, 'etl')();
 * if (learnt._tag === 'Left') throw new Error(learnt.left.message);
 * const estimates = learnt.right;
 * [estimates.nodes.get('big'), estimates.actions.get('load')]; // => [ 900, 500 ]
 * await time.until(executor.start(graph, { estimates }));
 * ```
 */
export const learnEstimates = (
  store: EventStore,
  dagName: string,
  options: LearnOptions = {},
): TaskEither<StoreError, Estimates> => {
  checkKeys('The options of learnEstimates', options, ['runs']);
  const { runs: most = 10 } = options;
  if (!Count.is(most)) wrong(`runs is ${show(most)}; give ${Count.name}.`);
  return async () => {
    const runs = await store.runs({ dagName })();
    if (E.isLeft(runs)) return runs;
    const ended = runs.right.filter(({ endedAt }) => endedAt !== undefined);
    const latest = ended.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, most);
    const lesson: Lesson = { nodes: new Map(), actions: new Map() };
    let left = EVENTS_MAX;
    try {
      for (const { runId, seq } of latest) {
        await learnFrom(store.read(runId), left, lesson);
        left -= seq;
        if (left <= 0) break;
      }
    } catch (error) {
      if (isStoreError(error)) return E.left(error);
      throw error;
    }
    return E.right({ nodes: medians(lesson.nodes), actions: medians(lesson.actions) });
  };
};

/** Every duration that was measured, in milliseconds. */
interface Lesson {
  readonly nodes: Map<string, number[]>;
  readonly actions: Map<string, number[]>;
}

const learnFrom = async (log: AsyncIterable<ExecutionEvent>, lastSeq: number, lesson: Lesson): Promise<void> => {
  const actions = new Map<string, string>();
  const hear = ({ id, action }: NodeSpec): unknown => actions.set(id!, action);
  for await (const event of log) {
    if (event.seq > lastSeq) return;
    if (event.type === 'RunStarted') event.definition.nodes.forEach(hear);
    else if (event.type === 'NodeAdded') hear(event.node);
    // What waited for others or for a person is no measure of its action.
    else if (event.type === 'NodeWaiting') actions.delete(event.nodeId);
    else if (event.type === 'NodeSucceeded' && !event.cached) {
      const action = actions.get(event.nodeId);
      note(lesson.nodes, event.nodeId, event.durationMs);
      if (action !== undefined) note(lesson.actions, action, event.durationMs);
    }
  }
};

const note = (durations: Map<string, number[]>, key: string, ms: number): void => {
  const known = durations.get(key);
  if (known === undefined) durations.set(key, [ms]);
  else known.push(ms);
};

const medians = (durations: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, number> =>
  new Map([...durations].map(([key, ms]) => [key, median(ms)]));

const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
};

const isStoreError = (error: unknown): error is StoreError =>
  typeof (error as Partial<StoreError> | undefined)?.type === 'string';
