import { shellWord } from '../formats/shellWord.js';
import type { RemoteEngine } from '../index.js';
import { printable } from '../model/printable.js';
import { shownRedis } from '../remote/connection/openRedis.js';
import type { ReachChange } from '../remote/connection/Reach.js';
import { asUsage } from './asUsage.js';
import { closedAtEnd } from './closedAtEnd.js';
import { duration } from './duration.js';
import { openRedisRuns, partsOf } from './openRedisRuns.js';
import type { KeptRuns } from './openStore.js';
import { reachRedis } from './reachRedis.js';
import { watchPools } from './watchPools.js';

export interface RemoteOptions {
  /** The address of the Redis that workers take their jobs from. */
  readonly remote: string;
  /** @default the key in RXDAG_KEY */
  readonly keyFile?: string;
  /** So long a run stays with a process of which nothing is heard. @default 10,000 */
  readonly leaseMs?: number;
}

/** What a command needs whose nodes run on workers. */
export interface Remote {
  readonly engine: RemoteEngine;
  /** The runs in that Redis. */
  readonly store: KeptRuns;
}

/**
 * Opens a Redis whose workers do the work, once it can be reached. Throws a `UsageError` where there is no key, or where
 * Redis might lose runs without anybody noticing.
 */
export const openRemote = async (
  { remote, keyFile, leaseMs }: RemoteOptions,
  tell: (text: string) => void,
): Promise<Remote> => {
  const [{ bullmqEngine }, { readKey }] = await Promise.all([
    import('../remote/bullmq/bullmqEngine.js'),
    import('../remote/envelope/readKey.js'),
  ]);
  const warn = (text: string): void => tell(`warning: ${text}`);
  const key = asUsage(() => readKey({ warn, ...(keyFile !== undefined && { file: keyFile }) }));
  const { url, prefix } = partsOf(remote);
  const store = closedAtEnd(await openRedisRuns(remote, leaseMs));
  await reachRedis(url, tell);
  const engine = asUsage(() =>
    bullmqEngine({
      connection: url,
      key,
      ...(prefix !== undefined && { prefix }),
      onFault: ({ message }) => warn(message),
      onReach: (change) => tell(reachText(url, change)),
    }),
  );
  const { listWorkers } = await import('../remote/worker/listWorkers.js');
  const watched = watchPools(
    engine,
    async () => new Set((await listWorkers(url, prefix)).flatMap(({ pools }) => pools)),
    (pool, isServed) =>
      tell(
        isServed
          ? `The pool ${printable(pool)} has a worker now.`
          : `warning: No worker serves the pool ${printable(pool)}; its nodes wait until one is started, with rxdag worker --pool ${printable(shellWord(pool))}.`,
      ),
  );
  return { engine: closedAtEnd(watched), store };
};

const reachText = (url: string, change: ReachChange): string =>
  change.type === 'redisLost'
    ? `Redis at ${shownRedis(url)} can't be reached: ${printable(change.reason)}. Trying again.`
    : `Redis at ${shownRedis(url)} is back after ${duration(change.awayMs)}.`;
