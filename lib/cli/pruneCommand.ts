import type { RunSummary } from '../index.js';
import { printable } from '../model/printable.js';
import { SqliteCache } from '../stores/sqlite/index.js';
import { closedAtEnd } from './closedAtEnd.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

const DAY_MS = 86_400_000;

export interface PruneCommandOptions {
  readonly db: string;
  readonly olderThan?: number;
  readonly keep?: number;
  readonly dryRun?: boolean;
}

/**
 * Removes runs that have ended: those that ended long ago, or all but the latest. Then results that were not used for as
 * long, and large values that nothing refers to any more.
 */
export const pruneCommand = async (options: PruneCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const { db, olderThan, keep, dryRun } = options;
  if (olderThan === undefined && keep === undefined)
    throw new UsageError('Which runs are to go? Give --older-than DAYS, or --keep N for all but the latest N.');
  const store = await openStore(db);
  const listed = await store.runs()();
  if (listed._tag === 'Left') throw new UsageError(listed.left.message);
  const ended = listed.right.filter(({ endedAt }) => endedAt !== undefined);
  const isOld = ({ endedAt }: RunSummary): boolean =>
    olderThan === undefined || Date.now() - endedAt! > olderThan * DAY_MS;
  const gone = ended.slice(0, keep === undefined ? ended.length : Math.max(0, ended.length - keep)).filter(isOld);
  for (const { runId } of gone) {
    if (dryRun !== true) {
      const removed = await store.remove(runId)();
      if (removed._tag === 'Left') throw new UsageError(removed.left.message);
    }
    terminal.out(`${printable(runId)}\n`);
  }
  const unusedForMs = olderThan === undefined ? Infinity : olderThan * DAY_MS;
  const pruned = await closedAtEnd(new SqliteCache(db)).prune({ unusedForMs, dryRun: dryRun === true })();
  if (pruned._tag === 'Left') throw new UsageError(pruned.left.message);
  const { results } = pruned.right;
  const what = [counted(gone.length, 'run'), ...(results > 0 ? [counted(results, 'kept result')] : [])].join(' and ');
  terminal.tell(`${what} ${dryRun === true ? 'would be removed' : 'removed'}`);
  return exitCode.success;
};
