import type { Either } from '#fp-ts/Either';
import type { Observable } from 'rxjs';
import type { CommandRefusal, DagExecutionReport } from '../model/DagExecutionReport.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { StoreError } from './EventStore.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';

/**
 * A run that goes on by itself. Subscribing and unsubscribing never start, cancel or change it.
 * Iterating it gives its log from seq 1; leaving the loop unsubscribes.
 */
export interface DagRun extends AsyncIterable<ExecutionEvent> {
  readonly runId: string;
  readonly dagName: string;
  /** Live events, from seq 1 for whoever subscribes in the same turn as `start()`; completes after RunSettled. */
  readonly event$: Observable<ExecutionEvent>;
  /** The log from a seq on, then live events, without gap or repeat. Errors with a `DagError` where it is no longer kept. */
  eventsFrom(seq: number): Observable<ExecutionEvent>;
  /** The present state at once, then one per transition, after its events; completes after the last. */
  readonly snapshot$: Observable<ExecutorSnapshot>;
  /** The state after the last transition; right after `start()` seq 0, without nodes. */
  readonly snapshot: ExecutorSnapshot;
  /** Why the run's store can't be used at the moment; nothing goes on meanwhile. Told in the log afterwards, as `store.unavailable`. */
  readonly storeFault: StoreError | undefined;
  /** How many answers hooks still owe: while there are any, a run that stands still may go on by itself. */
  readonly hookWork: number;
  /**
   * Asks for a change. Resolves once it is stored and folded, with the seq of its last event (the present one if nothing
   * had to change), or with the reason why it was refused. Never rejects.
   */
  dispatch(command: ExecutorCommand): Promise<Either<CommandRefusal, { readonly seq: number }>>;
  /** Cancels the run and resolves with its report, also if it had ended before. */
  cancel(reason?: string): Promise<DagExecutionReport>;
  /**
   * Stops here without an end, as if the process had died, but lets go of the store: whoever resumes the run goes on with it.
   * Signals of actions in this process are aborted, jobs on workers go on, and the report rejects.
   */
  leave(): void;
  /** How it ended. Rejects only when the engine itself is broken (`EngineError`). */
  readonly report: Promise<DagExecutionReport>;
}
