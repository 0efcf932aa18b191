import { chromeTrace } from '../formats/chromeTrace.js';
import { runToWfFormat } from '../formats/wfformat/index.js';
import type { ExecutionEvent } from '../index.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import { readStored } from './readStored.js';
import type { Terminal } from './Terminal.js';

const writers = {
  json: (events, terminal) => {
    for (const event of events) terminal.json(event);
  },
  'chrome-trace': (events, terminal) => terminal.json(chromeTrace(events)),
  wfformat: (events, terminal) => terminal.json(runToWfFormat(events), 2),
} satisfies Readonly<Record<string, (events: readonly ExecutionEvent[], terminal: Terminal) => void>>;

export type ExportFormat = keyof typeof writers;

/** Writes a stored run for other tools. */
export const exportCommand = async (
  runId: string,
  { db, format }: { readonly db: string; readonly format: ExportFormat },
  terminal: Terminal,
): Promise<ExitCode> => {
  writers[format](await readStored(await openStore(db), runId), terminal);
  return exitCode.success;
};
