/** A run that a database keeps: how to go on with it from a shell. */
export class KeptRun {
  readonly #runId: string;
  readonly #db: string;

  constructor(runId: string, db: string) {
    this.#runId = runId;
    this.#db = db;
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
