import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../model/printable.js';
import type { EventStore } from '../index.js';
import { checkWritable } from './checkWritable.js';
import { closedAtEnd } from './closedAtEnd.js';
import { openRedisRuns } from './openRedisRuns.js';
import { UsageError } from './UsageError.js';

/** Where runs are kept: a file, or a Redis. */
export interface KeptRuns extends EventStore {
  close(): Promise<void>;
}

/** Whether a database is a Redis, not a file. */
export const isRedis = (db: string): boolean => /^rediss?:/i.test(db);

/** Whether a file is there of which a database may be made, but none has been yet. */
export const isBlank = (db: string): boolean => statSync(db, { throwIfNoEntry: false })?.size === 0;

/**
 * Opens a database of runs. Throws a `UsageError` for what is none, is not there unless it may be made, or can't be written
 * where it is to be: a run would wait for that as long as it lasts.
 */
export const openStore = async (db: string, { create = false, writes = false } = {}): Promise<KeptRuns> => {
  if (db === '') throw new UsageError('The name of the database is empty; give --db a file.');
  if (isRedis(db)) return opened(await openRedisRuns(db));
  if (!create && !existsSync(db))
    throw new UsageError(`There is no database ${printable(db)}; rxdag run --db makes one.`);
  if (create && !existsSync(dirname(db)))
    throw new UsageError(
      `There is no folder ${printable(dirname(db))} for the database ${printable(db)}; make it first.`,
    );
  if (existsSync(db) && statSync(db).isDirectory())
    throw new UsageError(`The database ${printable(db)} is a folder; name a file in it.`);
  if (!create && isBlank(db))
    throw new UsageError(`The file ${printable(db)} is empty, and no database yet; rxdag run --db makes one of it.`);
  if (create || writes) checkWritable(db);
  const { sqliteStore } = await import('../stores/sqlite/index.js');
  return opened(sqliteStore(db), db);
};

/** Throws a `UsageError` for a store that can't be read; from then on it is closed at the end of the process. */
const opened = async (store: KeptRuns, db?: string): Promise<KeptRuns> => {
  closedAtEnd(store);
  let answer: Awaited<ReturnType<ReturnType<typeof store.runs>>>;
  try {
    answer = await store.runs({ runId: '' })(); // reads no run: another one may be damaged
  } catch (error) {
    const what = db === undefined ? 'The runs' : `The database ${printable(db)}`;
    throw new UsageError(`${what} can't be opened: ${printable((error as Error).message)}`);
  }
  if (answer._tag === 'Left') throw new UsageError(answer.left.message);
  return store;
};
