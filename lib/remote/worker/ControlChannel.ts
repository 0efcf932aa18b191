import type { RemoteJob } from '../../run/RemoteEngine.js';
import type { RedisClient } from '../connection/openRedis.js';
import type { Envelopes } from '../envelope/Envelopes.js';
import { cancelledKey, controlChannel } from '../envelope/places.js';

/** A wish has a few hundred bytes; what is longer is none, and is not read. */
const TEXT_MAX = 65_536;

/** Hears who wants jobs of these pools to end. */
export class ControlChannel {
  readonly #client: RedisClient;

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
      if (opened._tag === 'Right') cancel(pool, opened.right.id);
    });
    // It waits for the connection, and ioredis repeats it whenever that is made again.
    client.subscribe(...pooled.keys()).catch(() => undefined);
  }

  close(): void {
    this.#client.disconnect();
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
