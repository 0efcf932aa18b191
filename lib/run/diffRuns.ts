import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { NodeState } from '../model/ExecutorSnapshot.js';
import type { Failure } from '../model/Failure.js';
import { jsonEquals, type Json } from '../model/Json.js';
import type { NodeStatus } from '../model/Status.js';
import { fold } from '../state/reduce.js';

/** How a node ended, as far as two runs are compared by it. */
export interface NodeEnd {
  readonly status: NodeStatus;
  readonly attempts: number;
  readonly output?: Json;
  readonly error?: Pick<Failure, 'name' | 'message'>;
}

/** In what two runs differ. */
export interface RunDiff {
  /** The first event, by its place in both logs, that tells of something else, times and names of runs aside; undefined if none does. */
  readonly firstDivergingSeq: number | undefined;
  /** Nodes that ended differently; one side is undefined where the node does not exist there. */
  readonly nodes: ReadonlyArray<{
    readonly nodeId: string;
    readonly a: NodeEnd | undefined;
    readonly b: NodeEnd | undefined;
  }>;
}

/** Compares two logs. */
export const diffRuns = (a: readonly ExecutionEvent[], b: readonly ExecutionEvent[]): RunDiff => {
  const ends = [a, b].map((events) => {
    const found = new Map<string, NodeEnd>();
    for (const node of fold(events).nodes()) found.set(node.id, endOf(node));
    return found;
  }) as [Map<string, NodeEnd>, Map<string, NodeEnd>];
  const nodes: RunDiff['nodes'][number][] = [];
  for (const nodeId of new Set([...ends[0].keys(), ...ends[1].keys()])) {
    const [left, right] = [ends[0].get(nodeId), ends[1].get(nodeId)];
    if (left === undefined || right === undefined || !jsonEquals(left as unknown as Json, right as unknown as Json))
      nodes.push({ nodeId, a: left, b: right });
  }
  let at = 0;
  while (at < a.length && at < b.length && isSame(a[at]!, b[at]!)) at++;
  return { firstDivergingSeq: at === a.length && at === b.length ? undefined : at + 1, nodes };
};

const endOf = ({ status, attempt, output, error }: NodeState): NodeEnd => ({
  status,
  attempts: attempt,
  ...(output === undefined ? {} : { output }),
  ...(error === undefined ? {} : { error: { name: error.name, message: error.message } }),
});

const isSame = (a: ExecutionEvent, b: ExecutionEvent): boolean => jsonEquals(timeless(a), timeless(b));

/** What an event tells, without when it was and in which run. */
const timeless = (event: ExecutionEvent): Json => {
  const {
    at: _at,
    runId: _runId,
    durationMs: _durationMs,
    until: _until,
    forkedFrom: _forkedFrom,
    ...rest
  } = event as ExecutionEvent & Record<string, unknown>;
  return rest as unknown as Json;
};
