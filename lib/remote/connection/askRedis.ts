import { failureOf } from '../../model/Failure.js';
import { openRedis, shownRedis, type RedisClient, type RedisSource } from './openRedis.js';
import { reasonOf } from './Reach.js';

/** How long Redis may take to be there, and to answer, milliseconds. */
const WAIT_MS = 5_000;

/** Asks Redis something once, over a connection of its own. Rejects in one sentence where it can't be reached, or refuses. */
export const askRedis = async <A>(source: RedisSource, ask: (client: RedisClient) => Promise<A>): Promise<A> => {
  const client = openRedis(source);
  let reason = `there was no answer for ${WAIT_MS / 1_000} s`;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      ask(client),
      new Promise<never>((_, reject) => {
        const fail = (): void => reject(new Error(reason));
        timer = setTimeout(fail, WAIT_MS);
        client.once('error', (error: unknown) => {
          reason = reasonOf(error);
          fail();
        });
      }),
    ]);
  } catch (error) {
    const what = failureOf(error).name === 'ReplyError' ? 'refuses what is asked of it' : "can't be reached";
    throw new Error(`Redis at ${shownRedis(source)} ${what}: ${reasonOf(error).replace(/\.$/, '')}.`, { cause: error });
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
};
