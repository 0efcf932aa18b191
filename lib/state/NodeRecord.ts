import type { Failure } from '../model/Failure.js';
import type { Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { BoundNode } from '../plan/references.js';

/** Node statuses as the numbers that `nodeStatuses` lists them under; REMOVED is never shown. */
export const PENDING = 0;
export const READY = 1;
export const STARTING = 2;
export const RUNNING = 3;
export const WAITING = 4;
export const RETRYING = 5;
export const SUCCEEDED = 6;
export const FAILED = 7;
export const SKIPPED = 8;
export const CANCELLED = 9;
export const REMOVED = 10;

/** What a node is to its dependants: not at its end, fine, bad, or skipped on purpose without an output. */
export const OPEN = 0;
export const GOOD = 1;
export const BAD = 2;
export const PURPOSE = 3;

export type BoundSpec = NodeSpec & { readonly id: string };

/** What few nodes have, so that the many do not pay for it. Never changed in place. */
export interface Extra {
  readonly error?: Failure | undefined;
  readonly progress?: Json | undefined;
  readonly cached?: boolean;
  readonly becauseOf?: string | undefined;
  /** Skipped on purpose, not by somebody's failure. */
  readonly onPurpose?: boolean;
  /** What it depends on, where that is not what the plan says. */
  readonly deps?: readonly number[];
  /** Later dependants: the first `outsLength` of a list that only grows. */
  readonly outs?: number[];
  readonly outsLength?: number;
  readonly bound?: BoundNode | undefined;
  readonly waitingOn?: 'input' | 'items' | 'dag';
  readonly waitUntil?: number | undefined;
  readonly retryAt?: number;
  /** Attempts made before the last RetryNode. */
  readonly attemptBase?: number;
  readonly interruptions?: number;
  readonly retryMessages?: readonly string[];
  readonly addedBy?: string | undefined;
  readonly addedAfter?: string | undefined;
  /** Hooks that hold its dependants back, or the gate that is asked about it. Not in the log. */
  readonly heldBy?: readonly string[] | undefined;
}

/** One node's state. Changed in place by its owner, copied by anybody else. */
export interface NodeRecord {
  owner: number;
  spec: BoundSpec;
  status: number;
  attempt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  output: Json | undefined;
  extra: Extra | undefined;
}

/** What a node in this state is to its dependants. */
export const kindOf = (record: NodeRecord): number => {
  switch (record.status) {
    case SUCCEEDED:
      return GOOD;
    case FAILED:
      return record.spec.onFailure === 'continue' ? GOOD : BAD;
    case CANCELLED:
      return BAD;
    case SKIPPED:
      return record.output !== undefined ? GOOD : record.extra?.onPurpose === true ? PURPOSE : BAD;
    default:
      return OPEN;
  }
};
