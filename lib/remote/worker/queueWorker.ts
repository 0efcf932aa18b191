import type { Job, JobJson, Worker, WorkerOptions } from 'bullmq';
import type * as Bullmq from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Envelope } from '../envelope/seal.js';

export type QueueJob = Job<unknown, Envelope>;

/** BullMQ's worker, which can also be left where its queue does not answer: `close` would wait for that. */
export interface QueueWorker extends Worker<unknown, Envelope> {
  /** Drops the connection and all timers, unheard. */
  leave(): void;
}

/** How long a worker waits when Redis has refused something, milliseconds. */
const REFUSED_MS = 1_000;

/** @param answer - gives the result of a job. */
export const queueWorker = (
  { Worker: Base }: typeof Bullmq,
  queue: string,
  answer: (job: QueueJob, token: string | undefined) => Promise<Envelope>,
  options: WorkerOptions,
): QueueWorker => {
  class Leavable extends Base<unknown, Envelope> implements QueueWorker {
    leave(): void {
      void this.lockManager.close();
      this.getBackend()
        .close(true)
        .catch(() => undefined);
    }

    /** BullMQ would ask again at once, thousands of times a second. */
    protected override async moveToActive(token: string, name?: string): Promise<QueueJob> {
      try {
        return await super.moveToActive(token, name);
      } catch (error) {
        // But not when what it has fetched is no JSON: nothing else should wait for that.
        if (!(error instanceof SyntaxError)) await sleep(REFUSED_MS);
        throw error;
      }
    }

    /** A result that Redis refuses is worth patience, as long as the job is this worker's. */
    protected override async handleCompleted(
      ...args: Parameters<Worker<unknown, Envelope>['handleCompleted']>
    ): Promise<QueueJob> {
      const until = performance.now() + this.opts.lockDuration!;
      for (;;)
        try {
          const next = await super.handleCompleted(...args);
          lighten(args[1]);
          return next;
        } catch (error) {
          const isForeign = typeof (error as { readonly code?: unknown }).code === 'number'; // BullMQ's own word
          if (isForeign || performance.now() > until) throw error;
          await sleep(REFUSED_MS);
        }
    }

    /** What is no JSON is no envelope either, and as such refused; else nobody would answer for it. */
    protected override createJob(json: JobJson, id: string): QueueJob {
      try {
        return super.createJob(json, id);
      } catch {
        const { name, timestamp, attemptsStarted, attemptsMade } = json;
        const bare = { id, name, timestamp, attemptsStarted, attemptsMade, data: 'null', opts: {}, progress: 0 };
        return super.createJob(bare as JobJson, id);
      }
    }
  }
  return new Leavable(queue, answer, options);
};

/**
 * BullMQ's list of fetched jobs makes V8 keep each of them up to its next major collection, so that what is heavy in them
 * would be carried about by all collections before.
 */
const lighten = (job: QueueJob): void => {
  job.data = undefined;
  (job as { returnvalue: Envelope | undefined }).returnvalue = undefined;
};
