import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../stores/Fault.js';
import { isWrongDatabase, loadIoredis, type RedisSource } from '../connection/openRedis.js';
import { meaningOf, unavailable } from './faultIn.js';

/** A Lua script, which the server knows by its hash once it has seen it. */
export interface RedisScript {
  readonly text: string;
  readonly hash: string;
}

export const script = (text: string): RedisScript => ({ text, hash: createHash('sha1').update(text).digest('hex') });

/** What a script answers: the word for what became of it, and what belongs to that. */
export type ScriptAnswer = readonly [word: string, ...rest: string[]];

export interface CallOptions {
  /** About so much is sent or answered; more takes longer. @default 0 */
  readonly bytes?: number;
  /** How long it may take in all, milliseconds. @default 4000 */
  readonly limitMs?: number;
}

/** So long a call may take, milliseconds; a server that stays away is told of after less. */
const CALL_MS = 4_000;
const AWAY_MS = 2_000;
/** What a network has to carry at least. */
const BYTES_PER_MS = 1_000;
const PAUSE_MS = 25;
const RECONNECT_MS_MAX = 500;

/** One connection to Redis, which comes back by itself. What can't be had in time is a `StoreUnavailable`. */
export class RedisLink {
  /** The address, without secrets. */
  readonly place: string;
  readonly #client: Redis;
  readonly #waiters = new Set<() => void>();
  #lastError: unknown = 'it does not answer';
  /** When the present connection was begun. */
  #since = performance.now();
  /** What is on its way. */
  #bytes = 0;
  #isClosed = false;
  #hasDatabase = true;

  constructor(connection: RedisSource) {
    this.#client = clientOf(connection);
    this.place = placeOf(this.#client.options);
    this.#client.on('error', (error) => {
      this.#lastError = error;
      if (!isWrongDatabase(error)) return;
      this.#hasDatabase = false;
      this.#client.disconnect();
    });
    this.#client.on('connecting', () => (this.#since = performance.now()));
    this.#client.on('ready', () => this.#wake());
  }

  /** Does what can be done twice, and does it again where the connection breaks meanwhile. Rejects with a `Fault`. */
  async call<A>(work: (client: Redis) => Promise<A>, { bytes = 0, limitMs = CALL_MS }: CallOptions = {}): Promise<A> {
    this.#bytes += bytes;
    const until = performance.now() + limitMs + this.#bytes / BYTES_PER_MS;
    try {
      for (;;) {
        await this.#ready(Math.min(until, performance.now() + AWAY_MS));
        try {
          return await this.#within(work(this.#client), until);
        } catch (error) {
          if (error instanceof Fault) throw error;
          const meaning = meaningOf(error);
          if (meaning === 'final') throw error;
          if (meaning === 'foreign')
            throw new Fault(
              'ForeignFile',
              `Redis at ${this.place} holds something else where the store keeps its runs; give it a prefix of its own.`,
            );
          if (meaning === 'unavailable' || performance.now() + PAUSE_MS >= until) throw unavailable(this.place, error);
          await sleep(PAUSE_MS);
        }
      }
    } finally {
      this.#bytes -= bytes;
    }
  }

  /** Runs a script, by its hash where the server knows it. */
  run(
    { text, hash }: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
    options?: CallOptions,
  ): Promise<ScriptAnswer> {
    const rest = [keys.length, ...keys].concat(args);
    return this.call(async (client) => {
      try {
        return (await client.call('evalsha', [hash, ...rest])) as ScriptAnswer;
      } catch (error) {
        if (!/NOSCRIPT/.test((error as Error).message)) throw error;
        return (await client.call('eval', [text, ...rest])) as ScriptAnswer;
      }
    }, options);
  }

  /** Lets go of the connection; what is under way is refused. */
  close(): void {
    this.#isClosed = true;
    this.#client.disconnect();
    this.#wake();
  }

  async #ready(until: number): Promise<void> {
    for (;;) {
      if (this.#isClosed) throw this.closed();
      if (!this.#hasDatabase) throw unavailable(this.place, this.#lastError);
      const { status } = this.#client;
      if (status === 'ready') return;
      const left = until - performance.now();
      if (left <= 0) {
        this.#renew();
        throw unavailable(this.place, this.#lastError);
      }
      // "end" is where no Sentinel could say who the master is.
      if (status === 'wait' || status === 'end') this.#client.connect().catch(() => undefined);
      await this.#change(status === 'end' ? Math.min(left, RECONNECT_MS_MAX) : left);
    }
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiters.add(done);
    });
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  async #within<A>(work: Promise<A>, until: number): Promise<A> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          this.#renew();
          reject(unavailable(this.place, 'it does not answer'));
        },
        Math.max(0, until - performance.now()),
      );
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      throw this.#isClosed ? this.closed() : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A connection that says nothing for so long may be one that nobody holds at its other end. */
  #renew(): void {
    if (performance.now() - this.#since >= CALL_MS && !this.#isClosed) this.#client.disconnect(true);
  }

  /** Why a store that is closed does nothing. */
  closed(): Fault {
    return new Fault('Fenced', `The store in Redis at ${this.place} is closed.`);
  }
}

/** Settings under which no command waits for ever: what can't be sent, or loses its connection, is told of at once. */
const OWN: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  enableAutoPipelining: false,
  commandTimeout: undefined,
  socketTimeout: undefined,
  connectTimeout: CALL_MS,
  disconnectTimeout: 100,
  maxLoadingRetryTime: 250,
  retryStrategy: (times) => Math.min(25 * 2 ** Math.min(times, 10), RECONNECT_MS_MAX),
  reconnectOnError: ({ message }) => message.includes('READONLY'), // its master has become a replica
};

const clientOf = (connection: RedisSource): Redis => {
  if (typeof connection === 'string') return new (loadIoredis())(connection, OWN);
  if (!('duplicate' in connection)) return new (loadIoredis())({ ...connection, ...OWN });
  if (!isCluster(connection)) return connection.duplicate(OWN);
  const { retryStrategy, lazyConnect, enableOfflineQueue } = OWN;
  const copy = connection.duplicate(undefined, {
    redisOptions: { ...connection.options.redisOptions, ...OWN },
    clusterRetryStrategy: retryStrategy,
    lazyConnect,
    enableOfflineQueue,
  });
  return copy as unknown as Redis; // what is asked of it here it does like a single server
};

const isCluster = (client: Redis | Cluster): client is Cluster => client.isCluster;

/** Of an option that nobody has given ioredis says null. */
const placeOf = ({ path, host, port, sentinels, name }: RedisOptions): string => {
  if (path) return path;
  if (sentinels) return `the Sentinels' ${JSON.stringify(name)}`;
  return host ? `${host}:${port}` : 'the cluster';
};
