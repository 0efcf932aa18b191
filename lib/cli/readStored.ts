import { initialSnapshot, reduce, type ExecutionEvent, type ExecutorSnapshot } from '../index.js';
import { show } from '../model/explain.js';
import type { SqliteStore } from '../stores/sqlite/index.js';
import { asUsageLater } from './asUsage.js';
import { UsageError } from './UsageError.js';

/** A stored run's log, up to an event. Throws a `UsageError` where there is none. */
export const readStored = (store: SqliteStore, runId: string, lastSeq = Infinity): Promise<readonly ExecutionEvent[]> =>
  asUsageLater(async () => {
    const events: ExecutionEvent[] = [];
    for await (const event of store.read(runId)) {
      events.push(event);
      if (event.seq >= lastSeq) break;
    }
    if (events.length === 0) throw new UsageError(`There is no run ${show(runId)} in this database.`);
    if (lastSeq !== Infinity && events.length < lastSeq)
      throw new UsageError(`Run ${show(runId)} has ${events.length} events; there is no event ${lastSeq}.`);
    return events;
  });

export const foldOf = (events: readonly ExecutionEvent[]): ExecutorSnapshot => events.reduce(reduce, initialSnapshot());
