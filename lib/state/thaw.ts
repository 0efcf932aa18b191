import { depsOf } from './adjacency.js';
import { controlOf } from './branches.js';
import { GraphTable } from './GraphTable.js';
import * as N from './NodeRecord.js';
import { RunState, holdsSlot } from './RunState.js';
import type { Snapshot } from './Snapshot.js';

/** A working state that goes on from a snapshot: its own if that has not moved since, else a new one beside it. */
export const thaw = (snapshot: Snapshot): RunState => {
  const { inner } = snapshot;
  const { frame } = inner;
  if (frame.state.seq === snapshot.seq && frame.state.listener === undefined) return frame.state;
  const state = new RunState(snapshot.runId, snapshot.dagName);
  state.seq = snapshot.seq;
  state.at = snapshot.at;
  state.status = snapshot.status;
  state.maxParallelNodes = snapshot.maxParallelNodes;
  inner.tallies.forEach((n, code) => (state.counts[code] = n));
  state.retries = inner.retries;
  state.cacheHits = inner.cacheHits;
  state.runningMs = inner.runningMs;
  state.custom = frame.custom;
  state.config = frame.config;
  state.inputs = frame.inputs;
  state.startedAt = frame.startedAt;
  state.endedAt = frame.endedAt;
  state.success = frame.success;
  state.error = frame.error;
  state.cancelling = frame.cancelling;
  state.pauseReason = frame.pauseReason;
  state.iterations = frame.iterations;
  state.quiet = frame.quiet;
  state.nodes = inner.nodes.share();
  state.branches = frame.branches.share();
  for (let i = 0; i < state.branches.size; i++) state.branchIndex.set(state.branches.get(i).id, i);
  if (frame.table === undefined) return state;
  const size = state.nodes.size;
  const table = (state.table = new GraphTable(frame.table.plan));
  state.reserve(size);
  for (let index = 0; index < size; index++) {
    const record = state.nodes.get(index);
    if (index >= table.plan.depStart.length - 1) table.add(record.spec, index);
    for (const dep of depsOf(state, index)) state.tally(index, N.kindOf(state.nodes.get(dep)), 1);
    if (record.status === N.STARTING) state.starting.add(index);
    if (record.status === N.SKIPPED && N.kindOf(record) === N.BAD) state.badSkips++;
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
