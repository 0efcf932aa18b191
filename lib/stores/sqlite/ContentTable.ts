import { CONTENT_MIN, contentsIn, hashOf, isContent, type Content } from './records.js';
import type { Statements } from './Statements.js';

/** A text as a row holds it: in it, or by its hash among the contents. */
export interface KeptText {
  readonly body: string | null;
  readonly content: string | null;
}

/** Rows that are looked at together. */
const PAGE_ROWS = 100;

/** Large texts, kept once by their content for logs, results and artifacts. */
export class ContentTable {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** Puts a large text beside the row that has it. One that was damaged there is mended. */
  put(text: string): KeptText {
    if (text.length <= CONTENT_MIN) return { body: text, content: null };
    const hash = hashOf(text);
    this.add({ hash, body: text });
    return { body: null, content: hash };
  }

  /** Keeps a content once. One that was damaged is mended. */
  add({ hash, body }: Content): void {
    this.#sql.run(
      'INSERT INTO contents (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET body = excluded.body WHERE contents.body <> excluded.body',
      hash,
      body,
    );
  }

  /** What is kept under a hash, damaged or not. */
  find(hash: string): Content | undefined {
    return this.#sql.all<Content>(
      'SELECT CAST(hash AS BLOB) AS hash, CAST(body AS BLOB) AS body FROM contents WHERE contents.hash = ?',
      hash,
    )[0];
  }

  /** The text again; undefined if it is damaged or gone. */
  textOf({ body, content }: KeptText): string | undefined {
    if (content === null) return body ?? undefined;
    const found = this.find(content);
    return found !== undefined && isContent(found) ? found.body : undefined;
  }

  /** Those that no log, result or artifact refers to. Reads all logs that may refer to some. */
  unused(): readonly string[] {
    const candidates = this.#sql.all<{ readonly hash: string }>(
      `SELECT CAST(hash AS BLOB) AS hash FROM contents WHERE contents.hash NOT IN (
         SELECT content FROM results WHERE content IS NOT NULL
         UNION SELECT content FROM artifacts WHERE content IS NOT NULL)`,
    );
    const unused = new Set(candidates.map(({ hash }) => hash));
    let last = 0;
    while (unused.size > 0) {
      const rows = this.#sql.all<{ readonly place: number; readonly body: string }>(
        `SELECT CAST(place AS REAL) AS place, CAST(body AS BLOB) AS body FROM log
         WHERE log.place > ? AND instr(log.body, '"content":"') > 0 ORDER BY log.place LIMIT ${PAGE_ROWS}`,
        last,
      );
      for (const { body } of rows) for (const hash of contentsIn(body)) unused.delete(hash);
      if (rows.length < PAGE_ROWS) break;
      last = rows.at(-1)!.place;
    }
    return [...unused];
  }

  remove(hashes: readonly string[]): void {
    for (const hash of hashes) this.#sql.run('DELETE FROM contents WHERE hash = ?', hash);
  }
}
