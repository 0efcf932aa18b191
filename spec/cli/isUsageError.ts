import * as assert from 'uvu/assert';
import type { Ended } from '../support/cli.js';

/** Told in words, on standard error alone, with exit code 2. */
export const isUsageError = ({ code, out, err }: Ended, message: string | RegExp, what: string): void => {
  assert.match(err, message, `${what}: ${err}`);
  assert.not.match(err, /\n\s+at /, what);
  assert.not.match(err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, what);
  assert.is(out, '', what);
  assert.is(code, 2, what);
};

/** Visits some at a time, where each is a process. */
export const several = async <T>(items: readonly T[], visit: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await visit(item);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
};
