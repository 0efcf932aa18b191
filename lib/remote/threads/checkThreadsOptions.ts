import type * as t from 'io-ts';
import { show } from '../../model/explain.js';
import { Count, DURATION_MS_MAX, numberFrom } from '../../model/strict.js';
import { checkKeys, wrong } from '../../run/checkOptions.js';
import type { ResourceLimits, ThreadsOptions } from './ThreadPool.js';

const IDLE = numberFrom(0, true, DURATION_MS_MAX);

/** With less (Node 22 and 24: old generation) or more (code range) the whole process may end when a thread begins. */
const LIMITS: Readonly<Record<keyof ResourceLimits, t.Type<number, number, unknown>>> = {
  maxOldGenerationSizeMb: numberFrom(4, false),
  maxYoungGenerationSizeMb: numberFrom(1, false),
  codeRangeSizeMb: numberFrom(1, false, 512),
  stackSizeMb: numberFrom(1, false),
};

/** Throws a `DagError` for options that are out of range. */
export const checkThreadsOptions = (options: ThreadsOptions): void => {
  checkKeys('The options of threads', options, ['maxThreads', 'idleTimeoutMs', 'resourceLimits']);
  const { maxThreads, idleTimeoutMs, resourceLimits = {} } = options;
  check('maxThreads', Count, maxThreads);
  check('idleTimeoutMs', IDLE, idleTimeoutMs);
  checkKeys('The resourceLimits', resourceLimits, Object.keys(LIMITS));
  for (const [limit, codec] of Object.entries(LIMITS))
    check(`resourceLimits.${limit}`, codec, resourceLimits[limit as keyof ResourceLimits]);
};

const check = (option: string, codec: t.Type<number, number, unknown>, value: number | undefined): void => {
  if (value !== undefined && !codec.is(value)) wrong(`${option} is ${show(value)}; give ${codec.name}.`);
};
