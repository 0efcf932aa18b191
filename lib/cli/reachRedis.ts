import { DagError } from '../index.js';
import { failureOf } from '../model/Failure.js';
import { printable } from '../model/printable.js';
import { UsageError } from './UsageError.js';

const PAUSE_MS = 1_000;
/** What waiting never mends. */
const LASTING = /NOAUTH|WRONGPASS|NOPERM|invalid password|DB index is out of range/;

/**
 * Waits for a Redis that can't be reached, and looks whether runs and jobs are safe with it. Throws a `UsageError` where they
 * are not, or where it answers and refuses.
 */
export const reachRedis = async (url: string, tell: (text: string) => void): Promise<void> => {
  const [{ askRedis }, { checkRedis }] = await Promise.all([
    import('../remote/connection/askRedis.js'),
    import('../remote/redis/checkRedis.js'),
  ]);
  for (let isTold = false; ; await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))) {
    try {
      await askRedis(url, (client) => client.ping());
      break;
    } catch (error) {
      const message = printable(failureOf(error).message);
      if (error instanceof DagError || LASTING.test(message)) throw new UsageError(message);
      if (!isTold) tell(`${message} Waiting for it.`);
      isTold = true;
    }
  }
  const { errors, warnings } = await checkRedis(url);
  if (errors.length > 0) throw new UsageError(errors.join('\n'));
  for (const warning of warnings) tell(`warning: ${warning}`);
};
