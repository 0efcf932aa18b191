import { randomUUID } from 'node:crypto';
import type { ContentTable, KeptText } from './ContentTable.js';
import { Fault } from '../Fault.js';
import { sumOf } from './records.js';
import type { Statements } from './Statements.js';

/** A value of a cache; all of it is JSON text, which no driver alters. Without a text it was cleared. */
export interface Artifact {
  readonly namespace: string;
  readonly key: string;
  readonly text: string | undefined;
}

/** All values of a cache, as one save or several have left them. */
export interface SavedArtifacts {
  readonly version: string;
  readonly artifacts: readonly Artifact[];
}

interface CacheRow {
  readonly id: number;
  readonly owner: string;
  readonly version: string;
  readonly saved_at: number;
  readonly count: number;
  readonly sum: number;
}

const CACHE_COLUMNS = `CAST(id AS REAL) AS id, CAST(owner AS BLOB) AS owner, CAST(version AS BLOB) AS version,
  CAST(saved_at AS REAL) AS saved_at, CAST(count AS REAL) AS count, CAST(sum AS REAL) AS sum`;

/** The values of caches by owner. Every method is one transaction. */
export class ArtifactTable {
  readonly #sql: Statements;
  readonly #contents: ContentTable;
  readonly #file: string;

  constructor(sql: Statements, contents: ContentTable, file: string) {
    this.#sql = sql;
    this.#contents = contents;
    this.#file = file;
  }

  /** Puts these in place of all that was there. Gives the version that this makes. */
  save(owner: string, artifacts: readonly Artifact[]): string {
    return this.#sql.within(() => {
      this.#sql.run('DELETE FROM artifacts WHERE cache IN (SELECT id FROM caches WHERE owner = ?)', owner);
      this.#sql.run(
        `INSERT INTO caches (owner, version, saved_at, count, sum) VALUES (?, '?', 0, 0, 0) ON CONFLICT (owner) DO NOTHING`,
        owner,
      );
      const { id } = this.#row(owner)!;
      for (const artifact of artifacts) this.#insert(id, owner, artifact);
      return this.#seal(id, owner, artifacts.length);
    });
  }

  /** Writes these, if what is there is still of that version; else undefined, and nothing is written. */
  change(owner: string, version: string, artifacts: readonly Artifact[]): string | undefined {
    return this.#sql.within(() => {
      const row = this.#row(owner);
      if (row?.version !== version || !isSound(row)) return undefined;
      let count = row.count;
      for (const artifact of artifacts)
        if (artifact.text === undefined) count -= this.#delete(row.id, artifact);
        else if (!this.#update(row.id, owner, artifact)) {
          this.#insert(row.id, owner, artifact);
          count++;
        }
      return this.#seal(row.id, owner, count);
    });
  }

  /** Throws a `Fault` if anything of it is damaged. */
  load(owner: string): SavedArtifacts | undefined {
    return this.#sql.reading(() => {
      const row = this.#row(owner);
      if (row === undefined) return undefined;
      const damaged = new Fault(
        'JournalCorrupt',
        `The file ${this.#file} is damaged in the saved cache of ${row.owner}.`,
      );
      if (!isSound(row)) throw damaged;
      const rows = this.#sql.all<KeptText & { readonly namespace: string; readonly key: string; readonly sum: number }>(
        `SELECT CAST(namespace AS BLOB) AS namespace, CAST(key AS BLOB) AS key, CAST(body AS BLOB) AS body,
           CAST(content AS BLOB) AS content, CAST(sum AS REAL) AS sum
         FROM artifacts WHERE artifacts.cache = ? ORDER BY artifacts.id`,
        row.id,
      );
      const artifacts = rows.map(({ namespace, key, body, content, sum }) => {
        const text = this.#contents.textOf({ body, content });
        if (text === undefined || sum !== sumOf(owner, namespace, key, body, content)) throw damaged;
        return { namespace, key, text };
      });
      if (artifacts.length !== row.count) throw damaged;
      return { version: row.version, artifacts };
    });
  }

  remove(owner: string): void {
    this.#sql.within(() => {
      this.#sql.run('DELETE FROM artifacts WHERE cache IN (SELECT id FROM caches WHERE owner = ?)', owner);
      this.#sql.run('DELETE FROM caches WHERE owner = ?', owner);
    });
  }

  /** In the order of their last saves. */
  list(): readonly Pick<CacheRow, 'owner' | 'saved_at' | 'count'>[] {
    return this.#sql.all<CacheRow>(`SELECT ${CACHE_COLUMNS} FROM caches ORDER BY caches.saved_at, caches.id`);
  }

  #row(owner: string): CacheRow | undefined {
    return this.#sql.all<CacheRow>(`SELECT ${CACHE_COLUMNS} FROM caches WHERE caches.owner = ?`, owner)[0];
  }

  #insert(id: number, owner: string, { namespace, key, text }: Artifact): void {
    const { body, content } = this.#contents.put(text!);
    this.#sql.run(
      'INSERT INTO artifacts (cache, namespace, key, body, content, sum) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      namespace,
      key,
      body,
      content,
      sumOf(owner, namespace, key, body, content),
    );
  }

  #update(id: number, owner: string, { namespace, key, text }: Artifact): boolean {
    const { body, content } = this.#contents.put(text!);
    const changes = this.#sql.run(
      'UPDATE artifacts SET body = ?, content = ?, sum = ? WHERE cache = ? AND namespace = ? AND key = ?',
      body,
      content,
      sumOf(owner, namespace, key, body, content),
      id,
      namespace,
      key,
    );
    return changes > 0;
  }

  #delete(id: number, { namespace, key }: Artifact): number {
    return this.#sql.run('DELETE FROM artifacts WHERE cache = ? AND namespace = ? AND key = ?', id, namespace, key);
  }

  /** Ends a save: the version is a new one, whoever wrote the one before. */
  #seal(id: number, owner: string, count: number): string {
    const version = randomUUID();
    const savedAt = Date.now();
    this.#sql.run(
      'UPDATE caches SET version = ?, saved_at = ?, count = ?, sum = ? WHERE id = ?',
      version,
      savedAt,
      count,
      sumOf(owner, version, savedAt, count),
      id,
    );
    return version;
  }
}

const isSound = ({ owner, version, saved_at: savedAt, count, sum }: CacheRow): boolean =>
  sum === sumOf(owner, version, savedAt, count);
