import type { RemoteJob } from '../../run/RemoteEngine.js';

/** Which attempt of which node an event of a worker is about. */
export interface JobOfWorker extends Pick<RemoteJob, 'id' | 'pool' | 'runId' | 'nodeId' | 'attempt' | 'action'> {
  /** How often a worker has taken the job, from 1: more than once where another one has died with it. */
  readonly delivery: number;
}

/**
 * What happens in a worker; `at` is in epoch milliseconds. `ended`: an action has ended, and its outcome is on its way;
 * `released`: a job was given up without an answer, so that another worker takes it; `refused`: one that this worker does
 * not take, and that is lost; `blocked`: the event loop stood still for `ms`, so that locks may run out: such work belongs
 * into threads (`rxdag/threads`); `trouble`: the queue or Redis refuses something.
 */
export type WorkerEvent = { readonly at: number } & (
  | ({ readonly type: 'started' } & JobOfWorker)
  | ({
      readonly type: 'ended';
      readonly outcome: 'succeeded' | 'failed' | 'stopped';
      readonly ms: number;
      /** Of one that failed. */
      readonly error?: string;
    } & JobOfWorker)
  | ({ readonly type: 'released'; readonly reason: string } & Pick<JobOfWorker, 'id' | 'pool'>)
  | ({ readonly type: 'refused'; readonly reason: string } & Pick<JobOfWorker, 'id' | 'pool'>)
  | { readonly type: 'redisLost'; readonly reason: string }
  | { readonly type: 'redisBack'; readonly awayMs: number }
  | { readonly type: 'blocked'; readonly ms: number }
  | { readonly type: 'trouble'; readonly message: string }
);

type Untimed<E> = E extends unknown ? Omit<E, 'at'> : never;

/** Tells what happens, now. */
export type TellEvent = (event: Untimed<WorkerEvent>) => void;
