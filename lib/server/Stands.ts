import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { ActionRegistry, DagExecutor, type EventStore, type RunSummary } from '../index.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { KnownStand } from './KnownStand.js';

/** So many of the latest runs that have not ended are told apart by their logs. */
const READ_RUNS = 500;
/** Whoever asks waits no longer for logs that are read: what these tell is told the next time. */
const PATIENCE_MS = 1_000;

/** How the runs of a store stand; a log is read once for as long as nothing is added to it, one at a time. */
export class Stands {
  readonly #store: EventStore;
  #known: ReadonlyMap<string, KnownStand> = new Map();
  #last: Promise<void> = Promise.resolve();

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** By id, of runs in the order of their starts. What is not among them is forgotten. */
  async of(runs: readonly RunSummary[]): Promise<ReadonlyMap<string, string>> {
    const known = new Map<string, KnownStand>();
    const found = new Map<string, string>();
    for (const run of runs.toReversed())
      if (run.endedAt !== undefined && run.damage === undefined) found.set(run.runId, run.status);
      else {
        const stand = this.#known.get(run.runId) ?? new KnownStand(run);
        const isWanted = stand.hear(run, known.size < READ_RUNS);
        known.set(run.runId, stand);
        if (isWanted) this.#read(run.runId, stand);
      }
    this.#known = known;
    await Promise.race([this.#last, sleep(PATIENCE_MS, undefined, { ref: false })]);
    for (const [runId, stand] of known) found.set(runId, await stand.told());
    return found;
  }

  #read(runId: string, stand: KnownStand): void {
    this.#last = this.#last.then(async () => {
      await turn(); // a store may give a whole log in one go
      if (this.#known.get(runId) === stand) await stand.read((run) => this.#snapshotOf(run));
    });
  }

  #snapshotOf({ runId, seq }: RunSummary): Promise<ExecutorSnapshot> {
    return new DagExecutor({ registry: new ActionRegistry(), store: this.#store }).snapshotAt(runId, seq);
  }
}
