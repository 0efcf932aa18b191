import { show } from '../model/explain.js';

/** What a pool of workers may be called: 1 to 100 letters, digits and `_-.`, and no dot or dash at the beginning. */
const POOL_NAME = /^\w[\w.-]{0,99}$/;

/** Why a pool can't be called so; undefined where it can. */
export const poolNameFault = (pool: string): string | undefined =>
  POOL_NAME.test(pool)
    ? undefined
    : `A pool of workers can't be called ${show(pool)}: write 1 to 100 letters, digits, dots, dashes or underscores, with a letter or a digit first.`;
