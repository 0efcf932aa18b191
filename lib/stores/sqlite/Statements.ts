import { show } from '../../model/explain.js';
import { Fault } from '../Fault.js';
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './SqliteDatabase.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface BlobRow {
  readonly place: number;
  readonly body: Uint8Array;
  readonly sum: number;
}

/** Runs statements, each prepared once, and gives rows in types that are the same with every driver. */
export class Statements {
  readonly #database: SqliteDatabase;
  readonly #file: string;
  readonly #prepared = new Map<string, SqliteStatement>();

  constructor(database: SqliteDatabase, file: string) {
    this.#database = database;
    this.#file = file;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** All or nothing. */
  within<A>(work: () => A): A {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  /** Everything is read as it was at one moment, whoever writes meanwhile. */
  reading<A>(work: () => A): A {
    this.#database.exec('BEGIN');
    try {
      return work();
    } finally {
      this.#rollback();
    }
  }

  /** Gives the number of rows that it has changed. */
  run(sql: string, ...values: readonly SqliteValue[]): number {
    const { changes } = this.#statement(sql).run(...bound(values)) as { readonly changes: number | bigint };
    return Number(changes);
  }

  all<Row>(sql: string, ...values: readonly SqliteValue[]): readonly Row[] {
    return this.#statement(sql)
      .all(...bound(values))
      .map((row) => this.#texts(row as object)) as unknown as readonly Row[];
  }

  /** Rows with bytes in them, which stay bytes. */
  blobs(sql: string, ...values: readonly SqliteValue[]): readonly BlobRow[] {
    return (this.#statement(sql).all(...bound(values)) as readonly BlobRow[]).map(({ place, body, sum }) => ({
      place,
      sum,
      body: ArrayBuffer.isView(body) ? body : new Uint8Array(body),
    }));
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #rollback(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // A full disk or a damaged file has rolled it back already; what went wrong first is what tells.
    }
  }

  /** Texts come as bytes: one driver ends the process for a text that is no longer UTF-8. */
  #texts(row: object): object {
    const texts: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(row))
      try {
        texts[key] = value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? decoder.decode(value) : value;
      } catch {
        throw new Fault('JournalCorrupt', `The file ${this.#file} is damaged: it holds what is no text.`);
      }
    return texts;
  }

  #statement(sql: string): SqliteStatement {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

/** Refuses what would end the process in a driver, or be put down as NULL. */
const bound = (values: readonly SqliteValue[]): readonly SqliteValue[] => {
  for (const value of values)
    if (!(typeof value === 'string' || Number.isFinite(value) || value === null || Buffer.isBuffer(value)))
      throw new TypeError(`${show(value)} is no text, number or bytes, and can't be kept.`);
  return values;
};
