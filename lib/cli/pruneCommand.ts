import type { RunSummary } from '../index.js';
import { printable } from '../model/printable.js';
import { SqliteCache } from '../stores/sqlite/index.js';
import { closedAtEnd } from './closedAtEnd.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { listRuns } from './listRuns.js';
import { isRedis, openStore, type KeptRuns } from './openStore.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

const DAY_MS = 86_400_000;

export interface PruneCommandOptions {
  readonly db: string;
  /** In days, fractions too. */
  readonly olderThan?: number;
  readonly keep?: number;
  /** Also runs that have not ended, unless a living process has them. */
  readonly unfinished?: boolean;
  readonly dryRun?: boolean;
}

/**
 * Removes runs: those that ended long ago, or all but the latest; where it is asked for those, too, that came to no end and
 * that no living process has. Then results that were not used for as long, and large values that nothing refers to any more.
 */
export const pruneCommand = async (options: PruneCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const { db, olderThan, keep, unfinished = false, dryRun = false } = options;
  if (olderThan === undefined && keep === undefined)
    throw new UsageError('Which runs are to go? Give --older-than DAYS, or --keep N for all but the latest N.');
  const store = await openStore(db, { writes: !dryRun });
  const runs = (await listRuns(store, { withOwner: unfinished })).filter(({ damage }) => damage === undefined);
  const living = runs.filter(({ owner }) => owner !== undefined);
  const over = runs.filter(({ endedAt, owner }) => endedAt !== undefined || (unfinished && owner === undefined));
  const since = olderThan === undefined ? Infinity : Date.now() - olderThan * DAY_MS;
  let removed = 0;
  let kept = living.length;
  for (const run of over.slice(0, keep === undefined ? over.length : Math.max(0, over.length - keep))) {
    if (!((await lastAt(store, run, since)) < since)) continue;
    if (!dryRun) {
      const answer = await store.remove(run.runId)();
      if (answer._tag === 'Left' && answer.left.type !== 'OwnedElsewhere') throw new UsageError(answer.left.message);
      if (answer._tag === 'Left') {
        kept++; // somebody has resumed it since
        continue;
      }
    }
    removed++;
    terminal.out(`${printable(run.runId)}\n`);
  }
  const unusedForMs = olderThan === undefined ? Infinity : olderThan * DAY_MS;
  const results = isRedis(db) ? 0 : await pruneResults(db, unusedForMs, dryRun);
  const what = [counted(removed, 'run'), ...(results > 0 ? [counted(results, 'kept result')] : [])].join(' and ');
  terminal.tell(`${what} ${dryRun ? 'would be removed' : 'removed'}`);
  if (kept > 0) terminal.tell(`${counted(kept, 'run')} of living processes kept`);
  return exitCode.success;
};

const pruneResults = async (db: string, unusedForMs: number, dryRun: boolean): Promise<number> => {
  const pruned = await closedAtEnd(new SqliteCache(db)).prune({ unusedForMs, dryRun })();
  if (pruned._tag === 'Left') throw new UsageError(pruned.left.message);
  return pruned.right.results;
};

/** When a run ended or, where it has not, when something happened in it last; as far as it may be before `since`. */
const lastAt = async (
  store: KeptRuns,
  { runId, startedAt, endedAt, seq }: RunSummary,
  since: number,
): Promise<number> => {
  if (endedAt !== undefined || startedAt >= since) return endedAt ?? startedAt;
  try {
    for await (const { at } of store.read(runId, seq)) return at;
  } catch {
    // A log that is damaged there tells no more than when it began.
  }
  return startedAt;
};
