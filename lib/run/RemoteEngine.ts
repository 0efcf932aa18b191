import type { Observable } from 'rxjs';
import type { Failure } from '../model/Failure.js';
import type { Json } from '../model/Json.js';

/** One attempt of a node that is to run in a pool of workers. */
export interface RemoteJob {
  /** Names the attempt, in every process that may submit it: submitting it again changes nothing while the engine knows it. */
  readonly id: string;
  readonly runId: string;
  readonly dagName: string;
  readonly nodeId: string;
  /** From 1. */
  readonly attempt: number;
  /** Of the submitting owner; see `EventStore.acquire`. 0 for a run without a store. */
  readonly epoch: number;
  readonly pool: string;
  readonly action: string;
  /** As the action's input codec encodes them. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly item?: Json;
  readonly index?: number;
  /** Higher first. @default 0 */
  readonly priority?: number;
  /** How long the attempt may take, and go without progress, milliseconds. */
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
  /** How long an action may go on once its signal is aborted, milliseconds. */
  readonly graceMs: number;
  /** When the attempt began, epoch milliseconds: the same whoever submits it. */
  readonly startedAt: number;
  /** It may have been submitted before, and taken back since: a worker makes sure before it begins. @default false */
  readonly again?: boolean;
}

/**
 * What is known of a job. `failed` is the action's own error (`isFinal`: to try again would not mend it), `stopped` an
 * action that ended because it was cancelled; `lost` means that the engine gave it up without an answer (its workers died,
 * or what it held is unreadable), and `missing` that it knows no such job. After `succeeded`, `failed`, `stopped` and `lost`
 * nothing more comes of a job.
 */
export type JobNews = { readonly id: string } & (
  | { readonly type: 'waiting' }
  | { readonly type: 'running' }
  | { readonly type: 'progressed'; readonly value: Json }
  | { readonly type: 'succeeded'; readonly output: Json }
  | { readonly type: 'failed'; readonly error: Failure; readonly isFinal: boolean }
  | { readonly type: 'stopped'; readonly abandoned: boolean }
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'missing' }
);

/**
 * Runs jobs on workers, at least once each. It redelivers a job whose worker has died, but tries no action again that has
 * failed: that is the executor's affair. News may be lost, doubled or come late; whoever waits asks for them with `peek`.
 */
export interface RemoteEngine {
  /** News of all jobs, from the moment of subscribing. Hot; errors and completes never. */
  readonly news$: Observable<JobNews>;
  /**
   * Hands jobs over, all of them or some; those that the engine knows already stay as they are. Rejects where the engine
   * can't be reached, with an `Unplaceable` for jobs that it would never take.
   */
  submit(jobs: readonly RemoteJob[]): Promise<void>;
  /** What is known of jobs now, in their order. Rejects where the engine can't be reached. */
  peek(jobs: readonly Pick<RemoteJob, 'id' | 'pool' | 'runId'>[]): Promise<readonly JobNews[]>;
  /** Takes a job back: one that waits never runs, the signal of one that runs is aborted. Its news tell what became of it. */
  cancel(job: Pick<RemoteJob, 'id' | 'pool' | 'runId'>, reason: string): Promise<void>;
  /** Lets go of connections. Jobs go on. */
  close(): Promise<void>;
}

/** A job that the engine would never take, whoever asks: too large, or one of a pool with a malformed name. */
export class Unplaceable extends Error {
  override readonly name = 'Unplaceable';
  readonly jobId: string;

  constructor(jobId: string, message: string) {
    super(message);
    this.jobId = jobId;
  }
}
