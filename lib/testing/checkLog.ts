import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import * as nodes from './logNodes.js';
import * as run from './logRun.js';
import { LogState } from './LogState.js';
import * as surgery from './logSurgery.js';
import type { Violation } from './Violation.js';

/**
 * Holds a log (from RunStarted on, whether the run has settled or not) against the rules that every run keeps, and gives
 * what breaks them: nothing, for a log that the engine wrote. It knows nothing of the engine's own reducer, reads each
 * event once, and takes a few seconds for 1,000,000 of them; it stops after 1,000 violations.
 *
 * Meant for tests of one's own hooks and stores, and for logs that come out of a store.
 *
 * @example
 * for (const { message } of checkLog(events)) console.error(message);
 * // => I4 (G2) at seq 12, node "load": it starts though 3 of 3 slots are in use.
 */
export const checkLog = (events: Iterable<ExecutionEvent>): readonly Violation[] => {
  const log = new LogState(1_000);
  for (const event of events) {
    if (log.next(event)) follow(log, event);
    if (log.full) break;
  }
  return log.violations;
};

const follow = (log: LogState, event: ExecutionEvent): void => {
  switch (event.type) {
    case 'NodeStarted':
      return nodes.nodeStarted(log, event);
    case 'NodeSucceeded':
      return nodes.nodeSucceeded(log, event);
    case 'NodeProgressed':
      return nodes.nodeProgressed(log, event);
    case 'NodeAdded':
      return surgery.nodeAdded(log, event);
    case 'NodeStarting':
      return nodes.nodeStarting(log, event);
    case 'NodeWaiting':
      return nodes.nodeWaiting(log, event);
    case 'NodeRetryScheduled':
      return nodes.nodeRetryScheduled(log, event);
    case 'NodeInterrupted':
      return nodes.nodeInterrupted(log, event);
    case 'NodeFailed':
      return nodes.nodeFailed(log, event);
    case 'NodeSkipped':
      return nodes.nodeSkipped(log, event);
    case 'NodeCancelled':
      return nodes.nodeCancelled(log, event);
    case 'NodeRetried':
      return nodes.nodeRetried(log, event);
    case 'NodeRemoved':
      return surgery.nodeRemoved(log, event);
    case 'DependencyAdded':
      return surgery.dependencyAdded(log, event);
    case 'BranchPaused':
      return surgery.branchPaused(log, event);
    case 'BranchResumed':
      return surgery.branchResumed(log, event);
    case 'BranchCancelled':
      return surgery.branchCancelled(log, event);
    case 'PrioritySet':
    case 'NodeInputsSet':
      return nodes.mentioned(log, event);
    case 'RunStarted':
      return run.runStarted(log, event);
    case 'RunPaused':
      return run.runPaused(log);
    case 'RunResumed':
      return run.runResumed(log);
    case 'RunCancelling':
      return run.runCancelling(log, event);
    case 'RunRecovered':
      log.recovered = true;
      return log.unstart(() => true);
    case 'RunQuiescent':
      return run.runQuiescent(log);
    case 'RunSettled':
      return run.runSettled(log, event);
    case 'ConcurrencySet':
      log.limit = event.maxParallelNodes;
      return;
    case 'HookFailed':
      log.hookFailed = true;
      return;
    case 'MetricsUpdated':
    case 'CustomEmitted':
    case 'CommandRefused':
      return;
  }
};
