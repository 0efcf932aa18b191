import type { ExecutionEvent } from './ExecutionEvent.js';

/** Events of types that this version does not know: how many, and the first few of their types. */
export interface UnknownEvents {
  readonly count: number;
  readonly types: readonly string[];
}

const TYPES_MAX = 5;
const CHARACTERS_MAX = 60;

/** One more of them. */
export const addUnknown = ({ count, types }: UnknownEvents = { count: 0, types: [] }, type: unknown): UnknownEvents => {
  const name = typeof type === 'string' ? type.slice(0, CHARACTERS_MAX) : typeof type;
  return { count: count + 1, types: types.length < TYPES_MAX && !types.includes(name) ? [...types, name] : types };
};

/** What there are, for a sentence that says where. */
export const unknownText = ({ count, types }: UnknownEvents): string =>
  `${count === 1 ? '1 event of a type' : `${count} events of types`} unknown to this version: ${types.join(', ')}${types.length < TYPES_MAX ? '' : ' …'}`;

/** Those in a log; undefined where there are none. */
export const unknownIn = (events: Iterable<ExecutionEvent>): UnknownEvents | undefined => {
  let found: UnknownEvents | undefined;
  for (const { type } of events) if (!isKnownType(type)) found = addUnknown(found, type);
  return found;
};

export const isKnownType = (type: string): boolean => Object.hasOwn(known, type);

const known: Readonly<Record<ExecutionEvent['type'], 1>> = {
  RunStarted: 1,
  RunPaused: 1,
  RunResumed: 1,
  RunCancelling: 1,
  RunRecovered: 1,
  RunQuiescent: 1,
  RunSettled: 1,
  NodeAdded: 1,
  NodeRemoved: 1,
  NodeStarting: 1,
  NodeStarted: 1,
  NodeWaiting: 1,
  NodeProgressed: 1,
  NodeRetryScheduled: 1,
  NodeInterrupted: 1,
  NodeSucceeded: 1,
  NodeFailed: 1,
  NodeSkipped: 1,
  NodeCancelled: 1,
  NodeRetried: 1,
  NodeInputsSet: 1,
  DependencyAdded: 1,
  PrioritySet: 1,
  BranchPaused: 1,
  BranchResumed: 1,
  BranchCancelled: 1,
  ConcurrencySet: 1,
  MetricsUpdated: 1,
  CustomEmitted: 1,
  CommandRefused: 1,
  HookFailed: 1,
};
