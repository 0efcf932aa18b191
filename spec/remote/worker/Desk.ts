import { Queue, type Job } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { envelopes, type Envelopes } from '../../../lib/remote/envelope/Envelopes.js';
import { cancelledKey, controlChannel, queuePrefix } from '../../../lib/remote/envelope/places.js';
import { redisBlobs } from '../../../lib/remote/envelope/redisBlobs.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import type { RemoteJob } from '../../../lib/run/RemoteEngine.js';
import type { RedisServer } from '../../support/redis.js';

export const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

/** What a coordinator does with jobs, by hand: what lies in Redis can be looked at, and forged. */
export class Desk {
  readonly mail: Envelopes;
  readonly client: Redis;
  readonly #queues = new Map<string, Queue>();

  constructor(server: RedisServer, key = KEY) {
    this.client = server.client();
    this.mail = envelopes({ key: signingKey(key), blobs: redisBlobs(this.client) });
  }

  queue(pool: string): Queue {
    const known = this.#queues.get(pool);
    if (known !== undefined) return known;
    const queue = new Queue(pool, { connection: this.client, prefix: queuePrefix(), skipVersionCheck: true });
    queue.on('error', () => undefined);
    this.#queues.set(pool, queue);
    return queue;
  }

  async submit(job: RemoteJob, ttlMs = 60_000): Promise<void> {
    const sealed = await this.mail.sealJob(job, ttlMs);
    if (sealed._tag === 'Left') throw new Error(sealed.left.message);
    await this.put(job, sealed.right);
  }

  /** Puts anything in a job's place. */
  async put({ id, pool, action }: Pick<RemoteJob, 'id' | 'pool' | 'action'>, message: unknown): Promise<void> {
    await this.queue(pool).add(action, message, { jobId: id, attempts: 1, priority: 1_000 });
  }

  job({ id, pool }: Pick<RemoteJob, 'id' | 'pool'>): Promise<Job | undefined> {
    return this.queue(pool).getJob(id) as Promise<Job | undefined>;
  }

  async state(job: Pick<RemoteJob, 'id' | 'pool'>): Promise<string> {
    return this.queue(job.pool).getJobState(job.id);
  }

  /** Once the job is in this state. */
  async until(job: Pick<RemoteJob, 'id' | 'pool'>, state: string, timeoutMs = 15_000): Promise<Job> {
    const end = Date.now() + timeoutMs;
    let now = '';
    while ((now = await this.state(job)) !== state) {
      if (Date.now() > end) throw new Error(`job ${job.id} is ${now}, not ${state}`);
      await sleep(20);
    }
    return (await this.job(job))!;
  }

  /** How the job has ended, as its worker has signed it; a text where the queue calls it failed. */
  async outcome(job: Pick<RemoteJob, 'id' | 'pool'>, timeoutMs = 15_000): Promise<unknown> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const state = await this.state(job);
      const done = state === 'completed' || state === 'failed' ? await this.job(job) : undefined;
      if (done !== undefined && state === 'failed') return done.failedReason;
      if (done !== undefined) {
        const opened = await this.mail.openResult(done.returnvalue, job);
        return opened._tag === 'Right' ? opened.right.outcome : opened.left;
      }
      if (Date.now() > end) throw new Error(`job ${job.id} is ${state}`);
      await sleep(20);
    }
  }

  /** Wishes that a job should end; `later`: also for workers that take it later. */
  async cancel({ id, pool, runId }: Pick<RemoteJob, 'id' | 'pool' | 'runId'>, later = false): Promise<void> {
    const sealed = this.mail.sealCancel({ id, pool, runId, reason: 'not needed' });
    if (sealed._tag === 'Left') throw new Error(sealed.left.message);
    const text = JSON.stringify(sealed.right);
    if (later) await this.client.set(cancelledKey(id), text, 'PX', 60_000);
    await this.client.publish(controlChannel(pool), text);
  }
}
