import { openDatabase } from './openDatabase.js';
import { migrate } from './schema.js';
import type { SqliteDatabase } from './SqliteDatabase.js';

/** What a committed transaction survives: the end of the process, or also a power cut. */
export type Durability = 'process' | 'power';

/** So long a statement waits for another writer, in milliseconds. */
const BUSY_MS = 20;

/** Opens or makes a file of ours, with its present schema. Throws a `Fault` or a driver's error. */
export const openOwn = (file: string, durability: Durability, checkpoints: boolean): SqliteDatabase => {
  const database = openDatabase(file);
  try {
    // The waiting time comes first: changing the journal's mode needs a lock itself.
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`);
    if (!checkpoints) database.exec('PRAGMA wal_autocheckpoint = 0');
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
