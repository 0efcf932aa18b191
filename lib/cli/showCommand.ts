import type { ExecutorSnapshot, RunSummary } from '../index.js';
import { printable } from '../model/printable.js';
import { duration } from './duration.js';
import { valueText } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { KeptRun } from './KeptRun.js';
import { openStore } from './openStore.js';
import type { Question } from './Question.js';
import { table } from './runsCommand.js';
import { standOf } from '../stores/standOf.js';
import { storedQuestions } from './storedQuestions.js';
import { storedRun, storedState } from './storedState.js';
import { tellUnknown } from './tellUnknown.js';
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
  const store = await openStore(db);
  const run = await storedRun(store, runId);
  const snapshot = await storedState(store, runId, run.seq);
  tellUnknown(runId, snapshot.unknownEvents, terminal);
  if (json === true) {
    terminal.json(snapshot);
    return exitCode.success;
  }
  terminal.out(stateText(snapshot, await standOf(run, () => Promise.resolve(snapshot))));
  if (run.endedAt === undefined) terminal.out(nextText(await storedQuestions(store, snapshot), run, db));
  return exitCode.success;
};

/** Shows a stored run as it was after one of its events: exactly the fold of the log up to there. */
export const replayCommand = async (
  runId: string,
  { db, at, json }: ShowCommandOptions & { readonly at: number },
  terminal: Terminal,
): Promise<ExitCode> => {
  const snapshot = await storedState(await openStore(db), runId, at);
  tellUnknown(runId, snapshot.unknownEvents, terminal);
  const asText = json !== true && process.stdout.isTTY;
  if (asText) terminal.out(stateText(snapshot));
  else terminal.json(snapshot);
  return exitCode.success;
};

const VALUE_MAX = 60;

const stateText = (snapshot: ExecutorSnapshot, stand: string = snapshot.status): string => {
  const counts = Object.entries(snapshot.counts).filter(([, count]) => count > 0);
  const head = `${snapshot.dagName}, run ${snapshot.runId}: ${stand} at event ${snapshot.seq}; ${counts.map(([status, count]) => `${count} ${status}`).join(', ')}`;
  const rows: string[][] = [];
  for (const { id, status, attempt, startedAt, endedAt, output, error, becauseOf, cached } of snapshot.nodes()) {
    const took = startedAt === undefined || endedAt === undefined ? '' : duration(endedAt - startedAt);
    const told = error?.message ?? (becauseOf === undefined ? '' : `because of ${becauseOf}`);
    rows.push([
      status,
      id,
      attempt === 0 ? '' : `attempt ${attempt}`,
      cached ? 'from the cache' : took,
      told || (output === undefined ? '' : valueText(output, VALUE_MAX)),
    ]);
  }
  for (const { id, status, reason } of snapshot.branches())
    if (status === 'paused' || status === 'cancelled') rows.push([status, `branch ${id}`, '', '', reason ?? '']);
  return `${printable(head)}\n${table(rows)}`;
};

/** What has to be done so that a run goes on that has not ended. */
const nextText = (questions: readonly Question[], { runId, owner }: RunSummary, db: string): string => {
  const kept = new KeptRun(runId, db);
  const lines = questions.flatMap(({ text, nodeId }) => [
    text,
    owner === undefined ? `  answer it with ${kept.answer(nodeId!)}` : `  asked by process ${owner.pid ?? owner.id}`,
  ]);
  if (questions.length === 0 && owner === undefined) lines.push(`Go on with: ${kept.resume}`);
  return lines.map((line) => `${printable(line)}\n`).join('');
};
