import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import { jsonEquals, type Json } from '../model/Json.js';
import { isLiteral, isRef } from '../model/Ref.js';
import { fold } from '../state/reduce.js';

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
 * as they were, so that the time between the two runs counts for neither.
 */
export const forkedLog = (
  events: readonly ExecutionEvent[],
  { runId, inputs, again, now }: ForkedLogOptions,
): ForkedLog => {
  const [first, ...rest] = events as readonly [EventOf<'RunStarted'>, ...ExecutionEvent[]];
  const snapshot = fold(events);
  const given = { ...first.inputs, ...inputs };
  const changed = Object.keys(inputs).filter(
    (key) => !Object.hasOwn(first.inputs, key) || !jsonEquals(first.inputs[key]!, inputs[key]!),
  );
  const stale = staleNodes(snapshot, changed, again);
  const origin = { runId: first.runId, seq: events[events.length - 1]!.seq, at: now };
  const later = now - events[events.length - 1]!.at;
  const kept: ExecutionEvent[] = [{ ...first, at: first.at + later, runId, inputs: given, forkedFrom: origin }];
  const places = new Map<number, number>([[first.seq, 1]]);
  const gone = new Set<string>(); // nodes that were added by what is left out
  for (const event of rest) {
    const rests = event.cause !== undefined && event.cause > 0 && !places.has(event.cause);
    if (rests || ENDS.has(event.type) || isStale(event, stale, gone)) {
      if (event.type === 'NodeAdded') gone.add(event.node.id!);
      continue;
    }
    const seq = kept.length + 1;
    places.set(event.seq, seq);
    const told =
      event.type === 'NodeRetried' ? { ...event, revived: event.revived.filter((id) => !stale.has(id)) } : event;
    kept.push({
      ...told,
      ...moved(event, later),
      seq,
      ...(event.cause === undefined ? {} : { cause: places.get(event.cause) ?? 0 }),
    });
  }
  return { events: kept, origins: [...places.keys()] };
};

const moved = (event: ExecutionEvent, by: number): { readonly at: number; readonly until?: number } => ({
  at: event.at + by,
  ...(event.type === 'NodeWaiting' && event.until !== undefined && { until: event.until + by }),
});

/** A fork goes on: what ended the run, or was ending it, is no part of it. */
const ENDS: ReadonlySet<ExecutionEvent['type']> = new Set([
  'RunCancelling',
  'RunQuiescent',
  'RunSettled',
  'NodeCancelled',
]);

const isStale = (event: ExecutionEvent, stale: ReadonlySet<string>, gone: ReadonlySet<string>): boolean => {
  switch (event.type) {
    case 'NodeAdded': {
      const { parent, deps = [] } = event.node;
      return (
        [...(parent === undefined ? [] : [parent]), ...(event.after === undefined ? [] : [event.after])].some(
          (id) => stale.has(id) || gone.has(id),
        ) || deps.some((id) => gone.has(id))
      );
    }
    case 'DependencyAdded':
      return gone.has(event.from) || gone.has(event.to);
    case 'NodeInputsSet':
    case 'PrioritySet':
      return gone.has(event.nodeId);
    default:
      return 'nodeId' in event && (stale.has(event.nodeId) || gone.has(event.nodeId));
  }
};

/** Nodes that read an input that has changed, that are to run again or were cut off, and all that depends on them. */
const staleNodes = (
  snapshot: ExecutorSnapshot,
  changed: readonly string[],
  again: readonly string[],
): ReadonlySet<string> => {
  const stale = new Set<string>();
  const open = [...again];
  for (const node of snapshot.nodes())
    if (node.status === 'cancelled' || (changed.length > 0 && reads(node, changed))) open.push(node.id);
  while (open.length > 0) {
    const id = open.pop()!;
    if (stale.has(id)) continue;
    stale.add(id);
    const node = snapshot.node(id);
    if (node === undefined) continue;
    open.push(...node.dependents);
    // An item or a sub-DAG's node is a part of its parent, which comes to another output with it.
    if (node.spec.parent !== undefined) open.push(node.spec.parent);
  }
  return stale;
};

const reads = ({ spec: { inputs, when, forEach, parent } }: NodeState, changed: readonly string[]): boolean => {
  if (parent !== undefined) return false; // what it reads comes through its parent
  const open: unknown[] = [inputs, when, forEach];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || isLiteral(value)) continue;
    if (!isRef(value)) open.push(...Object.values(value));
    else if (value.node === undefined && /^inputs(?:$|[.[])/.test(value.$ref)) {
      const path = value.$ref.slice('inputs'.length);
      if (
        path === '' ||
        changed.some(
          (key) =>
            path === `.${key}` || path.startsWith(`.${key}.`) || path.startsWith(`.${key}[`) || path.startsWith('['),
        )
      )
        return true;
    }
  }
  return false;
};
