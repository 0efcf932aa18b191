import { ActionRegistry, DagExecutor, type ExecutorSnapshot, type RunSummary } from '../index.js';
import { show } from '../model/explain.js';
import type { KeptRuns } from './openStore.js';
import { asUsageLater } from './asUsage.js';
import { UsageError } from './UsageError.js';

/** What a database says of a run. Throws a `UsageError` where there is none. */
export const storedRun = (store: KeptRuns, runId: string): Promise<RunSummary> =>
  asUsageLater(async () => {
    const found = await store.runs({ runId, withOwner: true })();
    if (found._tag === 'Left') throw new UsageError(found.left.message);
    const [run] = found.right;
    if (run === undefined) throw new UsageError(`There is no run ${show(runId)} in this database.`);
    return run;
  });

/** A stored run's state after an event, the last one if none is named. Throws a `UsageError` where there is none. */
export const storedState = (store: KeptRuns, runId: string, at?: number): Promise<ExecutorSnapshot> =>
  asUsageLater(async () => {
    const { seq } = await storedRun(store, runId);
    return new DagExecutor({ registry: new ActionRegistry(), store }).snapshotAt(runId, at ?? seq);
  });
