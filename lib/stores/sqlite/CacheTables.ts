import { ArtifactTable, type Artifact, type SavedArtifacts } from './ArtifactTable.js';
import { ContentTable } from './ContentTable.js';
import { openOwn } from './openOwn.js';
import { ResultTable, type KeptResult } from './ResultTable.js';
import { Statements } from './Statements.js';

/** What a prune has removed, or would. */
export interface Pruned {
  readonly results: number;
  /** Large values that nothing refers to any more. */
  readonly contents: number;
}

/** All that a cache keeps in one SQLite file. Everything here is synchronous. */
export class CacheTables {
  readonly #isFixed: boolean;
  readonly #sql: Statements;
  readonly #contents: ContentTable;
  readonly #results: ResultTable;
  readonly #artifacts: ArtifactTable;

  /** Opens or makes the file. Throws a `Fault` or a driver's error. Without `checkpoints` somebody else calls `checkpoint`. */
  constructor(file: string, { maxResults = Infinity, checkpoints = true } = {}) {
    const { database, isFixed } = openOwn(file, 'process', checkpoints);
    this.#isFixed = isFixed;
    this.#sql = new Statements(database, file);
    this.#contents = new ContentTable(this.#sql);
    this.#results = new ResultTable(this.#sql, this.#contents, maxResults);
    this.#artifacts = new ArtifactTable(this.#sql, this.#contents, file);
  }

  get(key: string): KeptResult | undefined {
    return this.#results.get(key);
  }

  set(key: string, text: string, at: number): void {
    this.#results.set(key, text, at);
  }

  save(owner: string, artifacts: readonly Artifact[]): string {
    return this.#artifacts.save(owner, artifacts);
  }

  change(owner: string, version: string, artifacts: readonly Artifact[]): string | undefined {
    return this.#artifacts.change(owner, version, artifacts);
  }

  load(owner: string): SavedArtifacts | undefined {
    return this.#artifacts.load(owner);
  }

  remove(owner: string): void {
    this.#artifacts.remove(owner);
  }

  list(): ReturnType<ArtifactTable['list']> {
    return this.#artifacts.list();
  }

  /** Removes results that were not used since then, and then contents that nothing refers to; or only counts them. */
  prune(unusedSince: number, isDry: boolean): Pruned {
    if (isDry)
      return this.#sql.reading(() => ({
        results: this.#results.unusedSince(unusedSince),
        contents: this.#contents.unused().length,
      }));
    return this.#sql.within(() => {
      const results = this.#results.removeUnused(unusedSince);
      const unused = this.#contents.unused();
      this.#contents.remove(unused);
      return { results, contents: unused.length };
    });
  }

  /** Moves what was written from the journal into the file, as far as nobody reads it. */
  checkpoint(): void {
    this.#sql.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Whether it has to be opened anew for each call, as it is taken for unchanging. */
  isFixed(): boolean {
    return this.#isFixed;
  }

  close(): void {
    try {
      this.#sql.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // What is left in the journal is found there by whoever opens the file next.
    }
    this.#sql.close();
  }
}
