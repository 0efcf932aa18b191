import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../connection/openRedis.js';

/** One entry of a stream: its id, then names and values in turn. */
export type StreamEntry = readonly [id: string, fields: readonly string[]];

/** No entry. */
const BEGINNING = '0-0';
const COUNT_MAX = 500;
const BLOCK_MS = 5_000;
const RETRY_MS = 1_000;

/** The place behind the last entry of a stream. */
export const endOf = async (client: RedisClient, key: string): Promise<string> =>
  (await client.xrevrange(key, '+', '-', 'COUNT', 1))[0]?.[0] ?? BEGINNING;

/**
 * Reads a stream from a place on, for ever, whatever is in it. After an outage it goes on where it was: what came meanwhile
 * is read then, as far as the stream still has it. What is heard is awaited, so a slow listener is never flooded.
 *
 * @param client - of its own: it waits on it.
 * @param hear - must not reject.
 */
export class EventTail {
  readonly #client: RedisClient;
  readonly #ending = new AbortController();

  constructor(
    client: RedisClient,
    key: string,
    from: string,
    hear: (entries: readonly StreamEntry[]) => Promise<void>,
  ) {
    this.#client = client;
    void this.#follow(key, from, hear);
  }

  close(): void {
    this.#ending.abort();
    this.#client.disconnect();
  }

  async #follow(key: string, from: string, hear: (entries: readonly StreamEntry[]) => Promise<void>): Promise<void> {
    const { signal } = this.#ending;
    for (let last = from; !signal.aborted;)
      try {
        const found = await this.#client.xread('COUNT', COUNT_MAX, 'BLOCK', BLOCK_MS, 'STREAMS', key, last);
        const entries = found?.[0]?.[1] ?? [];
        last = entries.at(-1)?.[0] ?? last;
        if (entries.length > 0 && !signal.aborted) await hear(entries);
      } catch {
        // The connection was lost or closed, or somebody put something else in the stream's place.
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
  }
}
