import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { jsonEquals, type Json } from '../model/Json.js';
import { show } from '../model/explain.js';
import { didYouMean } from '../model/nearest.js';
import { fold } from '../state/reduce.js';
import { inputReaders } from '../plan/inputReaders.js';
import { wrong } from './checkOptions.js';
import { Stale } from './Stale.js';

export interface ForkedLogOptions {
  readonly runId: string;
  /** Over those of the run that is forked; redacted values are masked. */
  readonly inputs: Readonly<Record<string, Json>>;
  /** Nodes that are to run again, with all that depends on them. */
  readonly again: readonly string[];
  /** When the fork is made, epoch milliseconds: what it begins with is moved there as a whole. */
  readonly now: number;
}

export interface ForkedLog {
  readonly events: readonly ExecutionEvent[];
  /** For each of them, its seq in the log that it came from. */
  readonly origins: readonly number[];
}

/**
 * The log that a fork begins with: the given one under another name, without its end, and without what rests on other
 * inputs or is to run again. Events are numbered anew, and causes with them; the last one is at the moment of the fork, the others as long before it
 * as they were, so that the time between the two runs counts for neither. Throws a `DagError` for nodes to run again that
 * the run does not have by then.
 */
export const forkedLog = (
  events: readonly ExecutionEvent[],
  { runId, inputs, again, now }: ForkedLogOptions,
): ForkedLog => {
  const [first] = events as readonly [EventOf<'RunStarted'>];
  const last = events[events.length - 1]!;
  const changed = Object.keys(inputs).filter(
    (key) => !Object.hasOwn(first.inputs, key) || !jsonEquals(first.inputs[key]!, inputs[key]!),
  );
  const begun: EventOf<'RunStarted'> = {
    ...first,
    runId,
    inputs: { ...first.inputs, ...inputs },
    forkedFrom: { runId: first.runId, seq: last.seq, at: now, ...(again.length > 0 && { again: [...new Set(again)] }) },
  };
  const snapshot = fold(events);
  checkNodes(snapshot, again);
  const runAgain = [
    ...again,
    ...cutOff(snapshot),
    ...torn(events),
    ...(changed.length > 0 ? inputReaders(snapshot, changed) : []),
  ];
  for (;;) {
    const stale = new Stale(snapshot);
    for (const id of runAgain) stale.add(id);
    const log = without(events, stale, begun, now - last.at);
    if (log.lost.length === 0) return log;
    for (const id of log.lost) runAgain.push(id);
  }
};

const checkNodes = (snapshot: ExecutorSnapshot, ids: readonly string[]): void => {
  for (const id of ids)
    if (snapshot.node(id) === undefined) {
      const known = Array.from(snapshot.nodes(), (node) => node.id);
      wrong(
        `Run ${show(snapshot.runId)} has no node ${show(id)} at event ${snapshot.seq}${didYouMean(id, known) || '.'}`,
      );
    }
};

/** The log under its new beginning, `later` as a whole; with the nodes that what is left out had made what they are. */
const without = (
  events: readonly ExecutionEvent[],
  stale: Stale,
  begun: EventOf<'RunStarted'>,
  later: number,
): ForkedLog & { readonly lost: readonly string[] } => {
  const kept: ExecutionEvent[] = [];
  const places = new Map<number, number>();
  const lost: string[] = [];
  const paused = new Set<string>();
  for (const event of events) {
    const rests = event.cause !== undefined && event.cause > 0 && !places.has(event.cause);
    const isStale = ENDS.has(event.type) || stale.has(event) || (!rests && isMoot(event, paused));
    if (rests || isStale) {
      if (event.type === 'NodeAdded') stale.leaveOut(event.node.id!);
      else if (!isStale && 'nodeId' in event && event.type !== 'PrioritySet' && !stale.runsAgain(event.nodeId))
        lost.push(event.nodeId);
      continue;
    }
    const seq = kept.length + 1;
    places.set(event.seq, seq);
    kept.push({
      ...(event.type === 'RunStarted' ? begun : event),
      ...(event.type === 'NodeRetried' && { revived: event.revived.filter((id) => !stale.runsAgain(id)) }),
      ...moved(event, later),
      seq,
      ...(event.cause === undefined ? {} : { cause: places.get(event.cause) ?? 0 }),
    });
  }
  return { events: kept, origins: [...places.keys()], lost };
};

const moved = (event: ExecutionEvent, by: number): { readonly at: number; readonly until?: number } => ({
  at: event.at + by,
  ...(event.type === 'NodeWaiting' && event.until !== undefined && { until: event.until + by }),
});

/** Whether a pause or its end says nothing new any more; else it is noted. */
const isMoot = (event: ExecutionEvent, paused: Set<string>): boolean => {
  switch (event.type) {
    case 'RunPaused':
    case 'BranchPaused': {
      const isPaused = paused.has(pausedIn(event));
      paused.add(pausedIn(event));
      return isPaused;
    }
    case 'RunResumed':
    case 'BranchResumed':
      return !paused.delete(pausedIn(event));
    default:
      return false;
  }
};

const pausedIn = (event: ExecutionEvent): string => ('branchId' in event ? `branch ${event.branchId}` : 'run');

/** A fork goes on: what ended the run, or was ending it, is no part of it. */
const ENDS: ReadonlySet<ExecutionEvent['type']> = new Set([
  'RunCancelling',
  'RunQuiescent',
  'RunSettled',
  'NodeCancelled',
]);

/** Nodes that were cut off: those that wait for such ones go on waiting. */
const cutOff = (snapshot: ExecutorSnapshot): readonly string[] => {
  const parents = new Set<string>();
  const cancelled: string[] = [];
  for (const { id, status, spec } of snapshot.nodes()) {
    if (spec.parent !== undefined) parents.add(spec.parent);
    if (status === 'cancelled') cancelled.push(id);
  }
  return cancelled.filter((id) => !parents.has(id));
};

/** The node whose items, or sub-DAG's nodes, were being put in where the log ends: not all of them may be there. */
const torn = (events: readonly ExecutionEvent[]): readonly string[] => {
  let at = events.length - 1;
  for (let event = events[at]!; event.type === 'NodeCancelled' || isPart(event); event = events[at]!) at--;
  const event = events[at]!;
  return event.type === 'NodeWaiting' && event.on !== 'input' ? [event.nodeId] : [];
};

const isPart = (event: ExecutionEvent): boolean => event.type === 'NodeAdded' && event.node.parent !== undefined;
