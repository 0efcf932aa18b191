import type { ExecutionEvent } from '../index.js';
import { show } from '../model/explain.js';
import { didYouMean } from '../model/nearest.js';
import { printable } from '../model/printable.js';
import { unknownIn } from '../model/UnknownEvents.js';
import type { KeptRuns } from './openStore.js';
import { checkLog } from '../testing/index.js';
import { storeFaultOf } from '../stores/storeFaultOf.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { listRuns } from './listRuns.js';
import { openStore } from './openStore.js';
import { readStored } from './readStored.js';
import { tellUnknown } from './tellUnknown.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

const SHOWN_MAX = 20;

/** Holds stored logs against the rules that every run keeps; without names all of them. */
export const verifyCommand = async (
  runIds: readonly string[],
  { db }: { readonly db: string },
  terminal: Terminal,
): Promise<ExitCode> => {
  const store = await openStore(db);
  const runs = await listRuns(store);
  const known = runs.map(({ runId }) => runId);
  const unknown = runIds.find((runId) => !known.includes(runId));
  if (unknown !== undefined)
    throw new UsageError(`There is no run ${show(unknown)} in this database${didYouMean(unknown, known) || '.'}`);
  let broken = 0;
  for (const { runId, damage } of runs) {
    if (runIds.length > 0 && !runIds.includes(runId)) continue;
    const events = damage ?? (await eventsOrDamage(store, runId));
    if (typeof events === 'string') {
      broken++;
      terminal.tell(`${runId}: ${events}`);
      continue;
    }
    const violations = checkLog(events);
    tellUnknown(runId, unknownIn(events), terminal, ' No rule is known for them.');
    if (violations.length === 0) terminal.out(printable(`${runId}: sound, ${counted(events.length, 'event')}`) + '\n');
    else {
      broken++;
      terminal.tell(`${runId}: ${counted(violations.length, 'broken rule')}`);
      for (const { message } of violations.slice(0, SHOWN_MAX)) terminal.tell(`  ${message}`);
    }
  }
  return broken === 0 ? exitCode.success : exitCode.failed;
};

/** A run's log; where that is damaged, what is wrong with it. */
const eventsOrDamage = async (store: KeptRuns, runId: string): Promise<readonly ExecutionEvent[] | string> => {
  try {
    return await readStored(store, runId);
  } catch (error) {
    const fault = storeFaultOf(error);
    if (fault?.type === 'JournalCorrupt') return fault.message;
    throw error;
  }
};
