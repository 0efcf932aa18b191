import { firstValueFrom, take, toArray } from 'rxjs';
import type { DagRun, RunSummary } from '../index.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { failureOf } from '../model/Failure.js';
import type { RunStatus } from '../model/Status.js';
import type { Snapshot } from '../state/Snapshot.js';
import type { RunOwner } from '../viewer/source/RunSource.js';
import { isWaiting } from '../stores/standOf.js';
import { looksInto } from '../viewer/view/lookOf.js';
import type { LogFollower, Moment, RunLog } from './RunLog.js';

/** The log of a run that goes on, or went on, in this process. */
export class LiveLog implements RunLog {
  readonly #run: DagRun;
  #trouble: string | undefined;
  /** When a fork was made: its log begins with that of another run. */
  #forkedAt: number | undefined;

  constructor(run: DagRun) {
    this.#run = run;
    run
      .eventsFrom(1)
      .pipe(take(1))
      .subscribe({
        next: (event) => (this.#forkedAt = event.type === 'RunStarted' ? event.forkedFrom?.at : undefined),
        error: () => undefined, // so does the report
      });
    run.report.catch((error: unknown) => (this.#trouble = failureOf(error).message));
  }

  get runId(): string {
    return this.#run.runId;
  }

  get head(): number {
    return this.#run.snapshot.seq;
  }

  get isOver(): boolean {
    return this.#trouble !== undefined || isEnd(this.#run.snapshot.status);
  }

  get owner(): RunOwner {
    return { where: 'here' };
  }

  async *read(from: number, to: number): AsyncIterable<ExecutionEvent> {
    yield* await firstValueFrom(this.#run.eventsFrom(from).pipe(take(to - from + 1), toArray()));
  }

  follow(follower: LogFollower): () => void {
    const subscription = this.#run.event$.subscribe({
      next: (event) => follower.event(event),
      error: (error: unknown) => follower.over(failureOf(error).message),
      complete: () => follower.over(),
    });
    return () => subscription.unsubscribe();
  }

  moment(): Moment {
    const { seq, at, status, inner } = this.#run.snapshot as Snapshot;
    const { controls, memberOf } = inner.frame.state;
    const looks = new Uint8Array(inner.nodes.size);
    looksInto({ nodes: inner.nodes, status, controls, memberOf }, looks);
    return { seq, at, status, looks };
  }

  /** As `rxdag runs` tells it. */
  get stand(): string {
    const { snapshot } = this.#run;
    return snapshot.status === 'running' && isWaiting(snapshot) ? 'waiting' : snapshot.status;
  }

  get summary(): RunSummary {
    const { runId, dagName, status, seq, inner } = this.#run.snapshot as Snapshot;
    const { startedAt, endedAt } = inner.frame;
    return {
      runId,
      dagName,
      status,
      startedAt: this.#forkedAt ?? startedAt,
      seq,
      ...(endedAt === undefined ? {} : { endedAt }),
    };
  }
}

/** Whether a run in this status is at its end. */
export const isEnd = (status: RunStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';
