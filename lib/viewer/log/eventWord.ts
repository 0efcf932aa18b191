import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { shown } from '../dom/shown.js';
import {
  CANCELLED,
  FAILED,
  PAUSED,
  PENDING,
  READY,
  RETRYING,
  RUNNING,
  SKIPPED,
  STARTING,
  SUCCEEDED,
  WAITING,
} from '../theme/looks.js';

/** How an event's type is shown: one or two words, in the colours of a look. */
export interface EventWord {
  readonly word: string;
  readonly look: number;
  /** Its sentence says more than its type and its node, so a text may be found in it. */
  readonly tells?: true;
}

const words: Readonly<Record<ExecutionEvent['type'], EventWord>> = {
  RunStarted: { word: 'run started', look: RUNNING, tells: true },
  RunPaused: { word: 'run paused', look: PAUSED, tells: true },
  RunResumed: { word: 'run resumed', look: RUNNING, tells: true },
  RunCancelling: { word: 'run cancelling', look: CANCELLED, tells: true },
  RunRecovered: { word: 'run recovered', look: RUNNING, tells: true },
  RunQuiescent: { word: 'run quiescent', look: READY },
  RunSettled: { word: 'run settled', look: SUCCEEDED, tells: true },
  NodeAdded: { word: 'added', look: PENDING, tells: true },
  NodeRemoved: { word: 'removed', look: SKIPPED, tells: true },
  NodeStarting: { word: 'starting', look: STARTING },
  NodeStarted: { word: 'started', look: RUNNING },
  NodeWaiting: { word: 'waiting', look: WAITING, tells: true },
  NodeProgressed: { word: 'progress', look: RUNNING, tells: true },
  NodeRetryScheduled: { word: 'retrying', look: RETRYING, tells: true },
  NodeInterrupted: { word: 'interrupted', look: CANCELLED },
  NodeSucceeded: { word: 'succeeded', look: SUCCEEDED },
  NodeFailed: { word: 'failed', look: FAILED, tells: true },
  NodeSkipped: { word: 'skipped', look: SKIPPED, tells: true },
  NodeCancelled: { word: 'cancelled', look: CANCELLED, tells: true },
  NodeRetried: { word: 'tried again', look: RETRYING, tells: true },
  NodeInputsSet: { word: 'inputs set', look: PENDING, tells: true },
  DependencyAdded: { word: 'dependency', look: PENDING, tells: true },
  PrioritySet: { word: 'priority', look: PENDING, tells: true },
  BranchPaused: { word: 'branch paused', look: PAUSED, tells: true },
  BranchResumed: { word: 'branch resumed', look: RUNNING, tells: true },
  BranchCancelled: { word: 'branch cancelled', look: CANCELLED, tells: true },
  ConcurrencySet: { word: 'concurrency', look: PENDING, tells: true },
  MetricsUpdated: { word: 'metrics', look: PENDING, tells: true },
  CustomEmitted: { word: 'event', look: PENDING, tells: true },
  CommandRefused: { word: 'refused', look: FAILED, tells: true },
  HookFailed: { word: 'hook failed', look: FAILED, tells: true },
};

/** The word and look of an event's type; a type that this version does not know is told as it is. */
export const eventWord = (type: string): EventWord =>
  Object.hasOwn(words, type)
    ? words[type as ExecutionEvent['type']]
    : { word: shown(type, 40), look: PENDING, tells: true };

/** All types of events, in the order of the model. */
export const eventTypes = Object.keys(words) as readonly ExecutionEvent['type'][];
