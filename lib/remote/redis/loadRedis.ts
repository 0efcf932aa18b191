import type { Redis } from 'ioredis';
import { createRequire } from 'node:module';
import { DagError } from '../../define/DagError.js';

/** The peer that speaks with Redis. Throws a `DagError` where it is not installed. */
export const loadRedis = (): typeof Redis => {
  const require = createRequire(import.meta.url);
  try {
    require.resolve('ioredis');
  } catch {
    throw new DagError(
      'InvalidOptions',
      'rxdag/remote needs the package ioredis, which is not installed beside rxdag: npm install ioredis@5.',
    );
  }
  return (require('ioredis') as { readonly Redis: typeof Redis }).Redis;
};
