import { failureOf } from '../../model/Failure.js';
import { printable } from '../../model/printable.js';
import type { RedisClient } from './openRedis.js';

/** Redis can't be reached any more, or can again after `awayMs` milliseconds. */
export type ReachChange =
  | { readonly type: 'redisLost'; readonly reason: string }
  | { readonly type: 'redisBack'; readonly awayMs: number };

/** Tells of outages of Redis, each once, however many clients find it and however often they try. */
export class Reach {
  readonly #tell: (change: ReachChange) => void;
  /** The clients that are cut off, and why. */
  readonly #lost = new Set<RedisClient>();
  #since: number | undefined;
  #isClosed = false;

  constructor(tell: (change: ReachChange) => void) {
    this.#tell = tell;
  }

  get isLost(): boolean {
    return this.#since !== undefined;
  }

  /** Heeds a client from its beginning on. */
  watch(client: RedisClient): void {
    client.on('error', (error: unknown) => {
      if (client.status !== 'ready') this.lost(client, reasonOf(error));
    });
    client.on('close', () => this.lost(client, 'the connection was closed'));
    client.on('ready', () => this.back(client));
  }

  /** A client finds that it gets no answers. */
  lost(client: RedisClient, reason: string): void {
    this.#lost.add(client);
    if (this.#isClosed || this.#since !== undefined) return;
    this.#since = performance.now();
    this.#tell({ type: 'redisLost', reason });
  }

  back(client: RedisClient): void {
    this.#lost.delete(client);
    if (this.#since === undefined || this.#isClosed || this.#lost.size > 0) return;
    const awayMs = Math.round(performance.now() - this.#since);
    this.#since = undefined;
    this.#tell({ type: 'redisBack', awayMs });
  }

  /** What happens from now on is nobody's outage. */
  close(): void {
    this.#isClosed = true;
  }
}

/** Of an address that stands for several Node tells only a code. */
export const reasonOf = (error: unknown): string => {
  const { message, data } = failureOf(error);
  const code = (data as { readonly code?: unknown } | undefined)?.code;
  return printable((message === '' && typeof code === 'string' ? code : message).slice(0, 300));
};
