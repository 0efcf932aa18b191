import type { Redis } from 'ioredis';

const ASK_MS = 5_000;
const SILENCE_MS_MAX = 20_000;

/**
 * Breaks a connection that owes an answer for 20 s, so that another one is made: its other end may be gone without a word.
 * ioredis has an option for this, but its timer outlives the connection and then breaks the next one, or holds up the process.
 */
export const watchSilence = (client: Redis, askMs = ASK_MS, silenceMsMax = SILENCE_MS_MAX): void => {
  let askedAt: number | undefined;
  const answered = (): void => void (askedAt = undefined);
  const timer = setInterval(() => {
    if (client.status !== 'ready') return answered();
    if (askedAt === undefined) {
      askedAt = performance.now();
      client.ping().then(answered, answered);
    } else if (performance.now() - askedAt > silenceMsMax) {
      answered();
      client.disconnect(true);
    }
  }, askMs).unref();
  client.on('end', () => clearInterval(timer));
};
