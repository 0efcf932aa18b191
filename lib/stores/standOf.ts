import type { RunSummary } from '../run/EventStore.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { storeFaultOf } from './storeFaultOf.js';

/**
 * How a run stands: as its log has it or, where it has not ended, what became of it. `interrupted` is one that no process
 * has any more and that goes on by itself once it is resumed; `waiting` one in which nothing happens before a person does
 * something.
 */
export const standOf = async (
  { status, endedAt, owner, damage }: RunSummary,
  snapshot: () => Promise<ExecutorSnapshot>,
): Promise<string> => {
  if (damage !== undefined) return 'damaged';
  if (endedAt !== undefined) return status;
  if (owner !== undefined) return owner.pid === undefined ? status : `${status} (process ${owner.pid})`;
  if (status !== 'running') return status === 'paused' ? status : 'interrupted';
  try {
    return isWaiting(await snapshot()) ? 'waiting' : 'interrupted';
  } catch (error) {
    if (storeFaultOf(error)?.type === 'JournalCorrupt') return 'damaged';
    throw error;
  }
};

const isWaiting = (snapshot: ExecutorSnapshot): boolean => {
  const { running, starting, retrying, ready, waiting } = snapshot.counts;
  if (running + starting + retrying > 0 || ready + waiting === 0) return false;
  if (ready === 0) return true;
  for (const { id, status } of snapshot.nodes())
    if (status === 'ready' && !snapshot.whyNotStarted(id)!.on.some((why) => 'branch' in why)) return false;
  return true;
};
