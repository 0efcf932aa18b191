import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { ExecutorSnapshot, NodeState } from '../../model/ExecutorSnapshot.js';
import { initialSnapshot, reduce } from '../../state/reduce.js';
import { attemptBars, isEnd } from '../attemptBars.js';
import type { WfFormat } from './WfFormat.js';
import { writeTrace } from './writeTrace.js';

interface Time {
  runtimeMs: number;
  startedAt: number;
}

/**
 * Writes the log of a run as a trace in WfFormat 1.5: a task for each node, added ones too; its run time is that of all its
 * attempts, or for how long it waited for a person; a node that never started has the run time 0. A fan-out or a sub-DAG
 * becomes a task without length behind those that it was expanded to. Characters of ids that WfFormat does not allow become `_`:
 * `each[0]` is `each_0_`. Throws a `RangeError` for a run without nodes.
 */
export const runToWfFormat = (events: readonly ExecutionEvent[]): WfFormat => {
  const snapshot = events.reduce(reduce, initialSnapshot());
  const times = timesOf(events);
  const members = membersOf(snapshot);
  const startedAt = events[0]?.at ?? 0;
  return writeTrace({
    name: snapshot.dagName,
    description: `Run ${snapshot.runId}, ${snapshot.status}`,
    startedAt,
    makespanMs: (events.at(-1)?.at ?? startedAt) - startedAt,
    tasks: Array.from(snapshot.nodes(), (node) => ({
      id: node.id,
      name: node.action,
      parents: parentsOf(node, snapshot, members),
      runtimeMs: 0,
      ...times.get(node.id),
    })),
  });
};

/** How long each node ran that did, and when it began. */
const timesOf = (events: readonly ExecutionEvent[]): ReadonlyMap<string, Time> => {
  const times = new Map<string, Time>();
  const add = (nodeId: string, startAt: number, endAt: number): void => {
    const time = times.get(nodeId);
    if (time === undefined) times.set(nodeId, { runtimeMs: endAt - startAt, startedAt: startAt });
    else
      times.set(nodeId, { runtimeMs: time.runtimeMs + endAt - startAt, startedAt: Math.min(time.startedAt, startAt) });
  };
  for (const { nodeId, startAt, endAt } of attemptBars(events)) add(nodeId, startAt, endAt);
  const asked = new Map<string, number>();
  for (const event of events)
    if (event.type === 'NodeWaiting' && event.on === 'input') asked.set(event.nodeId, event.at);
    else if ((isEnd(event) || event.type === 'NodeSkipped') && asked.has(event.nodeId)) {
      add(event.nodeId, asked.get(event.nodeId)!, event.at);
      asked.delete(event.nodeId);
    }
  return times;
};

/** By fan-out or sub-DAG, the nodes that it was expanded to. */
const membersOf = (snapshot: ExecutorSnapshot): ReadonlyMap<string, readonly string[]> => {
  const members = new Map<string, string[]>();
  for (const { id, spec } of snapshot.nodes()) {
    if (spec.parent === undefined) continue;
    const known = members.get(spec.parent);
    if (known === undefined) members.set(spec.parent, [id]);
    else known.push(id);
  }
  return members;
};

/** What a node came after: its dependencies, what it was expanded to, or what the node came after that it was expanded from. */
const parentsOf = (
  { id, deps, spec }: NodeState,
  snapshot: ExecutorSnapshot,
  members: ReadonlyMap<string, readonly string[]>,
): readonly string[] => {
  const inside = members.get(id);
  if (inside !== undefined) return inside;
  if (deps.length > 0 || spec.parent === undefined) return deps;
  return beforeOf(snapshot.node(spec.parent)!, snapshot);
};

const beforeOf = ({ deps, spec }: NodeState, snapshot: ExecutorSnapshot): readonly string[] =>
  deps.length > 0 || spec.parent === undefined ? deps : beforeOf(snapshot.node(spec.parent)!, snapshot);
