import { chromeTrace } from '../formats/chromeTrace.js';
import { runToWfFormat, type WfFormat } from '../formats/wfformat/index.js';
import type { ExecutionEvent } from '../index.js';
import { unknownIn } from '../model/UnknownEvents.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { htmlReport } from './htmlReport.js';
import { openStore } from './openStore.js';
import { readStored } from './readStored.js';
import { tellUnknown } from './tellUnknown.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

/** Throws a `UsageError` for a run without nodes. */
const traceOf = (events: readonly ExecutionEvent[]): WfFormat => {
  try {
    return runToWfFormat(events);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
};

const writers = {
  json: (events, terminal) => {
    for (const event of events) terminal.json(event);
  },
  'chrome-trace': (events, terminal) => terminal.json(chromeTrace(events)),
  'html-report': async (events, terminal) => terminal.out(await htmlReport(events)),
  wfformat: (events, terminal) => terminal.json(traceOf(events), 2),
} satisfies Readonly<Record<string, (events: readonly ExecutionEvent[], terminal: Terminal) => void | Promise<void>>>;

export type ExportFormat = keyof typeof writers;

/** Writes a stored run for other tools. */
export const exportCommand = async (
  runId: string,
  { db, format }: { readonly db: string; readonly format: ExportFormat },
  terminal: Terminal,
): Promise<ExitCode> => {
  const events = await readStored(await openStore(db), runId);
  tellUnknown(runId, unknownIn(events), terminal);
  await writers[format](events, terminal);
  return exitCode.success;
};
