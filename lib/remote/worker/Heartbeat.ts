import type { RedisClient } from '../connection/openRedis.js';
import type { Reach } from '../connection/Reach.js';
import { workerKey, workersKey, type WorkerRecord } from './WorkerRecord.js';

const BEAT_MS = 5_000;
const LIFE_S = 15;
/** Ids of workers that have told nothing for so long are forgotten, milliseconds. */
const FORGOTTEN_MS = 86_400_000;
/** How long a farewell may take, milliseconds. */
const FAREWELL_MS = 1_000;
const DOUBT_MS = 500;

/** Tells Redis every 5 s that a worker lives, for 15 s each time; and finds out whether Redis answers. */
export class Heartbeat {
  readonly #client: RedisClient;
  readonly #reach: Reach;
  readonly #prefix: string;
  readonly #record: () => WorkerRecord;
  readonly #timer: NodeJS.Timeout;
  #isBeating = false;
  #doubting: NodeJS.Timeout | undefined;

  constructor(client: RedisClient, reach: Reach, prefix: string, record: () => WorkerRecord) {
    this.#client = client;
    this.#reach = reach;
    this.#prefix = prefix;
    this.#record = record;
    this.#timer = setInterval(() => this.beat(), BEAT_MS);
    client.on('ready', this.beat);
    if (client.status === 'ready') this.beat();
  }

  readonly beat = (): void => {
    if (this.#client.status !== 'ready') return;
    if (this.#isBeating) return this.#doubt();
    this.#isBeating = true;
    const ended = (): void => {
      this.#isBeating = false;
      clearTimeout(this.#doubting);
    };
    this.#write().then(() => {
      ended();
      this.#reach.back(this.#client);
    }, ended);
  };

  /** Takes the record away. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#doubting);
    this.#client.off('ready', this.beat);
    if (this.#client.status !== 'ready') return;
    const { id } = this.#record();
    const gone = Promise.all([
      this.#client.del(workerKey(id, this.#prefix)),
      this.#client.zrem(workersKey(this.#prefix), id),
    ]).catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([gone, new Promise((late) => (timer = setTimeout(late, FAREWELL_MS)))]);
    clearTimeout(timer);
  }

  /** An answer may be there unread, where the event loop has stood still. */
  #doubt(): void {
    clearTimeout(this.#doubting);
    this.#doubting = setTimeout(() => this.#reach.lost(this.#client, 'it does not answer'), DOUBT_MS);
  }

  async #write(): Promise<void> {
    const record = this.#record();
    const workers = workersKey(this.#prefix);
    const now = Date.now();
    await Promise.all([
      this.#client.set(workerKey(record.id, this.#prefix), JSON.stringify(record), 'EX', LIFE_S),
      this.#client.zadd(workers, now, record.id),
      this.#client.zremrangebyscore(workers, '-inf', now - FORGOTTEN_MS),
    ]);
  }
}
