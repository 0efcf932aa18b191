import type { RemoteJob } from '../../run/RemoteEngine.js';
import type { RedisClient } from '../connection/openRedis.js';
import type { Envelopes } from '../envelope/Envelopes.js';
import { cancelledKey, controlChannel } from '../envelope/places.js';

/** A wish has a few hundred bytes; what is longer is none, and is not read. */
const TEXT_MAX = 65_536;

/** So many wishes are remembered, each for so long, milliseconds: one may come before the job does. */
const WISHES_MAX = 10_000;
const WISH_MS = 60_000;

/** Hears who wants jobs of these pools to end. Whoever wants it says so again, every few seconds. */
export class ControlChannel {
  readonly #client: RedisClient;
  /** Until when each wish counts; the oldest first. */
  readonly #wishes = new Map<string, number>();

  /** @param client - of its own: one that subscribes can do nothing else. */
  constructor(
    client: RedisClient,
    pools: readonly string[],
    prefix: string,
    envelopes: Envelopes,
    cancel: (pool: string, id: string) => void,
  ) {
    this.#client = client;
    const pooled = new Map(pools.map((pool) => [controlChannel(pool, prefix), pool]));
    client.on('message', (channel: string, text: string) => {
      const pool = pooled.get(channel);
      if (pool === undefined) return;
      const opened = envelopes.openCancel(parsed(text), { pool });
      if (opened._tag === 'Left') return;
      const { id } = opened.right;
      this.#remember(id);
      cancel(pool, id);
    });
    // It waits for the connection, and ioredis repeats it whenever that is made again.
    client.subscribe(...pooled.keys()).catch(() => undefined);
  }

  /** Whether somebody has wanted a job to end of late. */
  hasHeard(id: string): boolean {
    return (this.#wishes.get(id) ?? 0) > performance.now();
  }

  close(): void {
    this.#client.disconnect();
  }

  #remember(id: string): void {
    const now = performance.now();
    this.#wishes.delete(id);
    this.#wishes.set(id, now + WISH_MS);
    for (const [oldest, until] of this.#wishes) {
      if (until > now && this.#wishes.size <= WISHES_MAX) break;
      this.#wishes.delete(oldest);
    }
  }
}

/** Whether a job was taken back before a worker had it. */
export const wasCancelled = async (
  client: RedisClient,
  prefix: string,
  envelopes: Envelopes,
  { id, pool, runId }: Pick<RemoteJob, 'id' | 'pool' | 'runId'>,
): Promise<boolean> => {
  const text = await client.getrange(cancelledKey(id, prefix), 0, TEXT_MAX);
  return text !== '' && envelopes.openCancel(parsed(text), { id, pool, runId })._tag === 'Right';
};

const parsed = (text: string): unknown => {
  if (text.length > TEXT_MAX) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
