import type { RunSummary } from '../run/EventStore.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { storeFaultOf } from './storeFaultOf.js';

/**
 * How a run stands: as its log has it or, where it has not ended, what became of it. `submitted` is one that no process has
 * had yet, `interrupted` one that none has any more and that goes on by itself once it is resumed; `waiting` one in which nothing happens before a person does
 * something, which its state tells. A process that has it is told as well.
 */
export const standOf = async (
  { status, endedAt, owner, damage, seq }: RunSummary,
  snapshot: (() => Promise<ExecutorSnapshot>) | undefined,
): Promise<string> => {
  if (damage !== undefined) return 'damaged';
  if (endedAt !== undefined) return status;
  if (owner === undefined && seq <= 1) return 'submitted';
  const holder = owner?.pid === undefined ? '' : ` (process ${owner.pid})`;
  const unread = owner === undefined && status !== 'paused' ? 'interrupted' : `${status}${holder}`;
  if (status !== 'running' || snapshot === undefined) return unread;
  try {
    return isWaiting(await snapshot()) ? `waiting${holder}` : unread;
  } catch (error) {
    if (storeFaultOf(error)?.type === 'JournalCorrupt') return 'damaged';
    throw error;
  }
};

/** Whether nothing happens in a run before a person does something. */
export const isWaiting = (snapshot: ExecutorSnapshot): boolean => {
  const { running, starting, retrying, ready, waiting } = snapshot.counts;
  if (running + starting + retrying > 0 || ready + waiting === 0) return false;
  if (ready === 0) return true;
  for (const { id, status } of snapshot.nodes())
    if (status === 'ready' && !snapshot.whyNotStarted(id)!.on.some((why) => 'branch' in why)) return false;
  return true;
};
