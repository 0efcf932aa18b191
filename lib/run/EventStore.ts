import type { TaskEither } from '#fp-ts/TaskEither';
import type { Observable } from 'rxjs';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { RunStatus } from '../model/Status.js';
import type { Plan } from '../plan/Plan.js';

/** Why a store could not do what it was asked. */
export interface StoreError {
  readonly type:
    | 'StoreUnavailable'
    | 'Fenced'
    | 'Diverged'
    | 'Conflict'
    | 'JournalCorrupt'
    | 'NewerFormat'
    | 'ForeignFile'
    | 'OwnedElsewhere';
  readonly message: string;
  readonly cause?: unknown;
}

/** Who writes a run. */
export interface StoreOwner {
  readonly id: string;
  readonly pid?: number;
  readonly startedAt: number;
}

export interface RunSummary {
  readonly runId: string;
  readonly dagName: string;
  readonly status: RunStatus;
  /** When it began, of a fork when that was made; epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The seq of its last event. */
  readonly seq: number;
  /** Tells the run from any removed one of the same id. */
  readonly key?: number;
  /** Who holds it; only where this was asked for, and while that process lives. */
  readonly owner?: StoreOwner;
  /** Why nothing else that is told of it can be trusted, but its name; only where this was asked for. */
  readonly damage?: string;
}

export interface RunFilter {
  readonly dagName?: string;
  readonly status?: RunStatus;
  readonly runId?: string;
  /** Only runs that have not ended. @default false */
  readonly isOpen?: boolean;
  /** Tells the owners of runs that have not ended. @default false */
  readonly withOwner?: boolean;
  /** Lists damaged runs, too, whatever else they are; else one is a `JournalCorrupt`. @default false */
  readonly withDamaged?: boolean;
}

/** What a store may make key frames with, so that the past of a run is found fast. All of it follows from the log. */
export interface LogIndex {
  readonly plan: Plan;
  /** A node's place in the plan, or behind it in the order of their NodeAdded events. */
  indexOf(nodeId: string): number | undefined;
}

/** A stretch of a log (from seq `first`), or of its definition's nodes (from index `first`), packed to be read fast. */
export interface KeyFrame {
  readonly kind: 'events' | 'nodes';
  readonly first: number;
  readonly body: Uint8Array;
}

/**
 * Where runs are kept: an append-only log for each, with one owner at a time. An append is all or nothing, and an owner
 * that was overtaken can write no more: its epoch is too old (`Fenced`).
 */
export interface EventStore {
  /** Makes the caller the owner; refused (`OwnedElsewhere`) while a living owner holds the run, unless `takeOver`. */
  acquire(
    runId: string,
    owner: StoreOwner,
    options?: { readonly takeOver?: boolean },
  ): TaskEither<StoreError, { readonly epoch: number }>;
  /**
   * Adds events behind seq `expected`, all or nothing (`Conflict` when the log ends elsewhere). `answered` tells, by hook
   * name, up to which seq it has answered. Whoever has an `index` at hand gives it, for key frames.
   */
  append(
    runId: string,
    epoch: number,
    expected: number,
    events: readonly ExecutionEvent[],
    answered: Readonly<Record<string, number>>,
    index?: LogIndex,
  ): TaskEither<StoreError, void>;
  /** The log from `fromSeq` (default 1) to its present end. Errors with a `StoreError`. */
  read(runId: string, fromSeq?: number): AsyncIterable<ExecutionEvent>;
  /** The key frames of a run, as far as there are any, by kind and in order. What is missing or damaged is left out. */
  frames?(runId: string): AsyncIterable<KeyFrame>;
  /**
   * Errors with a `StoreError` (`Fenced`) as soon as the store learns that the owner of this epoch has lost the run, and
   * completes once it is released. Stores without leases have no need of it: an append tells.
   */
  held?(runId: string, epoch: number): Observable<never>;
  answered(runId: string): TaskEither<StoreError, Readonly<Record<string, number>>>;
  runs(filter?: RunFilter): TaskEither<StoreError, readonly RunSummary[]>;
  release(runId: string, epoch: number): TaskEither<StoreError, void>;
  remove(runId: string): TaskEither<StoreError, void>;
}
