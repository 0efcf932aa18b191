import type { CommandRefusal, DagExecutionReport, NodeExecutionOutcome } from '../model/DagExecutionReport.js';
import type { Failure } from '../model/Failure.js';
import { setOwn, type Json } from '../model/Json.js';
import { nodeStatuses } from '../model/Status.js';
import { depsOf } from './adjacency.js';
import { executionTree } from './executionTree.js';
import * as N from './NodeRecord.js';
import type { NodeRecord } from './NodeRecord.js';
import { graphOf } from './Inner.js';
import type { Snapshot } from './Snapshot.js';

/** What a report tells beside the final state. */
export interface Notes {
  readonly warnings: readonly string[];
  readonly refusedCommands: readonly CommandRefusal[];
  readonly hookFailures: ReadonlyArray<{ readonly hook: string; readonly error: Failure }>;
  /** Real outputs where the state shows masked ones. */
  readonly outputs: ReadonlyMap<number, Json> | undefined;
}

/** Makes a settled run's report. What grows with the number of nodes is made when it is first read. */
export const reportOf = (snapshot: Snapshot, notes: Notes): DagExecutionReport => {
  const { startedAt, endedAt = snapshot.at, success = false, error } = snapshot.inner.frame;
  const report = {
    runId: snapshot.runId,
    dagName: snapshot.dagName,
    status: snapshot.status,
    success,
    overallSuccess: success,
    ...(error === undefined ? {} : { error }),
    startedAt,
    endedAt,
    durationMs: endedAt - startedAt,
    metrics: snapshot.metrics,
    warnings: notes.warnings,
    refusedCommands: notes.refusedCommands,
    hookFailures: notes.hookFailures,
  };
  lazily(report, 'nodeOutcomes', () => alive(snapshot, (record) => outcomeOf(record)));
  lazily(report, 'outputs', () => {
    const outputs = Object.create(null) as Record<string, Json>;
    alive(snapshot, ({ spec, output }, index) => {
      if (output !== undefined) setOwn(outputs, spec.id, notes.outputs?.get(index) ?? output);
    });
    return outputs;
  });
  lazily(report, 'criticalPath', () => criticalPath(snapshot));
  lazily(report, 'executionTree', () => executionTree(snapshot));
  Object.defineProperty(report, INSPECT, { value: () => ({ ...report }) }); // console.log shows values, not getters
  return report as unknown as DagExecutionReport;
};

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const lazily = <V>(target: object, key: string, make: () => V): void => {
  Object.defineProperty(target, key, {
    enumerable: true,
    configurable: true,
    get: () => {
      const value = make();
      Object.defineProperty(target, key, { value, enumerable: true, writable: false });
      return value;
    },
  });
};

const alive = <V>({ inner: { nodes } }: Snapshot, project: (record: NodeRecord, index: number) => V): V[] => {
  const all: V[] = [];
  for (let index = 0; index < nodes.size; index++)
    if (nodes.get(index).status !== N.REMOVED) all.push(project(nodes.get(index), index));
  return all;
};

const outcomeOf = ({ spec, status, attempt, startedAt, endedAt, extra }: NodeRecord): NodeExecutionOutcome => ({
  nodeId: spec.id,
  status: nodeStatuses[status]!,
  success: status === N.SUCCEEDED,
  attempts: attempt,
  retryMessages: extra?.retryMessages ?? [],
  ...(status === N.FAILED && extra?.error !== undefined
    ? { finalError: finalError(extra.error, attempt - (extra.attemptBase ?? 0)) }
    : {}),
  cached: extra?.cached === true,
  ...(startedAt === undefined ? {} : { startedAt }),
  ...(endedAt === undefined ? {} : { endedAt }),
  ...(startedAt === undefined || endedAt === undefined ? {} : { durationMs: endedAt - startedAt }),
  ...(extra?.becauseOf === undefined ? {} : { becauseOf: extra.becauseOf }),
});

/** Dagger's words for a node's end; the error itself is the cause. */
const finalError = (error: Failure, attempts: number): Failure =>
  attempts < 1
    ? error
    : { ...error, message: `Failed after ${attempts} attempts. Last error: ${error.message}`, cause: error };

/** The chain of dependencies whose attempts took longest in all, ends included; of equal ones the first defined. */
const criticalPath = ({ inner }: Snapshot): readonly string[] => {
  const { nodes } = inner;
  const size = nodes.size;
  if (size === 0) return [];
  const graph = graphOf(inner);
  const longest = new Float64Array(size).fill(-1);
  const via = new Int32Array(size).fill(-1);
  let last = -1;
  const work: number[] = [];
  for (let start = 0; start < size; start++) {
    work.push(start);
    while (work.length > 0) {
      const index = work[work.length - 1]!;
      if (longest[index]! >= 0) {
        work.pop();
        continue;
      }
      let missing = false;
      let best = 0;
      let from = -1;
      for (const dep of depsOf(graph, index)) {
        const length = longest[dep]!;
        if (length < 0) {
          work.push(dep);
          missing = true;
        } else if (from === -1 || length > best) {
          best = length;
          from = dep;
        }
      }
      if (missing) continue;
      work.pop();
      const { startedAt, endedAt, status } = nodes.get(index);
      longest[index] = best + (startedAt === undefined || endedAt === undefined ? 0 : endedAt - startedAt);
      via[index] = from;
      if (status !== N.REMOVED && startedAt !== undefined && (last === -1 || longest[index] > longest[last]!))
        last = index;
    }
  }
  const path: string[] = [];
  for (let index = last; index !== -1; index = via[index]!)
    if (nodes.get(index).startedAt !== undefined) path.push(nodes.get(index).spec.id);
  return path.reverse();
};
