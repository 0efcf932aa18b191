import type { RunSummary } from '../index.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { standOf } from '../stores/standOf.js';

/** Reading a log again because it has grown takes at most so small a part of the time, but is put off no longer than this. */
const PART = 0.05;
const PUT_OFF_MS = 30_000;

/** How one run stands that has not ended: what its summary tells, and more once its log was read. */
export class KnownStand {
  #run: RunSummary;
  #text: string | undefined;
  #isRead = false;
  #isWanted = false;
  #freeAt = 0;

  constructor(run: RunSummary) {
    this.#run = run;
  }

  /** What the summary tells now; gives whether the log is to be read for it, as far as it may be. */
  hear(run: RunSummary, mayRead: boolean): boolean {
    if (markOf(run) !== markOf(this.#run)) {
      this.#text = undefined;
      this.#isRead = false;
    }
    this.#run = run;
    if (!mayRead || this.#isRead || this.#isWanted || performance.now() < this.#freeAt) return false;
    return (this.#isWanted = true);
  }

  /** As far as it is known. */
  async told(): Promise<string> {
    return this.#text ?? standOf(this.#run, undefined);
  }

  /** A log that can't be read, or is gone meanwhile, tells no more than its summary; it is tried again. */
  async read(snapshotOf: (run: RunSummary) => Promise<ExecutorSnapshot>): Promise<void> {
    const run = this.#run;
    const began = performance.now();
    try {
      const text = await standOf(run, () => snapshotOf(run));
      if (markOf(run) === markOf(this.#run)) {
        this.#text = text;
        this.#isRead = true;
      }
    } catch {
      // As it is told without.
    }
    const now = performance.now();
    this.#freeAt = now + Math.min(PUT_OFF_MS, (now - began) / PART);
    this.#isWanted = false;
  }
}

/** While this is the same, a run stands as it did. */
const markOf = ({ key, seq, status, owner, damage }: RunSummary): string =>
  JSON.stringify([key, seq, status, owner?.pid, owner === undefined, damage]);
