import type { ContentTable, KeptText } from './ContentTable.js';
import { Fault } from '../Fault.js';
import { hashOf, sumOf } from './records.js';
import type { Statements } from './Statements.js';

/** An output's JSON, and since when it is kept, epoch milliseconds. */
export interface KeptResult {
  readonly text: string;
  readonly at: number;
}

/** Results above the limit are dropped so many at a time, and looked for as often. */
const BATCH_MAX = 256;
/** As many as these may be added before the table is counted again. */
const UNCOUNTED_MAX = 10_000;
/** After a write that had to wait in vain none is tried for so long, so that waiting never takes much of a program's time. */
const LOCKED_MS = 100;

/** Results by the hash of their keys; those that were not used for longest go first. */
export class ResultTable {
  readonly #sql: Statements;
  readonly #contents: ContentTable;
  readonly #maxResults: number;
  readonly #batch: number;
  /** How many may be added before they are counted again. */
  #uncounted = 0;
  #lastUse = 0;
  #lockedUntil = -Infinity;

  constructor(sql: Statements, contents: ContentTable, maxResults: number) {
    this.#sql = sql;
    this.#contents = contents;
    this.#maxResults = maxResults;
    this.#batch = Math.min(BATCH_MAX, Math.max(1, Math.floor(maxResults / 16)));
  }

  /** Undefined also for what is damaged. */
  get(key: string): KeptResult | undefined {
    const hash = nameOf(key);
    const [row] = this.#sql.all<KeptText & { readonly at: number; readonly sum: number }>(
      `SELECT CAST(at AS REAL) AS at, CAST(body AS BLOB) AS body, CAST(content AS BLOB) AS content, CAST(sum AS REAL) AS sum
       FROM results WHERE results.hash = ?`,
      hash,
    );
    if (row === undefined || row.sum !== sumOf(hash, row.at, row.body, row.content)) return undefined;
    const text = this.#contents.textOf(row);
    if (text === undefined) return undefined;
    try {
      this.#write(() => this.#sql.run('UPDATE results SET used_at = ? WHERE hash = ?', this.#use(), hash));
    } catch {
      // It was found all the same; only its place in the order of use is older than it should be.
    }
    return { text, at: row.at };
  }

  set(key: string, text: string, at: number): void {
    const hash = nameOf(key);
    this.#write(() => {
      const { body, content } = this.#contents.put(text);
      const sum = sumOf(hash, at, body, content);
      const changed = this.#sql.run(
        'UPDATE results SET at = ?, used_at = ?, body = ?, content = ?, sum = ? WHERE hash = ?',
        at,
        this.#use(),
        body,
        content,
        sum,
        hash,
      );
      if (changed > 0) return;
      this.#sql.run(
        'INSERT INTO results (hash, at, used_at, body, content, sum) VALUES (?, ?, ?, ?, ?, ?)',
        hash,
        at,
        this.#use(),
        body,
        content,
        sum,
      );
      if (--this.#uncounted <= 0) this.#limit();
    });
  }

  /** How many were not used since then, epoch milliseconds. */
  unusedSince(at: number): number {
    return this.#sql.all<{ readonly n: number }>(
      'SELECT CAST(count(*) AS REAL) AS n FROM results WHERE used_at < ?',
      at,
    )[0]!.n;
  }

  /** Gives how many it has removed. */
  removeUnused(since: number): number {
    return this.#sql.run('DELETE FROM results WHERE used_at < ?', since);
  }

  /** Drops what is too much, though never so much at once that it takes long. */
  #limit(): void {
    const [counted] = this.#sql.all<{ readonly n: number }>('SELECT CAST(count(*) AS REAL) AS n FROM results');
    const room = this.#maxResults - counted!.n;
    if (room < 0)
      this.#sql.run(
        'DELETE FROM results WHERE id IN (SELECT id FROM results ORDER BY used_at LIMIT ?)',
        Math.min(-room, 4 * this.#batch),
      );
    // Other processes add some, too: so it is counted again before there could be none left.
    this.#uncounted = Math.min(UNCOUNTED_MAX, Math.max(this.#batch, Math.floor(room / 2)));
  }

  /** The time, though never the same twice: several uses in a millisecond have an order. */
  #use(): number {
    return (this.#lastUse = Math.max(Date.now(), this.#lastUse + 0.001));
  }

  #write(work: () => void): void {
    if (performance.now() < this.#lockedUntil)
      throw new Fault('StoreUnavailable', 'The file of results was locked a moment ago.');
    try {
      this.#sql.within(work);
    } catch (error) {
      this.#lockedUntil = performance.now() + LOCKED_MS;
      throw error;
    }
  }
}

/** Of a key that is no well-formed Unicode bytes can't be made without confusing it with others; of its JSON they can. */
const nameOf = (key: string): string => hashOf(/\p{Surrogate}/u.test(key) ? JSON.stringify(key) : key);
