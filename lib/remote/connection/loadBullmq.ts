import type * as Bullmq from 'bullmq';
import { createRequire } from 'node:module';
import { wrong } from '../../run/checkOptions.js';

/** The peer that keeps queues in Redis. Throws a `DagError` where it is not installed. */
export const loadBullmq = (): typeof Bullmq => {
  const require = createRequire(import.meta.url);
  try {
    require.resolve('bullmq');
  } catch {
    return wrong(
      'rxdag/remote needs the package bullmq, which is not installed beside rxdag: npm install bullmq@6 ioredis@5.',
    );
  }
  return require('bullmq') as typeof Bullmq;
};
