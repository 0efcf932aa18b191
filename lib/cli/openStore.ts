import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../model/printable.js';
import type { SqliteStore } from '../stores/sqlite/index.js';
import { checkWritable } from './checkWritable.js';
import { closedAtEnd } from './closedAtEnd.js';
import { UsageError } from './UsageError.js';

/**
 * Opens a database of runs. Throws a `UsageError` for what is none, is not there unless it may be made, or can't be written
 * where it is to be: a run would wait for that as long as it lasts.
 */
export const openStore = async (db: string, { create = false, writes = false } = {}): Promise<SqliteStore> => {
  if (!create && !existsSync(db))
    throw new UsageError(`There is no database ${printable(db)}; rxdag run --db makes one.`);
  if (create && !existsSync(dirname(db)))
    throw new UsageError(
      `There is no folder ${printable(dirname(db))} for the database ${printable(db)}; make it first.`,
    );
  if (existsSync(db) && statSync(db).isDirectory())
    throw new UsageError(`The database ${printable(db)} is a folder; name a file in it.`);
  if (create || writes) checkWritable(db);
  const { sqliteStore } = await import('../stores/sqlite/index.js');
  const store = closedAtEnd(sqliteStore(db));
  let opened: Awaited<ReturnType<ReturnType<typeof store.runs>>>;
  try {
    opened = await store.runs({ runId: '' })(); // reads no run: another one may be damaged
  } catch (error) {
    throw new UsageError(`The database ${printable(db)} can't be opened: ${printable((error as Error).message)}`);
  }
  if (opened._tag === 'Left') throw new UsageError(opened.left.message);
  return store;
};
