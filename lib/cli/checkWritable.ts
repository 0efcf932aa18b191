import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../model/printable.js';
import { isWritable } from '../stores/sqlite/isWritable.js';
import { UsageError } from './UsageError.js';

/** Throws a `UsageError` for a database that can't be written: for its file, its journal or its folder. */
export const checkWritable = (db: string): void => {
  const file = existsSync(db) ? realpathSync(db) : db;
  for (const path of [file, `${file}-wal`, `${file}-shm`, dirname(file)])
    if (existsSync(path) && !isWritable(path))
      throw new UsageError(
        `The database ${printable(db)} can't be written: ${printable(path)} is read-only; make it writable, or name another database.`,
      );
};
