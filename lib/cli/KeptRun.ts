import { shellWord } from '../formats/shellWord.js';
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
    return `rxdag resume ${shellWord(this.#runId)} --db ${shellWord(this.#db)}`;
  }

  answer(nodeId: string): string {
    return `rxdag answer ${shellWord(this.#runId)} ${shellWord(nodeId)} VALUE --db ${shellWord(this.#db)}`;
  }
}
