import { existsSync, rmSync } from 'node:fs';
import { openDatabase } from './openDatabase.js';
import type { SqliteDatabase } from './SqliteDatabase.js';

/**
 * Says that a run has a living owner: an exclusive transaction on a file beside the database, which the operating system
 * ends with the process, however that ends.
 */
export class OwnerLock {
  readonly #database: SqliteDatabase;
  readonly #path: string;

  private constructor(database: SqliteDatabase, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** Undefined while another process, or another store of this one, holds it. */
  static take(path: string): OwnerLock | undefined {
    const database = openDatabase(path);
    try {
      database.exec('PRAGMA busy_timeout = 0');
      database.exec('BEGIN EXCLUSIVE');
      return new OwnerLock(database, path);
    } catch (error) {
      database.close();
      if (/busy|locked/i.test(String((error as { message?: unknown }).message))) return undefined;
      throw error;
    }
  }

  /** Tells whether somebody holds it, without taking it for longer than a moment. */
  static isHeld(path: string): boolean {
    if (!existsSync(path)) return false;
    const lock = OwnerLock.take(path);
    lock?.release();
    return lock === undefined;
  }

  release(): void {
    this.#database.close();
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // In a folder that can't be written it stays, as after a crash.
    }
  }
}
