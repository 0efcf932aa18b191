import { depsOf } from './adjacency.js';
import { controlOf } from './branches.js';
import { GraphTable } from './GraphTable.js';
import * as N from './NodeRecord.js';
import { RunState, holdsSlot } from './RunState.js';
import type { Snapshot } from './Snapshot.js';

/** A working state that goes on from a snapshot: its own if that has not moved since, else a new one beside it. */
export const thaw = (snapshot: Snapshot): RunState => {
  const { inner } = snapshot;
  if (inner.state.seq === snapshot.seq && inner.state.listener === undefined) return inner.state;
  const state = new RunState(snapshot.runId, snapshot.dagName);
  state.seq = snapshot.seq;
  state.at = snapshot.at;
  state.status = snapshot.status;
  state.maxParallelNodes = snapshot.maxParallelNodes;
  inner.tallies.forEach((n, code) => (state.counts[code] = n));
  [state.retries, state.cacheHits, state.runningMs] = inner.numbers as [number, number, number];
  state.custom = inner.custom;
  state.config = inner.config;
  state.inputs = inner.inputs;
  state.startedAt = inner.startedAt;
  state.endedAt = inner.endedAt;
  state.success = inner.success;
  state.error = inner.error;
  state.cancelling = inner.cancelling;
  state.pauseReason = inner.pauseReason;
  state.iterations = inner.iterations;
  state.quiet = inner.quiet;
  state.nodes = inner.nodes.share();
  state.branches = inner.branches.share();
  for (let i = 0; i < state.branches.size; i++) state.branchIndex.set(state.branches.get(i).id, i);
  if (inner.table === undefined) return state;
  const size = state.nodes.size;
  const table = (state.table = new GraphTable(inner.table.plan));
  state.reserve(size);
  for (let index = 0; index < size; index++) {
    const record = state.nodes.get(index);
    if (index >= table.plan.nodes.length) table.add(record.spec, index);
    for (const dep of depsOf(state, index)) state.tally(index, N.kindOf(state.nodes.get(dep)), 1);
    if (record.status === N.STARTING) state.starting.add(index);
    if (record.status === N.WAITING && record.extra?.waitingOn !== 'input' && !state.openChildren.has(index))
      state.openChildren.set(index, 0);
    const { pool, parent } = record.spec;
    if (pool !== undefined && holdsSlot(record.status)) state.poolUse.set(pool, (state.poolUse.get(pool) ?? 0) + 1);
    if (parent !== undefined) {
      const up = table.find(parent, size)!;
      state.openChildren.set(up, (state.openChildren.get(up) ?? 0) + (N.kindOf(record) === N.OPEN ? 1 : 0));
    }
  }
  for (let i = 0; i < state.branches.size; i++) {
    const { id, status } = state.branches.get(i);
    if (status === 'running') continue;
    const control = controlOf(state, id);
    control.paused = status === 'paused';
    control.cancelled = status === 'cancelled';
  }
  return state;
};
