import { askRedis } from '../connection/askRedis.js';
import type { RedisClient, RedisSource } from '../connection/openRedis.js';
import { PREFIX } from '../envelope/places.js';
import { workerKey, WorkerRecord, workersKey } from './WorkerRecord.js';

/** Each has a few hundred bytes. */
const RECORD_BYTES_MAX = 65_536;
/** How many are asked for at once. */
const BATCH = 500;

/**
 * The workers that live, by their pools and ids: each has told so within the last 15 s. What they tell is not signed. Rejects
 * in one sentence where Redis can't be reached.
 */
export const listWorkers = (connection: RedisSource, prefix = PREFIX): Promise<readonly WorkerRecord[]> =>
  askRedis(connection, async (client) => {
    const ids = await client.zrange(workersKey(prefix), 0, -1);
    const found: WorkerRecord[] = [];
    const dead: string[] = [];
    for (let i = 0; i < ids.length; i += BATCH)
      for (const [id, text] of await recordsOf(client, ids.slice(i, i + BATCH), prefix)) {
        const record = read(text);
        if (record?.id === id) found.push(record);
        else dead.push(id);
      }
    if (dead.length > 0) await client.zrem(workersKey(prefix), ...dead);
    return found.sort((a, b) => compare(a.pools.join(), b.pools.join()) || compare(a.id, b.id));
  });

const recordsOf = (
  client: RedisClient,
  ids: readonly string[],
  prefix: string,
): Promise<[id: string, text: string][]> =>
  Promise.all(
    ids.map(async (id) => [id, await client.getrange(workerKey(id, prefix), 0, RECORD_BYTES_MAX)] as [string, string]),
  );

const read = (text: string): WorkerRecord | undefined => {
  try {
    const decoded = WorkerRecord.decode(JSON.parse(text));
    return decoded._tag === 'Right' ? decoded.right : undefined;
  } catch {
    return undefined;
  }
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
