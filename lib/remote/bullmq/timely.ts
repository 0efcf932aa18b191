import { reasonOf } from '../connection/Reach.js';
import type { RedisClient } from '../connection/openRedis.js';

/** What work gives, or an error where that takes longer; what comes of it then is nobody's. */
export const timely = async <A>(work: Promise<A>, ms: number): Promise<A> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Waits until a client is connected: so commands of a time without Redis don't pile up. Rejects after `ms`. */
export const ready = async (client: RedisClient, ms: number): Promise<void> => {
  if (client.status === 'ready') return;
  let arrive: () => void = () => undefined;
  let end: () => void = () => undefined;
  let reason = '';
  const arriving = new Promise<void>((resolve, reject) => {
    arrive = resolve;
    end = () => reject(new Error('The connection to Redis is closed.'));
  });
  const note = (error: unknown): void => void (reason = reasonOf(error));
  client.once('ready', arrive).once('end', end).on('error', note);
  if (client.status === 'end') end();
  try {
    await timely(arriving, ms);
  } catch (error) {
    throw reason === '' || client.status === 'end' ? error : new Error(`Redis can't be reached: ${reason}.`);
  } finally {
    client.off('ready', arrive).off('end', end).off('error', note);
  }
};
