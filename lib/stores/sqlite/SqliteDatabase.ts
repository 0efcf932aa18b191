/** What this store needs of a database: `node:sqlite`, better-sqlite3 and libsql all have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

export interface SqliteStatement {
  run(...values: readonly SqliteValue[]): unknown;
  get(...values: readonly SqliteValue[]): unknown;
  all(...values: readonly SqliteValue[]): readonly unknown[];
}

/** Nothing else reaches a driver: one of them ends the process for a boolean or a Date. */
export type SqliteValue = string | number | null | Buffer;
