import type { Test } from 'uvu';

/** Leaves out what this machine cannot test, and says so in one line; in CI a skipped test fails the run. */
export const skip = <T>(test: Test<T>, what: string, why: string): void => {
  console.log(`skipped ${what}: ${why}`);
  test.skip(what);
};
