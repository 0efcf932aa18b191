import { Fault } from '../Fault.js';
import type { SqliteDatabase } from './SqliteDatabase.js';

/** Marks a file as ours: 'RXDG'. */
const APPLICATION_ID = 0x52584447;

/** Each brings a file from the version before it to its own; none is ever changed once it was released. */
const migrations: readonly string[] = [
  `CREATE TABLE runs (
     id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, dag_name TEXT NOT NULL, status TEXT NOT NULL,
     started_at REAL NOT NULL, ended_at REAL, seq INTEGER NOT NULL, epoch INTEGER NOT NULL,
     owner TEXT, owner_pid INTEGER, owner_started_at REAL, answered TEXT NOT NULL, sum INTEGER NOT NULL
   );
   CREATE TABLE log (
     place INTEGER PRIMARY KEY, count INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   );
   CREATE TABLE contents (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;`,
  `CREATE TABLE frames (place INTEGER PRIMARY KEY, body BLOB NOT NULL, sum INTEGER NOT NULL);`,
  `CREATE TABLE results (
     id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, at REAL NOT NULL, used_at REAL NOT NULL,
     body TEXT, content TEXT, sum INTEGER NOT NULL
   );
   CREATE INDEX results_by_use ON results (used_at);
   CREATE TABLE caches (
     id INTEGER PRIMARY KEY, owner TEXT NOT NULL UNIQUE, version TEXT NOT NULL, saved_at REAL NOT NULL,
     count INTEGER NOT NULL, sum INTEGER NOT NULL
   );
   CREATE TABLE artifacts (
     id INTEGER PRIMARY KEY, cache INTEGER NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL,
     body TEXT, content TEXT, sum INTEGER NOT NULL, UNIQUE (cache, namespace, key)
   );`,
  // The id of a removed run is never given again: whoever still believes to own it must not write another's.
  `CREATE TABLE runs_numbered (
     id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, dag_name TEXT NOT NULL, status TEXT NOT NULL,
     started_at REAL NOT NULL, ended_at REAL, seq INTEGER NOT NULL, epoch INTEGER NOT NULL,
     owner TEXT, owner_pid INTEGER, owner_started_at REAL, answered TEXT NOT NULL, sum INTEGER NOT NULL
   );
   INSERT INTO runs_numbered SELECT * FROM runs;
   DROP TABLE runs;
   ALTER TABLE runs_numbered RENAME TO runs;`,
  // From here on rows of the log hold short forms, too; those from before are read as they are.
  '',
];

export const SCHEMA_VERSION = migrations.length;

/** Makes a new file ours, brings an old one of ours up to date, and refuses any other. */
export const migrate = (database: SqliteDatabase, file: string): void => {
  const read = (name: string): number => {
    const row = database.prepare(`PRAGMA ${name}`).get() as Readonly<Record<string, unknown>> | undefined;
    return Number(row?.[name] ?? 0);
  };
  if (isCurrent(read)) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const id = read('application_id');
    const version = read('user_version');
    if (id !== APPLICATION_ID) {
      const { n } = database.prepare('SELECT count(*) AS n FROM sqlite_master').get() as { readonly n: number };
      if (id !== 0 || version !== 0 || n > 0)
        throw new Fault('ForeignFile', `The file ${file} is a database of another program; name another file.`);
    }
    if (version > SCHEMA_VERSION)
      throw new Fault(
        'NewerFormat',
        `The file ${file} has format ${version}; this version of rxdag reads up to ${SCHEMA_VERSION}, so use a newer one.`,
      );
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
};

const isCurrent = (read: (name: string) => number): boolean =>
  read('application_id') === APPLICATION_ID && read('user_version') === SCHEMA_VERSION;
