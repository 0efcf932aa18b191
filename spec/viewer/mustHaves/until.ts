import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';

/** Reads until an assertion holds, however slow the machine; after so long its own complaint is thrown. */
export const until = async <T>(
  read: () => T | Promise<T>,
  holds: (value: T) => void,
  timeoutMs = 20_000,
): Promise<T> => {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    try {
      holds(value);
      return value;
    } catch (complaint) {
      if (Date.now() > end) throw complaint;
    }
    await sleep(25);
  }
};

/** Reads until it is what is expected. */
export const untilIs = <T>(read: () => T | Promise<T>, expected: T, message?: string): Promise<T> =>
  until(read, (value) => assert.equal(value, expected, message));
