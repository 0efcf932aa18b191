import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import { addUnknown } from '../model/UnknownEvents.js';
import type { Plan } from '../plan/Plan.js';
import { bindNode } from '../plan/references.js';
import { runStarted } from './begin.js';
import { controlOf, release } from './branches.js';
import { added, depends, wake } from './grow.js';
import * as N from './NodeRecord.js';
import type { NodeRecord } from './NodeRecord.js';
import type { NodeRecords } from './NodeRecords.js';
import type { RunState } from './RunState.js';

/**
 * Folds one event into the working state. Total: every event that a log can hold is known, and whatever can be derived
 * (readiness, counts, members of branches) is kept on the way, so that no event has to tell it. One of a type that a later
 * version has brought leaves the state as it is, and is counted.
 *
 * @param plan - The proved definition that RunStarted carries.
 * @param known - The index of the event's node, where the caller has it at hand.
 * @param nodes - The plan's nodes at the beginning, where the caller has made them.
 */
export const apply = (
  state: RunState,
  event: ExecutionEvent,
  plan?: Plan,
  known?: number,
  nodes?: NodeRecords,
): void => {
  state.seq = event.seq;
  state.at = event.at;
  if (event.type !== 'NodeStarted' && event.type !== 'NodeSucceeded') state.frame = undefined;
  switch (event.type) {
    case 'NodeStarted':
      return started(state, event, known ?? state.find(event.nodeId)!);
    case 'NodeSucceeded':
      return succeeded(state, event, known ?? state.find(event.nodeId)!);
    case 'RunStarted':
      return runStarted(state, event, plan!, nodes);
    case 'RunPaused':
      state.status = 'paused';
      state.quiet = false;
      state.pauseReason = event.reason;
      return backToReady(state, undefined);
    case 'RunResumed':
      state.status = 'running';
      state.pauseReason = undefined;
      return;
    case 'RunCancelling':
      state.status = 'cancelling';
      state.cancelling = { reason: event.reason, origin: event.origin };
      return;
    case 'RunRecovered':
      return backToReady(state, undefined);
    case 'RunQuiescent':
      state.quiet = true;
      if (state.status === 'running') state.status = 'quiescent';
      return;
    case 'RunSettled':
      state.status = event.status;
      state.success = event.success;
      state.error = event.error;
      state.endedAt = event.at;
      return;
    case 'NodeAdded':
      return added(state, event);
    case 'NodeRemoved': {
      const index = state.find(event.nodeId)!;
      state.move(index, N.REMOVED);
      return;
    }
    case 'NodeStarting':
      state.move(state.find(event.nodeId)!, N.STARTING);
      return;
    case 'NodeWaiting': {
      const index = state.find(event.nodeId)!;
      const record = state.move(index, N.WAITING);
      record.attempt++;
      record.startedAt = event.at;
      record.endedAt = undefined;
      state.extend(index, { waitingOn: event.on, ...(event.until !== undefined && { waitUntil: event.until }) });
      if (event.on === 'input') return;
      if (!state.openChildren.has(index)) state.openChildren.set(index, 0);
      return state.listener?.expanded(index); // at its end at once, unless nodes follow
    }
    case 'NodeProgressed':
      state.extend(state.find(event.nodeId)!, { progress: event.value });
      return;
    case 'NodeRetryScheduled': {
      const index = state.find(event.nodeId)!;
      const record = ended(state, index, N.RETRYING, event.at);
      state.extend(index, {
        retryAt: event.at + event.delayMs,
        retryMessages: [
          ...(record.extra?.retryMessages ?? []),
          `Attempt ${event.attempt} failed: ${event.error.message}`,
        ],
      });
      return;
    }
    case 'NodeInterrupted': {
      const index = state.find(event.nodeId)!;
      const interruptions = (state.nodes.get(index).extra?.interruptions ?? 0) + 1;
      state.extend(index, { interruptions });
      ended(state, index, N.PENDING, event.at);
      return state.settle(index);
    }
    case 'NodeFailed': {
      const index = state.find(event.nodeId)!;
      const before = state.nodes.get(index);
      state.extend(index, {
        error: event.error,
        ...(event.attempt > 0
          ? {
              retryMessages: [
                ...(before.extra?.retryMessages ?? []),
                `Attempt ${event.attempt} failed: ${event.error.message}`,
              ],
            }
          : {}),
      });
      ended(state, index, N.FAILED, event.at);
      return state.listener?.failed(index);
    }
    case 'NodeSkipped': {
      const index = state.find(event.nodeId)!;
      const because = event.becauseOf === undefined ? undefined : state.find(event.becauseOf);
      const onPurpose = because === undefined || N.kindOf(state.nodes.get(because)) === N.PURPOSE;
      const record = state.edit(index);
      if (event.output !== undefined) record.output = event.output;
      state.extend(index, { becauseOf: event.becauseOf, onPurpose });
      ended(state, index, N.SKIPPED, event.at);
      return;
    }
    case 'NodeCancelled':
      ended(state, state.find(event.nodeId)!, N.CANCELLED, event.at);
      return;
    case 'NodeRetried':
      return retried(state, event);
    case 'NodeInputsSet': {
      const index = state.find(event.nodeId)!;
      const record = state.edit(index);
      record.spec = Object.freeze({ ...record.spec, inputs: event.inputs });
      return state.extend(index, { bound: bindNode(record.spec, (id) => state.find(id)).bound });
    }
    case 'DependencyAdded':
      return depends(state, state.find(event.from)!, state.find(event.to)!);
    case 'PrioritySet': {
      const index = state.find(event.nodeId)!;
      const record = state.edit(index);
      record.spec = Object.freeze({ ...record.spec, priority: event.priority });
      if (record.status === N.READY || record.status === N.RETRYING) state.listener?.ready(index);
      return;
    }
    case 'BranchPaused':
      mark(state, event, 'paused');
      controlOf(state, event.branchId).paused = true;
      return backToReady(state, controlOf(state, event.branchId).members);
    case 'BranchResumed': {
      mark(state, event, 'running');
      const control = controlOf(state, event.branchId);
      control.paused = false;
      const { members } = control;
      release(state, control);
      if (state.listener !== undefined) for (const index of members) requeue(state, index);
      return;
    }
    case 'BranchCancelled': {
      mark(state, event, 'cancelled');
      const control = controlOf(state, event.branchId);
      control.paused = false;
      control.cancelled = true;
      return;
    }
    case 'ConcurrencySet':
      state.maxParallelNodes = event.maxParallelNodes;
      return;
    case 'MetricsUpdated':
      state.custom = Object.freeze({ ...state.custom, ...event.metrics });
      return;
    case 'CustomEmitted':
    case 'CommandRefused':
    case 'HookFailed':
      return;
    default:
      state.unknown = addUnknown(state.unknown, (event as { readonly type: unknown }).type);
  }
};

const started = (state: RunState, event: EventOf<'NodeStarted'>, index: number): void => {
  const record = state.move(index, N.RUNNING);
  record.attempt = event.attempt;
  record.startedAt = event.at;
  record.endedAt = undefined;
  if (event.attempt > 1) state.retries++;
  else if (record.spec.action === 'supervisor_step') {
    state.iterations++;
    state.frame = undefined;
  }
  if (record.extra?.progress !== undefined) state.extend(index, { progress: undefined });
};

const succeeded = (state: RunState, event: EventOf<'NodeSucceeded'>, index: number): void => {
  const record = state.edit(index);
  record.output = event.output;
  record.endedAt = event.at;
  state.runningMs += event.durationMs;
  if (event.cached) {
    state.cacheHits++;
    state.extend(index, { cached: true });
  }
  state.move(index, N.SUCCEEDED);
};

/** Ends a node or an attempt, whatever stood before. */
const ended = (state: RunState, index: number, status: number, at: number): NodeRecord => {
  const record = state.edit(index);
  if (record.status === N.RUNNING && record.startedAt !== undefined) state.runningMs += at - record.startedAt;
  record.endedAt = at;
  return state.move(index, status);
};

const retried = (state: RunState, event: EventOf<'NodeRetried'>): void => {
  wake(state);
  const again = [event.nodeId, ...event.revived].map((id) => state.find(id)!);
  for (const index of again) {
    const record = state.edit(index);
    record.startedAt = record.endedAt = undefined;
    state.extend(index, {
      error: undefined,
      becauseOf: undefined,
      onPurpose: false,
      attemptBase: record.attempt,
      interruptions: 0,
    });
    state.move(index, N.PENDING).output = undefined;
  }
  for (const index of again) state.settle(index);
};

const mark = (
  state: RunState,
  event: EventOf<'BranchPaused' | 'BranchResumed' | 'BranchCancelled'>,
  status: 'running' | 'paused' | 'cancelled',
): void => {
  const record = Object.freeze({ id: event.branchId, status, reason: event.reason, since: event.at });
  const index = state.branchIndex.get(event.branchId);
  if (index !== undefined) return state.branches.set(index, record, state.owner);
  state.branchIndex.set(event.branchId, state.branches.size);
  state.branches.push(record, state.owner);
};

/** Takes nodes whose gates have not answered back to ready: all of them, or the members of a branch. */
const backToReady = (state: RunState, members: ReadonlySet<number> | undefined): void => {
  for (const index of state.starting) {
    if (members !== undefined && !members.has(index)) continue;
    state.move(index, N.READY);
    state.listener?.ready(index);
  }
};

const requeue = (state: RunState, index: number): void => {
  const { status } = state.nodes.get(index);
  if (status === N.READY || status === N.RETRYING) state.listener!.ready(index);
  else if (status === N.PENDING) state.settle(index);
};
