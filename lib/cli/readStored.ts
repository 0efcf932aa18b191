import type { ExecutionEvent } from '../index.js';
import { show } from '../model/explain.js';
import type { KeptRuns } from './openStore.js';
import { asUsageLater } from './asUsage.js';
import { UsageError } from './UsageError.js';

/** A stored run's log. Throws a `UsageError` where there is none. */
export const readStored = (store: KeptRuns, runId: string): Promise<readonly ExecutionEvent[]> =>
  asUsageLater(async () => {
    const events: ExecutionEvent[] = [];
    for await (const event of store.read(runId)) events.push(event);
    if (events.length === 0) throw new UsageError(`There is no run ${show(runId)} in this database.`);
    return events;
  });
