import { ActionRegistry, DagExecutor, type EventStore, type RunSummary } from '../index.js';
import { standOf } from '../stores/standOf.js';

interface Known {
  readonly of: string;
  /** Whether the log was read for it. */
  readonly isRead: boolean;
  readonly stand: Promise<string>;
}

/** So many of the latest runs that have not ended are told apart by their logs. */
const READ_RUNS = 500;

/** How the runs of a store stand; a log is read once for as long as nothing is added to it. */
export class Stands {
  readonly #store: EventStore;
  #known: ReadonlyMap<string, Known> = new Map();

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** By id, of runs in the order of their starts. What is not among them is forgotten. */
  async of(runs: readonly RunSummary[]): Promise<ReadonlyMap<string, string>> {
    const known = new Map<string, Known>();
    const found = new Map<string, string>();
    let left = READ_RUNS;
    for (const run of runs.toReversed())
      if (run.endedAt !== undefined && run.damage === undefined) found.set(run.runId, run.status);
      else known.set(run.runId, this.#one(run, left-- > 0));
    this.#known = known;
    for (const [runId, { stand }] of known) found.set(runId, await stand);
    return found;
  }

  #one(run: RunSummary, mayRead: boolean): Known {
    const { runId, key, seq, status, owner, damage } = run;
    const of = JSON.stringify([key, seq, status, owner?.pid, owner === undefined, damage]);
    const known = this.#known.get(runId);
    const isSame = known?.of === of;
    // A log that another process writes is read once it is still: else each look would read it anew.
    const isRead = mayRead && (owner === undefined || isSame);
    if (isSame && known.isRead === isRead) return known;
    const snapshot = () =>
      new DagExecutor({ registry: new ActionRegistry(), store: this.#store }).snapshotAt(runId, seq);
    // A log that can't be read, or is gone meanwhile, tells no more than its summary.
    return { of, isRead, stand: standOf(run, isRead ? snapshot : undefined).catch(() => status) };
  }
}
