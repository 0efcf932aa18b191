import type { RunStatus, RunSummary } from '../index.js';
import { printable } from '../model/printable.js';
import { asUsageLater } from './asUsage.js';
import { duration } from './duration.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface RunsCommandOptions {
  readonly db: string;
  readonly status?: RunStatus;
  readonly name?: string;
  readonly json?: boolean;
}

/** Lists the runs of a database, the latest last. */
export const runsCommand = async (options: RunsCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const runs = await listOf(options);
  if (options.json === true) for (const run of runs) terminal.json(run);
  else {
    const rows = runs.map(({ runId, dagName, status, startedAt, endedAt, seq }) => [
      runId,
      dagName,
      status,
      new Date(startedAt).toISOString(),
      endedAt === undefined ? '' : duration(endedAt - startedAt),
      counted(seq, 'event'),
    ]);
    terminal.out(table([['run', 'pipeline', 'status', 'started', 'took', ''], ...rows]));
  }
  return exitCode.success;
};

const listOf = async ({ db, status, name }: RunsCommandOptions): Promise<readonly RunSummary[]> => {
  const store = await openStore(db);
  const found = await asUsageLater(() =>
    store.runs({ ...(status === undefined ? {} : { status }), ...(name === undefined ? {} : { dagName: name }) })(),
  );
  if (found._tag === 'Left') throw new UsageError(found.left.message);
  return found.right;
};

/** Lines of columns, each as wide as its widest cell. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, i) => cells.reduce((widest, row) => Math.max(widest, row[i]!.length), 0));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};
