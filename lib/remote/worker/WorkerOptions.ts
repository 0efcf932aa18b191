import { ActionRegistry } from '../../define/ActionRegistry.js';
import type { NodeAction } from '../../define/NodeAction.js';
import { show } from '../../model/explain.js';
import { Count, Duration, numberFrom, Whole } from '../../model/strict.js';
import { checkKeys, reading, wrong } from '../../run/checkOptions.js';
import type { RedisSource } from '../connection/openRedis.js';
import type { BlobStore } from '../envelope/BlobStore.js';
import { HOW_TO_MAKE_A_KEY, SigningKey } from '../envelope/SigningKey.js';
import { poolNameFault } from '../poolName.js';
import type { HealthOptions } from './healthEndpoint.js';

export interface WorkerOptions {
  /** Where Redis is, 6.2 or newer. */
  readonly connection: RedisSource;
  /** The secret that jobs and results are signed with: the same for coordinators and workers. See `readKey`. */
  readonly key: SigningKey;
  /** What the names of keys begin with: the same for coordinators and workers. @default 'rxdag' */
  readonly prefix?: string;
  /** The pool whose jobs it takes, or several. */
  readonly pool: string | readonly string[];
  /** The actions that it has. */
  readonly actions: ActionRegistry | readonly NodeAction[];
  /** The names of the actions that it may call. @default all that it has */
  readonly allow?: readonly string[];
  /** How many jobs it runs at once, of each pool, from 1. @default as many as the machine can run at once */
  readonly concurrency?: number;
  /** What actions get as `ctx.appData`. */
  readonly appData?: unknown;
  /**
   * After how long without a sign of life (the event loop blocked, Redis out of reach) another worker may take what this one
   * runs, milliseconds from 500. What this one then still runs is aborted, and its result refused. @default 15,000
   */
  readonly lockDurationMs?: number;
  /** How often the queue is looked through for jobs without a sign of life, milliseconds from 100. @default 5,000 */
  readonly stalledIntervalMs?: number;
  /** How often a job may be taken over from a worker that died with it; then it is lost. @default 3 */
  readonly maxStalledCount?: number;
  /** How long `close` lets run what runs, milliseconds. @default 30,000 */
  readonly drainMs?: number;
  /** Answers `GET /health`. @default no such endpoint */
  readonly health?: HealthOptions;
  /** Where large outputs are kept. @default in Redis */
  readonly blobs?: BlobStore;
  /** Outputs of more JSON than about so many characters are kept there. @default 16,384 */
  readonly inlineMax?: number;
  /** A message with more bytes is refused unread. @default 2,000,000 */
  readonly messageBytesMax?: number;
  /** An input, item or output with more bytes of JSON is refused. @default 67,108,864 */
  readonly blobBytesMax?: number;
  /** How long large outputs are kept, milliseconds: longer than coordinators may be away. @default 2 hours */
  readonly resultTtlMs?: number;
}

/** Names keys, so it is short and plain. */
const PREFIX = /^[\w.:-]{1,100}$/;
const NUMBERS = {
  concurrency: Count,
  lockDurationMs: numberFrom(500, false, 86_400_000),
  stalledIntervalMs: numberFrom(100, false, 86_400_000),
  maxStalledCount: Whole,
  drainMs: Duration,
  inlineMax: Count,
  messageBytesMax: Count,
  blobBytesMax: Count,
  resultTtlMs: numberFrom(1_000, false, 1e12),
} as const;
const KEYS = [
  ...Object.keys(NUMBERS),
  'connection',
  'key',
  'prefix',
  'pool',
  'actions',
  'allow',
  'appData',
  'health',
  'blobs',
];

/** Throws a `DagError` for options that are out of range. */
export const checkWorkerOptions = (options: WorkerOptions): void =>
  reading(() => {
    checkKeys('The options of startWorker', options, KEYS);
    const { key, prefix, pool } = options;
    if (!(key instanceof SigningKey))
      wrong(
        `Remote jobs are signed: give startWorker a key, as readKey() reads it from RXDAG_KEY; ${HOW_TO_MAKE_A_KEY}.`,
      );
    if (prefix !== undefined && !(typeof prefix === 'string' && PREFIX.test(prefix)))
      wrong(`prefix is ${show(prefix)}; give 1 to 100 letters, digits or signs of _.:-`);
    const pools = typeof pool === 'string' ? [pool] : pool;
    if (!Array.isArray(pools) || pools.length === 0)
      wrong(`pool is ${show(pool)}; give the name of a pool, or several.`);
    for (const one of pools) {
      const fault = typeof one === 'string' ? poolNameFault(one) : `pool holds ${show(one)}, which is no name.`;
      if (fault !== undefined) wrong(fault);
    }
    for (const [name, codec] of Object.entries(NUMBERS)) {
      const value = options[name as keyof typeof NUMBERS];
      if (value !== undefined && !codec.is(value)) wrong(`${name} is ${show(value)}; give ${codec.name}.`);
    }
    checkAllowed(options);
  });

/** The registry of the actions that were given. */
export const registryOf = ({ actions }: Pick<WorkerOptions, 'actions'>): Pick<ActionRegistry, 'get' | 'list' | 'has'> =>
  Array.isArray(actions)
    ? new ActionRegistry().register(...(actions as readonly NodeAction[]))
    : (actions as ActionRegistry);

const checkAllowed = (options: WorkerOptions): void => {
  const registry = registryOf(options);
  if (typeof registry?.get !== 'function' || typeof registry.list !== 'function')
    wrong(`actions is ${show(options.actions)}; give a registry of actions, or a list of them.`);
  for (const name of options.allow ?? [])
    if (!registry.has(name)) wrong(`allow names ${show(name)}, which is none of the worker's actions.`);
};
