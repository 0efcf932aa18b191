import * as t from 'io-ts';
import { Failure } from '../../model/Failure.js';
import { Json } from '../../model/Json.js';
import { Count, Duration, Finite, PositiveDuration, Whole, recordOf, strict, tagged } from '../../model/strict.js';
import type { JobNews, RemoteJob } from '../../run/RemoteEngine.js';
import { BlobRef } from './BlobRef.js';

/** How an action ended. */
export type JobOutcome = JobNews extends infer N
  ? N extends { readonly type: 'succeeded' | 'failed' | 'stopped' }
    ? Omit<N, 'id'>
    : never
  : never;

export const Inputs = recordOf(Json);

/** A job as it is sent; large values go by reference. */
export interface JobBody extends Omit<RemoteJob, 'inputs'> {
  readonly inputs?: RemoteJob['inputs'];
  readonly inputsAt?: BlobRef;
  readonly itemAt?: BlobRef;
  /** No worker takes it later, epoch milliseconds. */
  readonly expiresAt: number;
}
export const JobBody: t.Type<JobBody, JobBody, unknown> = strict<JobBody>(
  'JobBody',
  {
    id: t.string,
    runId: t.string,
    dagName: t.string,
    nodeId: t.string,
    attempt: Count,
    epoch: Whole,
    pool: t.string,
    action: t.string,
    graceMs: Duration,
    startedAt: Finite,
    expiresAt: Finite,
  },
  {
    inputs: Inputs,
    inputsAt: BlobRef,
    item: Json,
    itemAt: BlobRef,
    index: Whole,
    again: t.boolean,
    priority: Finite,
    timeoutMs: PositiveDuration,
    idleTimeoutMs: PositiveDuration,
  },
);

/** Names the attempt that a result is of. */
export type JobName = Pick<RemoteJob, 'id' | 'runId' | 'nodeId' | 'attempt' | 'epoch'>;

/** How an attempt ended, as it is sent. */
export interface ResultBody extends JobName {
  readonly outcome: ResultOutcome;
}
export type ResultOutcome =
  | { readonly type: 'succeeded'; readonly output?: Json; readonly outputAt?: BlobRef }
  | Extract<JobOutcome, { readonly type: 'failed' | 'stopped' }>;

const ResultOutcome = tagged<ResultOutcome>('outcome', {
  succeeded: strict('succeeded', { type: t.literal('succeeded') }, { output: Json, outputAt: BlobRef }),
  failed: strict('failed', { type: t.literal('failed'), error: Failure, isFinal: t.boolean }, {}),
  stopped: strict('stopped', { type: t.literal('stopped'), abandoned: t.boolean }, {}),
});

export const ResultBody: t.Type<ResultBody, ResultBody, unknown> = strict<ResultBody>(
  'ResultBody',
  { id: t.string, runId: t.string, nodeId: t.string, attempt: Count, epoch: Whole, outcome: ResultOutcome },
  {},
);

/** One piece of progress. */
export interface ProgressBody {
  readonly id: string;
  /** Which delivery of the job made it, from 1: a job whose worker died is delivered again. */
  readonly delivery: number;
  /** Counts the delivery's progress, from 1: what is older than the last is no news. */
  readonly nth: number;
  readonly value: Json;
}
export const ProgressBody: t.Type<ProgressBody, ProgressBody, unknown> = strict<ProgressBody>(
  'ProgressBody',
  { id: t.string, delivery: Count, nth: Count, value: Json },
  {},
);

/** A wish that a job should end. */
export interface CancelBody {
  readonly id: string;
  readonly pool: string;
  readonly runId: string;
  readonly reason: string;
}
export const CancelBody: t.Type<CancelBody, CancelBody, unknown> = strict<CancelBody>(
  'CancelBody',
  { id: t.string, pool: t.string, runId: t.string, reason: t.string },
  {},
);
