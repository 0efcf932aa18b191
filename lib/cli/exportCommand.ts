import { chromeTrace } from '../formats/chromeTrace.js';
import type { ExecutionEvent } from '../index.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import { readStored } from './readStored.js';
import type { Terminal } from './Terminal.js';

const writers = {
  json: (events: readonly ExecutionEvent[]) => events.map((event) => JSON.stringify(event)).join('\n'),
  'chrome-trace': (events: readonly ExecutionEvent[]) => JSON.stringify(chromeTrace(events)),
} satisfies Readonly<Record<string, (events: readonly ExecutionEvent[]) => string>>;

export type ExportFormat = keyof typeof writers;

/** Writes a stored run for other tools. */
export const exportCommand = async (
  runId: string,
  { db, format }: { readonly db: string; readonly format: ExportFormat },
  terminal: Terminal,
): Promise<ExitCode> => {
  terminal.out(`${writers[format](await readStored(await openStore(db), runId))}\n`);
  return exitCode.success;
};
