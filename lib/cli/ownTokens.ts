import { isFullToken, tokensFrom, type TokenPair } from '../server/index.js';
import { UsageError } from './UsageError.js';

/** The secrets of a server as the environment has them, so that they outlive it; undefined where it has none. Throws a `UsageError` for one that could be guessed. */
export const ownTokens = (env: NodeJS.ProcessEnv = process.env): TokenPair | undefined => {
  const token = env['RXDAG_TOKEN'];
  if (token === undefined) return undefined;
  if (!isFullToken(token))
    throw new UsageError(
      'RXDAG_TOKEN has to have 32 to 200 characters, each of A-Z, a-z, 0-9, - or _, and not to begin with r-; `openssl rand -hex 32` makes one.',
    );
  return tokensFrom(token);
};
