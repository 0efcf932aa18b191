import { show } from '../../model/explain.js';
import { Count, DURATION_MS_MAX, numberFrom } from '../../model/strict.js';
import { checkKeys, reading, wrong } from '../../run/checkOptions.js';
import type { RedisSource } from '../connection/openRedis.js';
import type { ReachChange } from '../connection/Reach.js';
import type { BlobStore } from '../envelope/BlobStore.js';
import type { EnvelopeFault } from '../envelope/EnvelopeFault.js';
import { HOW_TO_MAKE_A_KEY, SigningKey } from '../envelope/SigningKey.js';

export interface BullmqEngineOptions {
  /** Where Redis is, 6.2 or newer. */
  readonly connection: RedisSource;
  /** The secret that jobs and results are signed with: the same for coordinators and workers. See `readKey`. */
  readonly key: SigningKey;
  /** What the names of keys begin with: the same for coordinators and workers. @default 'rxdag' */
  readonly prefix?: string;
  /** For how long workers may take a job, milliseconds from 1,000; later it is lost. @default 24 hours */
  readonly jobTtlMs?: number;
  /**
   * For how long what has ended is remembered, milliseconds from 1,000: longer than any outage of coordinators, or what
   * ended meanwhile is run again. @default 1 hour
   */
  readonly retentionMs?: number;
  /** After how long without an answer of Redis a call rejects, milliseconds from 100. @default 10 seconds */
  readonly timeoutMs?: number;
  /** Where large inputs and outputs are kept. @default in Redis, until nobody can want them any more */
  readonly blobs?: BlobStore;
  /** Inputs and items of more JSON than about so many characters are kept there. @default 65,536 */
  readonly inlineMax?: number;
  /** A message with more bytes is refused unread. @default 2,000,000 */
  readonly messageBytesMax?: number;
  /** An input, item or output with more bytes of JSON is refused. @default 67,108,864 */
  readonly blobBytesMax?: number;
  /** Told of each message that was not taken, and changed nothing: somebody else writes to this Redis, or another key is in use. */
  readonly onFault?: (fault: EnvelopeFault & { readonly jobId: string }) => void;
  /** Told when Redis can't be reached any more, and when it can again. */
  readonly onReach?: (change: ReachChange) => void;
}

/** Names keys, so it is short and plain. */
const PREFIX = /^[\w.:-]{1,100}$/;
const TTL = numberFrom(1_000, false, 1e12);
const TIMEOUT = numberFrom(100, false, DURATION_MS_MAX);
const NUMBERS = {
  jobTtlMs: TTL,
  retentionMs: TTL,
  timeoutMs: TIMEOUT,
  inlineMax: Count,
  messageBytesMax: Count,
  blobBytesMax: Count,
} as const;
const KEYS = [...Object.keys(NUMBERS), 'connection', 'key', 'prefix', 'blobs', 'onFault', 'onReach'];

/** Throws a `DagError` for options that are out of range. */
export const checkBullmqOptions = (options: BullmqEngineOptions): void =>
  reading(() => {
    checkKeys('The options of bullmqEngine', options, KEYS);
    const { key, prefix } = options;
    if (!(key instanceof SigningKey))
      wrong(
        `Remote jobs are signed: give bullmqEngine a key, as readKey() reads it from RXDAG_KEY; ${HOW_TO_MAKE_A_KEY}.`,
      );
    if (prefix !== undefined && !(typeof prefix === 'string' && PREFIX.test(prefix)))
      wrong(`prefix is ${show(prefix)}; give 1 to 100 letters, digits or signs of _.:-`);
    for (const [name, codec] of Object.entries(NUMBERS)) {
      const value = options[name as keyof typeof NUMBERS];
      if (value !== undefined && !codec.is(value)) wrong(`${name} is ${show(value)}; give ${codec.name}.`);
    }
  });
