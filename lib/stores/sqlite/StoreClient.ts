import type { SqliteLog } from './SqliteLog.js';

export type Methods = Omit<SqliteLog, 'close'> & { close(): void };
export type Result<K extends keyof Methods> = ReturnType<Methods[K]>;

/** A log behind promises; calls are done in order, and reject with a `Fault`. */
export interface StoreClient {
  call<K extends keyof Methods>(method: K, ...args: Parameters<Methods[K]>): Promise<Result<K>>;
  close(): Promise<void>;
}
