import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Fault } from '../Fault.js';
import { faultOf } from './faultOf.js';
import { isWritable } from './isWritable.js';
import { openDatabase } from './openDatabase.js';
import { migrate } from './schema.js';
import type { SqliteDatabase } from './SqliteDatabase.js';

/** What a committed transaction survives: the end of the process, or also a power cut. */
export type Durability = 'process' | 'power';

/** A database, and whether it could not be written when it was opened, and stays so: then it is let go of after each call. */
export interface OwnDatabase {
  readonly database: SqliteDatabase;
  readonly isFixed: boolean;
}

/** So long a statement waits for another writer, in milliseconds. */
const BUSY_MS = 20;

/** Opens or makes a file of ours, with its present schema; one in a read-only folder to be read. Throws a `Fault` or a driver's error. */
export const openOwn = (file: string, durability: Durability, checkpoints: boolean): OwnDatabase => {
  try {
    const database = opened(file, file, [
      // The waiting time comes first: changing the journal's mode needs a lock itself.
      `PRAGMA busy_timeout = ${BUSY_MS}`,
      'PRAGMA journal_mode = WAL',
      `PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`,
      ...(checkpoints ? [] : ['PRAGMA wal_autocheckpoint = 0']),
    ]);
    return { database, isFixed: file !== ':memory:' && !isWritable(file) };
  } catch (error) {
    if (!isUnavailable(error, file) || !isInFixedFolder(file)) throw error;
    return { database: openFixed(file), isFixed: true };
  }
};

const opened = (file: string, name: string, pragmas: readonly string[]): SqliteDatabase => {
  const database = openDatabase(name);
  try {
    for (const pragma of pragmas) database.exec(pragma);
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** SQLite makes files beside a database even to read it, unless nothing is in its journal and it is said not to change. */
const openFixed = (file: string): SqliteDatabase => {
  const unreadable = new Fault(
    'StoreUnavailable',
    `The folder ${dirname(file)} can't be written, and SQLite needs that even to read; copy the database elsewhere, with the -wal beside it if there is one.`,
  );
  const journal = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (!existsSync(file) || (journal?.size ?? 0) > 0) throw unreadable;
  try {
    return opened(file, `${pathToFileURL(file).href}?immutable=1`, []);
  } catch (error) {
    const fault = faultOf(error, file);
    throw fault instanceof Fault && fault.type !== 'StoreUnavailable' ? fault : unreadable; // not every driver can be told
  }
};

const isUnavailable = (error: unknown, file: string): boolean => {
  const fault = faultOf(error, file);
  return fault instanceof Fault && fault.type === 'StoreUnavailable';
};

const isInFixedFolder = (file: string): boolean => existsSync(dirname(file)) && !isWritable(dirname(file));
