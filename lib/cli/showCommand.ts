import type { ExecutorSnapshot } from '../index.js';
import { printable } from '../model/printable.js';
import { duration } from './duration.js';
import { valueText } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import { table } from './runsCommand.js';
import { storedState } from './storedState.js';
import type { Terminal } from './Terminal.js';

export interface ShowCommandOptions {
  readonly db: string;
  readonly json?: boolean;
}

/** Shows a stored run as it is now. */
export const showCommand = async (
  runId: string,
  { db, json }: ShowCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const snapshot = await storedState(await openStore(db), runId);
  if (json === true) terminal.json(snapshot);
  else terminal.out(stateText(snapshot));
  return exitCode.success;
};

/** Shows a stored run as it was after one of its events: exactly the fold of the log up to there. */
export const replayCommand = async (
  runId: string,
  { db, at, json }: ShowCommandOptions & { readonly at: number },
  terminal: Terminal,
): Promise<ExitCode> => {
  const snapshot = await storedState(await openStore(db), runId, at);
  const asText = json !== true && process.stdout.isTTY;
  if (asText) terminal.out(stateText(snapshot));
  else terminal.json(snapshot);
  return exitCode.success;
};

const VALUE_MAX = 60;

const stateText = (snapshot: ExecutorSnapshot): string => {
  const counts = Object.entries(snapshot.counts).filter(([, count]) => count > 0);
  const head = `${snapshot.dagName}, run ${snapshot.runId}: ${snapshot.status} at event ${snapshot.seq}; ${counts.map(([status, count]) => `${count} ${status}`).join(', ')}`;
  const rows: string[][] = [];
  for (const { id, status, attempt, startedAt, endedAt, output, error, becauseOf } of snapshot.nodes()) {
    const took = startedAt === undefined || endedAt === undefined ? '' : duration(endedAt - startedAt);
    const told = error?.message ?? (becauseOf === undefined ? '' : `because of ${becauseOf}`);
    rows.push([
      status,
      id,
      attempt === 0 ? '' : `attempt ${attempt}`,
      took,
      told || (output === undefined ? '' : valueText(output, VALUE_MAX)),
    ]);
  }
  return `${printable(head)}\n${table(rows)}`;
};
