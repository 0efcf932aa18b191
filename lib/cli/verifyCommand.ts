import { checkLog } from '../testing/index.js';
import { printable } from '../model/printable.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import { readStored } from './readStored.js';
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
  const listed = await store.runs()();
  if (listed._tag === 'Left') throw new UsageError(listed.left.message);
  let broken = 0;
  for (const runId of runIds.length > 0 ? runIds : listed.right.map((run) => run.runId)) {
    const events = await readStored(store, runId);
    const violations = checkLog(events);
    if (violations.length === 0) terminal.out(printable(`${runId}: sound, ${counted(events.length, 'event')}`) + '\n');
    else {
      broken++;
      terminal.tell(`${runId}: ${counted(violations.length, 'broken rule')}`);
      for (const { message } of violations.slice(0, SHOWN_MAX)) terminal.tell(`  ${message}`);
    }
  }
  return broken === 0 ? exitCode.success : exitCode.failed;
};
