import { Subject, type Observable } from 'rxjs';
import { DagError } from '../../define/DagError.js';
import { show } from '../../model/explain.js';
import type { RunStatus } from '../../model/Status.js';
import type { DagExecutor } from '../../run/DagExecutor.js';
import type { DagRun } from '../../run/DagRun.js';
import type { EventStore, RunSummary } from '../../run/EventStore.js';

export interface CoordinatorOptions {
  /** Runs them: one with the store, with the engine whose workers do the work, and with every action that a run may name. */
  readonly executor: DagExecutor;
  /** The executor's. */
  readonly store: EventStore;
  /** How many runs it has at once, from 1. @default 100 */
  readonly maxRuns?: number;
  /** How often it looks for runs that nobody has, milliseconds, from 10. @default 1,000 */
  readonly pollMs?: number;
  /** How long a run rests that could not be taken, milliseconds. @default 30,000 */
  readonly restMs?: number;
}

/** What a coordinator has done. `left`: another has the run now; `refused`: it can't be run here, or its store can't be read. */
export type CoordinatorEvent =
  | { readonly type: 'taken'; readonly runId: string; readonly dagName: string }
  | { readonly type: 'ended'; readonly runId: string; readonly status: RunStatus; readonly error?: string }
  | { readonly type: 'left'; readonly runId: string; readonly reason: string }
  /** Once for each reason, though the run is tried again and again. */
  | { readonly type: 'refused'; readonly runId?: string; readonly reason: string }
  /** The store can't be asked, or (without a reason) can again. */
  | { readonly type: 'unavailable'; readonly reason?: string };

export interface Coordinator {
  /** The runs it has, by id. */
  readonly runs: ReadonlyMap<string, DagRun>;
  /** Hot; completes once it is closed. */
  readonly event$: Observable<CoordinatorEvent>;
  /** Lets go of its runs, so that others go on with them; their jobs go on meanwhile. */
  close(): Promise<void>;
}

/**
 * Goes on with the runs of a store that have not ended and that nobody has: those that were submitted, and those whose
 * process has died. Any number of coordinators may share a store; each run has one at a time, and one that lost a run to
 * another stops with it. Paused runs are left alone. Throws a `DagError` for options out of range.
 */
export const startCoordinator = (options: CoordinatorOptions): Coordinator => new Coordinating(options);

class Coordinating implements Coordinator {
  readonly runs = new Map<string, DagRun>();
  readonly event$: Observable<CoordinatorEvent>;
  readonly #events = new Subject<CoordinatorEvent>();
  readonly #options: Required<CoordinatorOptions>;
  /** Until when runs rest that could not be taken. */
  readonly #resting = new Map<string, number>();
  /** Why runs were refused that still are. */
  readonly #refused = new Map<string, string>();
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isDown = false;

  constructor(options: CoordinatorOptions) {
    this.#options = { maxRuns: 100, pollMs: 1_000, restMs: 30_000, ...options };
    const { maxRuns, pollMs, restMs } = this.#options;
    checkRange('maxRuns', maxRuns, 1);
    checkRange('pollMs', pollMs, 10);
    checkRange('restMs', restMs, 0);
    this.event$ = this.#events.asObservable();
    this.#later(0);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
    const runs = [...this.runs.values()];
    for (const run of runs) run.leave();
    await Promise.allSettled(runs.map((run) => run.report));
    this.#events.complete();
  }

  #later(ms: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().finally(() => this.#later(this.#options.pollMs));
    }, ms);
  }

  /** Takes what nobody has, oldest first, as far as there is room. */
  async #look(): Promise<void> {
    const { store, maxRuns } = this.#options;
    if (this.runs.size >= maxRuns) return;
    const found = await answerOf(() => store.runs({ withOwner: true, isOpen: true })());
    if (typeof found === 'string') {
      if (!this.#isDown) this.#tell({ type: 'unavailable', reason: found });
      this.#isDown = true;
      return;
    }
    if (this.#isDown) this.#tell({ type: 'unavailable' });
    this.#isDown = false;
    const now = Date.now();
    for (const [runId, until] of this.#resting) if (until <= now) this.#resting.delete(runId);
    const open = found.filter((run) => this.#isFree(run)).sort((a, b) => a.startedAt - b.startedAt);
    for (const { runId, dagName } of open) {
      if (this.#isClosed || this.runs.size >= maxRuns) return;
      await this.#take(runId, dagName);
    }
  }

  #isFree({ runId, endedAt, owner, status }: RunSummary): boolean {
    return (
      endedAt === undefined &&
      owner === undefined &&
      status !== 'paused' &&
      !this.runs.has(runId) &&
      !this.#resting.has(runId)
    );
  }

  async #take(runId: string, dagName: string): Promise<void> {
    let run: DagRun;
    try {
      run = await this.#options.executor.resume(runId);
    } catch (error) {
      if (error instanceof DagError && (error.type === 'OwnedElsewhere' || error.type === 'UnknownRun')) return;
      this.#resting.set(runId, Date.now() + this.#options.restMs);
      const reason = reasonOf(error);
      if (this.#refused.get(runId) !== reason) this.#tell({ type: 'refused', runId, reason });
      this.#refused.set(runId, reason);
      return;
    }
    this.#refused.delete(runId);
    if (hasEnded(run)) return; // meanwhile, with another
    this.runs.set(runId, run);
    this.#tell({ type: 'taken', runId, dagName });
    run.report.then(
      ({ status, error }) => this.#end({ type: 'ended', runId, status, ...(error !== undefined && { error }) }),
      (error: unknown) => this.#end({ type: 'left', runId, reason: reasonOf(error) }),
    );
  }

  #end(event: CoordinatorEvent & { readonly runId: string }): void {
    this.runs.delete(event.runId);
    this.#tell(event);
  }

  #tell(event: CoordinatorEvent): void {
    this.#events.next(event);
  }
}

const hasEnded = ({ snapshot: { status } }: DagRun): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

const checkRange = (name: string, value: number, least: number): void => {
  if (!(Number.isInteger(value) && value >= least))
    throw new DagError('InvalidOptions', `${name} is ${show(value)}; give a whole number from ${least}.`);
};

const reasonOf = (error: unknown): string => String((error as Error | undefined)?.message ?? error);

/** What a store answers, or why it does not. */
const answerOf = async <A>(
  ask: () => Promise<
    | { readonly _tag: 'Left'; readonly left: { readonly message: string } }
    | { readonly _tag: 'Right'; readonly right: A }
  >,
): Promise<A | string> => {
  try {
    const answer = await ask();
    return answer._tag === 'Right' ? answer.right : answer.left.message;
  } catch (error) {
    return reasonOf(error);
  }
};
