import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf } from '../../model/Failure.js';
import { printable } from '../../model/printable.js';
import { TransientMap } from '../../run/TransientMap.js';
import { loadBullmq } from '../connection/loadBullmq.js';
import type { RedisClient } from '../connection/openRedis.js';
import type { Envelope } from '../envelope/seal.js';
import { Delivery, type Answer, type Site } from './Delivery.js';
import { queueWorker, type QueueJob, type QueueWorker } from './queueWorker.js';

export interface PoolWorkerOptions {
  /** Shared, and not closed by it. */
  readonly client: RedisClient;
  readonly site: Site;
  /** Names the worker to Redis. */
  readonly id: string;
  readonly queuePrefix: string;
  readonly concurrency: number;
  readonly lockDurationMs: number;
  readonly stalledIntervalMs: number;
  readonly maxStalledCount: number;
  readonly hear: (answer: Answer) => void;
}

/** How long BullMQ keeps what it was not told how long to keep, seconds. */
const KEPT_S = 3_600;
/** How long BullMQ waits before it tries again what needs Redis, milliseconds. */
const RETRY_MS = 1_000;
/** How long the queue may take to write down what ended, and to let go of its connection, milliseconds. */
const CLOSE_MS = 5_000;
/** How long a worker holds a job that it refuses while it has not done any, milliseconds. */
const STRANGER_MS = 1_000;
const TOLD_MS = 10_000;
const TOLD_MAX = 100;

/** Takes jobs of one pool from its queue, so many at once, and answers them. */
export class PoolWorker {
  readonly #open = new TransientMap<number, Delivery>();
  #taken = 0;
  #isTrusted = false;
  /** Until when no sentence is told again that has been. */
  readonly #told = new Map<string, number>();
  readonly #options: PoolWorkerOptions;
  readonly #bullmq = loadBullmq();
  readonly #worker: QueueWorker;
  #isReady = false;
  #draining: string | undefined;
  #idle: () => void = () => undefined;

  constructor(options: PoolWorkerOptions) {
    const { client, site, id, queuePrefix, concurrency, lockDurationMs, stalledIntervalMs, maxStalledCount } = options;
    this.#options = options;
    this.#worker = queueWorker(this.#bullmq, site.pool, (job, token) => this.#process(job, token), {
      connection: client,
      prefix: queuePrefix,
      name: id,
      concurrency,
      lockDuration: lockDurationMs,
      stalledInterval: stalledIntervalMs,
      maxStalledCount,
      runRetryDelay: RETRY_MS,
      removeOnComplete: { age: KEPT_S },
      removeOnFail: { age: KEPT_S },
      skipVersionCheck: true, // it writes to the console
    });
    this.#worker.on('ready', () => (this.#isReady = true));
    this.#worker.on('error', (error) => this.#hear(error));
    this.#worker.on('lockRenewalFailed', (ids) => this.#lose(new Set(ids)));
  }

  /** How many jobs it has. */
  get active(): number {
    return this.#open.size;
  }

  /** Takes a job back that runs here. */
  cancel(id: string): void {
    for (const delivery of this.#open.values()) if (delivery.id === id) delivery.cancel();
  }

  /** Takes nothing more. Resolves once it has no job any more, all answered. */
  async drain(): Promise<void> {
    this.#draining ??= 'the worker is ending';
    if (this.#isReady) void this.#worker.close();
    await this.#emptied();
  }

  /** Aborts what runs; others will have these jobs. Resolves once the actions have ended, or their grace time has. */
  async release(): Promise<void> {
    for (const delivery of this.#open.values()) delivery.release(this.#draining ?? 'the worker is ending');
    await this.#emptied();
  }

  /** Lets go of the queue, whether or not it can be reached. What still runs goes on, unheard. */
  async close(): Promise<void> {
    const closing = this.#worker.close(!this.#isReady);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<true>((resolve) => (timer = setTimeout(resolve, CLOSE_MS, true)));
    const isLate = await Promise.race([closing.then(() => false), late]);
    clearTimeout(timer);
    if (isLate) this.#worker.leave();
  }

  async #process(job: QueueJob, token: string | undefined): Promise<Envelope> {
    const { WaitingError, UnrecoverableError } = this.#bullmq;
    const answer = await this.#answer(job);
    switch (answer.type) {
      case 'answered':
        this.#isTrusted = true;
        return answer.result;
      case 'refused':
        // One that no message was ever meant for has the wrong key, it seems: it leaves as many as it can to others.
        if (!this.#isTrusted) await sleep(STRANGER_MS);
        throw new UnrecoverableError(answer.reason);
      case 'released':
        // At once where nothing of it goes on here; else when its lock runs out.
        if (this.#draining !== undefined && !answer.abandoned) await job.moveToWait(token).catch(() => undefined);
        throw new WaitingError();
    }
  }

  async #answer(job: QueueJob): Promise<Answer> {
    const { site, hear } = this.#options;
    const delivery = new Delivery(site, {
      id: job.id!,
      message: job.data,
      delivery: job.attemptsStarted,
      send: (progress) => job.updateProgress(progress),
    });
    const nth = ++this.#taken;
    this.#open.set(nth, delivery);
    try {
      if (this.#draining !== undefined) delivery.release(this.#draining);
      const answer = await delivery.run();
      hear(answer);
      return answer;
    } catch (error) {
      this.#hear(error);
      return { type: 'released', reason: 'what it refers to was not to be had', abandoned: false };
    } finally {
      this.#open.delete(nth);
      if (this.#open.size === 0) this.#idle();
    }
  }

  #lose(ids: ReadonlySet<string>): void {
    for (const delivery of this.#open.values()) if (ids.has(delivery.id)) delivery.release('its lock was lost');
  }

  #emptied(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const before = this.#idle;
      this.#idle = () => {
        before();
        resolve();
      };
    });
  }

  /** Outages are told by those who watch the connection; of all else each sentence once in a while. */
  #hear(error: unknown): void {
    if (this.#options.client.status !== 'ready') return;
    const message = ownWords(printable(failureOf(error).message.slice(0, 300)));
    const now = performance.now();
    if (CONNECTION.test(message) || now < (this.#told.get(message) ?? 0)) return;
    if (this.#told.size >= TOLD_MAX) this.#told.clear();
    this.#told.set(message, now + TOLD_MS);
    this.#options.site.tell({ type: 'trouble', message });
  }
}

const CONNECTION = /ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|Connection is closed|Socket timeout/;

/** What BullMQ says of results that come after their lock has run out. */
const ownWords = (message: string): string => {
  const [, id] = /^(?:Missing lock|Lock mismatch) for job (\S+)\. .*moveToFinished/.exec(message) ?? [];
  return id === undefined
    ? message
    : `The result of job ${id} came too late and counts no more: its lock had run out, and another worker has the job. Where the process was not frozen or cut off, its actions hold it up for longer than lockDurationMs.`;
};
