import { faultOf } from './faultOf.js';
import { SqliteLog } from './SqliteLog.js';
import type { Arguments, Result, StoreClient } from './StoreClient.js';
import { ThreadClient } from './ThreadClient.js';

/** After so many appends what they wrote is moved from the journal into the file. */
const CHECKPOINT_APPENDS = 1_000;

/**
 * Calls a log in this thread. An append then writes into the system's memory and waits for no disk: all that does, moving
 * the journal into the file, is left to a thread.
 */
export class DirectClient implements StoreClient<SqliteLog> {
  readonly #file: string;
  readonly #thread: ThreadClient<SqliteLog> | undefined;
  #log: SqliteLog | undefined;
  #appends = 0;

  constructor(file: string) {
    this.#file = file;
    this.#thread = file === ':memory:' ? undefined : new ThreadClient({ file, durability: 'process', serves: 'log' });
  }

  call<K extends keyof SqliteLog>(method: K, ...args: Arguments<SqliteLog, K>): Promise<Result<SqliteLog, K>> {
    try {
      this.#log ??= new SqliteLog(this.#file, 'process', false);
      const value = (this.#log[method] as (...args: readonly unknown[]) => Result<SqliteLog, K>)(...args);
      if (method === 'append' && ++this.#appends % CHECKPOINT_APPENDS === 0)
        this.#thread?.call('checkpoint').catch(() => undefined); // the next one moves more
      return Promise.resolve(value);
    } catch (error) {
      return Promise.reject(faultOf(error, this.#file));
    } finally {
      if (this.#log?.isFixed() === true) this.#letGo();
    }
  }

  async close(): Promise<void> {
    await this.#thread?.close();
    this.#letGo();
  }

  #letGo(): void {
    this.#log?.close();
    this.#log = undefined;
  }
}
