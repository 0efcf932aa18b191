import type { Observable } from 'rxjs';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { checkLog } from './checkLog.js';
import { describeEvent } from './describeEvent.js';
import type { Violation } from './Violation.js';

/** What a recorder listens to; a `DagRun` is one. */
export interface Recordable {
  readonly event$: Observable<ExecutionEvent>;
  readonly snapshot$: Observable<ExecutorSnapshot>;
}

/** What a run has done so far; it grows while the run goes on. */
export interface Recording {
  readonly events: readonly ExecutionEvent[];
  /** The one at the start, then one per transition. They never change, and share what they have in common. */
  readonly snapshots: readonly ExecutorSnapshot[];
  /** The ids of the nodes in the order in which they first started. */
  readonly started: readonly string[];
  ofType<K extends ExecutionEvent['type']>(type: K): readonly EventOf<K>[];
  /**
   * How two nodes stood to each other: `before` if `a` had ended for good when `b` first started, `after` the other way
   * round, `overlap` otherwise; undefined if one of them never ran.
   */
  order(a: string, b: string): 'before' | 'after' | 'overlap' | undefined;
  /** One line per event, as `describeEvent` words it; with `times`, milliseconds since the first event stand before it. */
  text(options?: { readonly times?: boolean }): string;
  /** What in the log so far breaks a rule: nothing, unless the engine (or a store) is at fault. */
  checkLog(): readonly Violation[];
}

/**
 * Collects all that a run publishes. Call it in the same turn as `start()`, so that nothing is missed.
 *
 * @example
 * const log = record(executor.start(graph));
 * time.flush();
 * assert.equal(log.started, ['fetch', 'clean', 'load']);
 * assert.is(log.order('fetch', 'clean'), 'before');
 * assert.equal(log.checkLog(), []);
 */
export const record = (run: Recordable): Recording => {
  const events: ExecutionEvent[] = [];
  const snapshots: ExecutorSnapshot[] = [];
  run.event$.subscribe((event) => events.push(event));
  run.snapshot$.subscribe((snapshot) => snapshots.push(snapshot));
  const ofType = <K extends ExecutionEvent['type']>(type: K): readonly EventOf<K>[] =>
    events.filter((event): event is EventOf<K> => event.type === type);
  return {
    events,
    snapshots,
    get started() {
      return [...new Set(ofType('NodeStarted').map(({ nodeId }) => nodeId))];
    },
    ofType,
    order: (a, b) => {
      const [first, second] = [spanOf(events, a), spanOf(events, b)];
      if (first === undefined || second === undefined) return undefined;
      if (first.end < second.start) return 'before';
      return second.end < first.start ? 'after' : 'overlap';
    },
    text: ({ times = false } = {}) =>
      events.map((event) => `${times ? `${event.at - events[0]!.at} ` : ''}${describeEvent(event)}`).join('\n'),
    checkLog: () => checkLog(events),
  };
};

/** From a node's first start to its last end, as seqs; it ends never while it has not. */
const spanOf = (events: readonly ExecutionEvent[], id: string): { start: number; end: number } | undefined => {
  let start: number | undefined;
  let end = Infinity;
  for (const event of events) {
    if (!('nodeId' in event) || event.nodeId !== id) continue;
    if (event.type === 'NodeStarted') {
      start ??= event.seq;
      end = Infinity;
    } else if (event.type === 'NodeSucceeded' || event.type === 'NodeFailed' || event.type === 'NodeCancelled')
      end = event.seq;
  }
  return start === undefined ? undefined : { start, end };
};
