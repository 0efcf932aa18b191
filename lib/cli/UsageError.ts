/** A wrong use or an invalid input: told in its own words, without a stack trace, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
