import type { Queue } from 'bullmq';
import { loadBullmq } from '../connection/loadBullmq.js';
import type { RedisClient } from '../connection/openRedis.js';
import type { Envelope } from '../envelope/seal.js';
import { endOf, EventTail, type StreamEntry } from './EventTail.js';
import { jobStates, type JobState } from './jobStates.js';
import { ready, timely } from './timely.js';

export interface LaneOptions {
  readonly pool: string;
  /** For commands: shared by all pools. */
  readonly client: RedisClient;
  /** Makes a client for events. */
  readonly open: () => RedisClient;
  readonly queuePrefix: string;
  readonly timeoutMs: number;
  /** Longer return values are not looked at. */
  readonly valueBytesMax: number;
  /** Hears what happens in the queue; must not reject. */
  readonly hear: (lane: Lane, entries: readonly StreamEntry[]) => Promise<void>;
}

/** The queue of one pool, and what happens in it. */
export class Lane {
  readonly queue: Queue<Envelope>;
  readonly #options: LaneOptions;
  readonly #tail: EventTail;

  private constructor(queue: Queue<Envelope>, reader: RedisClient, from: string, options: LaneOptions) {
    this.queue = queue;
    this.#options = options;
    this.#tail = new EventTail(reader, queue.keys['events']!, from, (entries) => options.hear(this, entries));
  }

  /** Once it is open, no event is missed. Rejects where Redis can't be reached. */
  static async open(options: LaneOptions): Promise<Lane> {
    const { pool, client, open, queuePrefix: prefix, timeoutMs } = options;
    const { Queue } = loadBullmq();
    const queue = new Queue<Envelope>(pool, { connection: client, prefix, skipVersionCheck: true });
    queue.on('error', () => undefined);
    const reader = open();
    try {
      await Promise.all([ready(reader, timeoutMs), timely(queue.waitUntilReady(), timeoutMs)]);
      return new Lane(queue, reader, await timely(endOf(reader, queue.keys['events']!), timeoutMs), options);
    } catch (error) {
      reader.disconnect();
      queue.close().catch(() => undefined);
      throw error;
    }
  }

  states(ids: readonly string[]): Promise<readonly JobState[]> {
    const { client, timeoutMs, valueBytesMax } = this.#options;
    return timely(jobStates(client, this.queue.toKey, ids, valueBytesMax), timeoutMs);
  }

  close(): void {
    this.#tail.close();
    this.queue.close().catch(() => undefined);
  }
}
