import { setTimeout as sleep } from 'node:timers/promises';

const UNTIL_MS_MAX = 20_000;

/** Waits until something holds, and gives it; an error tells what was waited for. */
export const until = async <A>(
  what: string,
  look: () => A | undefined | false | Promise<A | undefined | false>,
  ms = UNTIL_MS_MAX,
): Promise<A> => {
  for (const started = performance.now(); performance.now() - started < ms;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(5);
  }
  throw new Error(`${what}: not within ${ms} ms`);
};
