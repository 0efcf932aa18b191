import type { RunStatus } from '../index.js';
import { printable } from '../model/printable.js';
import { duration } from './duration.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { listRuns } from './listRuns.js';
import { openStore } from './openStore.js';
import { standOf } from '../stores/standOf.js';
import { storedState } from './storedState.js';
import type { Terminal } from './Terminal.js';

export interface RunsCommandOptions {
  readonly db: string;
  readonly status?: RunStatus;
  readonly name?: string;
  readonly json?: boolean;
}

/** Lists the runs of a database, the latest last. */
export const runsCommand = async (
  { db, status, name, json }: RunsCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const store = await openStore(db);
  const runs = await listRuns(store, {
    ...(status === undefined ? {} : { status }),
    ...(name === undefined ? {} : { dagName: name }),
    withOwner: true,
  });
  if (json === true) {
    for (const run of runs) terminal.json(run);
    return exitCode.success;
  }
  const rows = [['run', 'pipeline', 'status', 'started', 'took', '']];
  for (const run of runs) {
    const { runId, dagName, startedAt, endedAt, seq, damage } = run;
    const stand = await standOf(run, () => storedState(store, runId));
    if (damage === undefined)
      rows.push([
        runId,
        dagName,
        stand,
        new Date(startedAt).toISOString(),
        endedAt === undefined ? '' : duration(endedAt - startedAt),
        counted(seq, 'event'),
      ]);
    else rows.push([runId, '', stand, '', '', '']);
  }
  terminal.out(table(rows));
  return exitCode.success;
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
