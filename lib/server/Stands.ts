import { ActionRegistry, DagExecutor, type EventStore, type RunSummary } from '../index.js';
import { standOf } from '../stores/standOf.js';

interface Known {
  readonly of: string;
  readonly stand: Promise<string>;
}

/** How the runs of a store stand; a log is read once for as long as nothing is added to it. */
export class Stands {
  readonly #store: EventStore;
  #known: ReadonlyMap<string, Known> = new Map();

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** In the order of the runs. What is not among them is forgotten. */
  of(runs: readonly RunSummary[]): Promise<readonly string[]> {
    const known = new Map(runs.map((run) => [run.runId, this.#one(run)]));
    this.#known = known;
    return Promise.all(Array.from(known.values(), ({ stand }) => stand));
  }

  #one(run: RunSummary): Known {
    const { runId, key, seq, status, owner, damage } = run;
    const of = JSON.stringify([key, seq, status, owner?.pid, owner === undefined, damage]);
    const known = this.#known.get(runId);
    if (known?.of === of) return known;
    const snapshot = () =>
      new DagExecutor({ registry: new ActionRegistry(), store: this.#store }).snapshotAt(runId, seq);
    // A log that can't be read, or is gone meanwhile, tells no more than its summary.
    return { of, stand: standOf(run, snapshot).catch(() => status) };
  }
}
