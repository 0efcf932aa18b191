import type { RunFilter, RunSummary } from '../index.js';
import type { KeptRuns } from './openStore.js';
import { asUsageLater } from './asUsage.js';
import { UsageError } from './UsageError.js';

/** The runs of a database, damaged ones too, the latest last. */
export const listRuns = async (store: KeptRuns, filter: RunFilter = {}): Promise<readonly RunSummary[]> => {
  const found = await asUsageLater(() => store.runs({ ...filter, withDamaged: true })());
  if (found._tag === 'Left') throw new UsageError(found.left.message);
  return found.right;
};
