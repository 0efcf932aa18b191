import type { StoreError } from '../index.js';

/** A run that a database keeps: how to go on with it from a shell. */
export class KeptRun {
  readonly #runId: string;
  readonly #db: string;

  constructor(runId: string, db: string) {
    this.#runId = runId;
    this.#db = db;
  }

  /** Why a run has ended of which the database keeps no more. */
  broken({ message }: Error, fault: StoreError): string {
    return fault.type === 'Fenced' ? fault.message : message.replace(/^The store\b/, `The database ${this.#db}`);
  }

  get resume(): string {
    return `rxdag resume ${quoted(this.#runId)} --db ${quoted(this.#db)}`;
  }

  answer(nodeId: string): string {
    return `rxdag answer ${quoted(this.#runId)} ${quoted(nodeId)} VALUE --db ${quoted(this.#db)}`;
  }
}

/** A word as a shell takes it. */
const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
