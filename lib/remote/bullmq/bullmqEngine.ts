import * as E from '#fp-ts/Either';
import type { JobsOptions } from 'bullmq';
import type { Observable } from 'rxjs';
import { Unplaceable, type JobNews, type RemoteEngine, type RemoteJob } from '../../run/RemoteEngine.js';
import { loadBullmq } from '../connection/loadBullmq.js';
import { openRedis, type RedisClient } from '../connection/openRedis.js';
import { Reach } from '../connection/Reach.js';
import type { BlobStore } from '../envelope/BlobStore.js';
import { envelopes, type Envelopes } from '../envelope/Envelopes.js';
import { cancelledKey, controlChannel, PREFIX, queuePrefix } from '../envelope/places.js';
import { redisBlobs } from '../envelope/redisBlobs.js';
import { MESSAGE_BYTES_MAX, type Envelope } from '../envelope/seal.js';
import { poolNameFault } from '../poolName.js';
import { checkBullmqOptions, type BullmqEngineOptions } from './BullmqEngineOptions.js';
import type { StreamEntry } from './EventTail.js';
import { jobOptions } from './jobOptions.js';
import { JobWatch } from './JobWatch.js';
import { Lane } from './Lane.js';
import { ready, timely } from './timely.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** So much goes to Redis at once: jobs, and about so many characters. */
const CHUNK_JOBS = 500;
const CHUNK_CHARACTERS = 4_000_000;

/**
 * Runs jobs on workers all over the network, over BullMQ queues in Redis, one for each pool. Jobs and results are signed, so
 * that only who has the key can have anything run or ended. There is news only of jobs that were submitted or asked for
 * through this engine. It connects at once, and the process lives until `close`. Throws a `DagError` for options that are out of range, and where the packages bullmq and ioredis are missing.
 */
export const bullmqEngine = (options: BullmqEngineOptions): RemoteEngine => {
  checkBullmqOptions(options);
  loadBullmq();
  return new Engine(options);
};

type Place = Pick<RemoteJob, 'id' | 'pool' | 'runId'>;

interface Sent {
  readonly job: RemoteJob;
  readonly data: Envelope;
  readonly opts: JobsOptions;
}

class Engine implements RemoteEngine {
  readonly news$: Observable<JobNews>;
  readonly #options: BullmqEngineOptions;
  readonly #clients = new Set<RedisClient>();
  /** For commands. */
  readonly #client: RedisClient;
  readonly #reach: Reach;
  readonly #mail: Envelopes;
  readonly #watch: JobWatch;
  readonly #lanes = new Map<string, Promise<Lane>>();
  readonly #prefix: string;
  readonly #timeoutMs: number;
  readonly #jobTtlMs: number;
  readonly #retentionMs: number;
  readonly #valueMax: number;
  #isClosed = false;

  constructor(options: BullmqEngineOptions) {
    const { key, prefix = PREFIX, jobTtlMs = DAY_MS, retentionMs = HOUR_MS, timeoutMs = 10_000 } = options;
    const { messageBytesMax = MESSAGE_BYTES_MAX, inlineMax, blobBytesMax, onFault, onReach } = options;
    this.#options = options;
    this.#prefix = prefix;
    this.#timeoutMs = timeoutMs;
    this.#jobTtlMs = jobTtlMs;
    this.#retentionMs = retentionMs;
    // A body is a text inside of JSON, where a sign can take two bytes.
    this.#valueMax = 2 * messageBytesMax + 1_000;
    this.#reach = new Reach(safely(onReach));
    this.#client = this.#open();
    this.#mail = envelopes({
      key,
      blobs: timelyBlobs(options.blobs ?? redisBlobs(this.#client, prefix), timeoutMs),
      messageBytesMax,
      ...(inlineMax !== undefined && { inlineMax }),
      ...(blobBytesMax !== undefined && { blobBytesMax }),
    });
    this.#watch = new JobWatch(this.#mail, this.#valueMax, safely(onFault));
    this.news$ = this.#watch.news$;
  }

  async submit(jobs: readonly RemoteJob[]): Promise<void> {
    for (const [pool, some] of byPool(jobs)) {
      const lane = await this.#lane(pool, some[0]!.id);
      const options = some.map((job) => jobOptions(job, this.#retentionMs, lane.queue.keys));
      let chunk: Sent[] = [];
      let characters = 0;
      for (const [i, job] of some.entries()) {
        const data = await this.#sealed(job);
        if (chunk.length >= CHUNK_JOBS || characters + data.body.length > CHUNK_CHARACTERS) {
          await this.#send(lane, chunk);
          chunk = [];
          characters = 0;
        }
        chunk.push({ job, data, opts: options[i]! });
        characters += data.body.length;
      }
      await this.#send(lane, chunk);
    }
  }

  async peek(jobs: readonly Place[]): Promise<readonly JobNews[]> {
    const found = new Map<string, JobNews>();
    for (const [pool, some] of byPool(jobs)) {
      const lane = await this.#lane(pool, some[0]!.id);
      const fresh = this.#watch.add(some);
      for (const news of await this.#look(lane, some)) {
        found.set(news.id, news);
        this.#watch.told(news, fresh.has(news.id));
      }
    }
    return jobs.map(({ id }) => found.get(id)!);
  }

  async cancel({ id, pool, runId }: Place, reason: string): Promise<void> {
    const lane = await this.#lane(pool, id);
    const envelope = this.#mail.sealCancel({ id, pool, runId, reason });
    if (E.isLeft(envelope)) throw new Error(envelope.left.message);
    const text = JSON.stringify(envelope.right);
    const ttlMs = Math.ceil(this.#jobTtlMs + this.#retentionMs);
    // First the key, for a worker that takes it from now on; then the call, for the one that has it.
    await this.#timely(this.#client.set(cancelledKey(id, this.#prefix), text, 'PX', ttlMs));
    const [news] = await this.#look(lane, [{ id, pool }]);
    if (news!.type === 'waiting' && (await this.#timely(lane.queue.remove(id))) === 1)
      this.#watch.tell({ id, type: 'stopped', abandoned: false });
    else if (news!.type === 'waiting' || news!.type === 'running')
      await this.#timely(this.#client.publish(controlChannel(pool, this.#prefix), text));
    else this.#watch.tell(news!);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reach.close();
    for (const client of this.#clients) client.disconnect();
    for (const lane of await Promise.allSettled(this.#lanes.values()))
      if (lane.status === 'fulfilled') lane.value.close();
  }

  /** What is known of jobs of one pool now. */
  async #look(lane: Lane, jobs: readonly Pick<Place, 'id' | 'pool'>[]): Promise<readonly JobNews[]> {
    const ids = jobs.map(({ id }) => id);
    const news = await this.#watch.read(ids, await lane.states(ids));
    return Promise.all(news.map(async (one, i) => (one.type === 'missing' ? this.#absent(jobs[i]!) : one)));
  }

  /** A job that is in no queue: one that was taken back before it ran, or is not known at all. */
  async #absent({ id, pool }: Pick<Place, 'id' | 'pool'>): Promise<JobNews> {
    const text = this.#client.getrange(cancelledKey(id, this.#prefix), 0, this.#valueMax).catch((error: unknown) => {
      if ((error as Error).name === 'ReplyError') return ''; // somebody put something else in its place
      throw error;
    });
    return this.#watch.isCancel(await this.#timely(text), { id, pool })
      ? { id, type: 'stopped', abandoned: false }
      : { id, type: 'missing' };
  }

  /** Looks up what the events of a pool leave open. */
  async #hear(lane: Lane, pool: string, entries: readonly StreamEntry[]): Promise<void> {
    const unsure = await this.#watch.hear(entries);
    if (unsure.length === 0) return;
    try {
      const news = await this.#look(
        lane,
        unsure.map((id) => ({ id, pool })),
      );
      for (const one of news) if (one.type !== 'waiting' && one.type !== 'running') this.#watch.tell(one);
    } catch {
      // Whoever waits for them asks for them again.
    }
  }

  /** The queue of a pool, once no event of it can be missed. */
  async #lane(pool: string, jobId: string): Promise<Lane> {
    const fault = poolNameFault(pool);
    if (fault !== undefined) throw new Unplaceable(jobId, fault);
    if (!this.#isClosed) await ready(this.#client, this.#timeoutMs);
    if (this.#isClosed) throw new Error('The engine is closed.');
    const known = this.#lanes.get(pool);
    if (known !== undefined) return known;
    const lane = Lane.open({
      pool,
      client: this.#client,
      open: () => this.#open(),
      queuePrefix: queuePrefix(this.#prefix),
      timeoutMs: this.#timeoutMs,
      valueBytesMax: this.#valueMax,
      hear: (opened, entries) => this.#hear(opened, pool, entries),
    });
    this.#lanes.set(pool, lane);
    try {
      return await lane;
    } catch (error) {
      this.#lanes.delete(pool);
      throw error;
    }
  }

  #open(): RedisClient {
    const client = openRedis(this.#options.connection);
    this.#reach.watch(client);
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
    return client;
  }

  async #send({ queue }: Lane, sent: readonly Sent[]): Promise<void> {
    this.#watch.add(sent.map(({ job }) => job));
    const named = sent.map(({ job, data, opts }) => ({ name: job.action, data, opts }));
    const [first] = named;
    // For one alone, BullMQ's way for many costs twice as much.
    if (named.length === 1) await this.#timely(queue.add(first!.name, first!.data, first!.opts));
    else await this.#timely(queue.addBulk(named));
  }

  async #sealed(job: RemoteJob): Promise<Envelope> {
    const envelope = await this.#mail.sealJob(job, this.#jobTtlMs);
    if (E.isLeft(envelope)) throw new Unplaceable(job.id, envelope.left.message);
    return envelope.right;
  }

  #timely<A>(work: Promise<A>): Promise<A> {
    return timely(work, this.#timeoutMs);
  }
}

const byPool = <A extends { readonly pool: string }>(jobs: readonly A[]): ReadonlyMap<string, readonly A[]> => {
  const pools = new Map<string, A[]>();
  for (const job of jobs) {
    const some = pools.get(job.pool);
    if (some === undefined) pools.set(job.pool, [job]);
    else some.push(job);
  }
  return pools;
};

/** A store that answers in time or fails. */
const timelyBlobs = (blobs: BlobStore, ms: number): BlobStore => ({
  put: (key, text, ttlMs) => timely(blobs.put(key, text, ttlMs), ms),
  get: (key, maxBytes) => timely(blobs.get(key, maxBytes), ms),
});

/** What listeners throw is no trouble of ours. */
const safely =
  <A>(tell: ((told: A) => void) | undefined) =>
  (told: A): void => {
    try {
      tell?.(told);
    } catch {
      // Nobody is there to hear it.
    }
  };
