import type { DagExecutionReport, ExecutorSnapshot, NodeExecutionOutcome, NodeStatus } from '../index.js';
import { printable } from '../model/printable.js';
import { cutTo } from './cutTo.js';
import { duration } from './duration.js';
import { counted, valueText } from './eventLine.js';
import { failureText } from './failureText.js';
import type { RunWatch } from './RunWatch.js';
import type { Terminal } from './Terminal.js';

const SHOWN_MAX = 20;
const RESULTS_MAX = 10;
const PIPE_COLUMNS = 1_000;
const TEXT_MAX = 2_000;
/** Of larger runs nobody waits for the tree of what led to what. */
const TREE_MAX = 100_000;

export interface Ended {
  readonly report: DagExecutionReport;
  readonly snapshot: ExecutorSnapshot;
  readonly watch: Pick<RunWatch, 'skips' | 'startedAt' | 'refusedBefore'>;
}

/** How a run ended: a line with the counts, what went wrong and why, what hooks did, and what its last nodes gave. */
export const summaryText = (ended: Ended, terminal: Terminal): string => {
  const columns = terminal.isLive ? terminal.columns : PIPE_COLUMNS;
  const { report, snapshot, watch } = ended;
  const counts = (['succeeded', 'failed', 'skipped', 'cancelled'] as const)
    .filter((one: NodeStatus) => snapshot.counts[one] > 0)
    .map((one) => `${snapshot.counts[one].toLocaleString('en-US')} ${one}`);
  const { success, status, dagName, startedAt, endedAt } = report;
  const head = `${dagName} ${status} in ${duration(endedAt - (watch.startedAt ?? startedAt))}: ${counts.join(' · ') || 'no nodes'}`;
  const lines = [
    terminal.paint(success ? 'green' : 'red', success ? '✔' : '✖') + cutTo(` ${printable(head)}`, columns - 1),
    ...troubleLines(ended, terminal),
    ...additions(report).map((text) => `  ${terminal.paint('cyan', '»')}${cutTo(` ${printable(text)}`, columns - 3)}`),
    ...resultLines(snapshot, terminal, columns),
  ];
  return lines.map((line) => `${line}\n`).join('');
};

/** What went wrong, whole: a terminal wraps it. Empty where nothing did. */
export const troubleLines = (
  { report, watch }: Ended,
  terminal: Terminal,
  { withSkips = true } = {},
): readonly string[] => {
  const lines: string[] = [];
  const list = (
    texts: readonly string[],
    sign: string,
    style: Parameters<Terminal['paint']>[0],
    what: string,
  ): void => {
    for (const text of texts.slice(0, SHOWN_MAX))
      lines.push(
        `  ${terminal.paint(style, sign)} ${printable(text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text)}`,
      );
    if (texts.length > SHOWN_MAX)
      lines.push(`  ${terminal.paint('dim', '…')} and ${counted(texts.length - SHOWN_MAX, `more ${what}`)}`);
  };
  const { success, nodeOutcomes, hookFailures, refusedCommands, error } = report;
  const failed = nodeOutcomes.filter((outcome) => outcome.status === 'failed');
  list(failed.map(failedText), '✖', 'red', 'failure');
  if (!success && error !== undefined && failed.length === 0) list([error], '✖', 'red', 'error');
  const skipped = nodeOutcomes.flatMap(({ nodeId, status, becauseOf }) => {
    if (status !== 'skipped' || !withSkips) return [];
    const why = becauseOf === undefined ? watch.skips.get(nodeId) : `because of ${becauseOf}`;
    return [`${nodeId} was skipped${why === undefined ? '' : becauseOf === undefined ? `: ${why}` : ` ${why}`}`];
  });
  list(skipped, '-', 'dim', 'skipped node');
  list(
    hookFailures.map(({ hook, error }) => `hook ${hook} failed: ${failureText(error)}`),
    '!',
    'yellow',
    'hook failure',
  );
  list(
    refusedCommands
      .slice(watch.refusedBefore)
      .map(
        ({ by, reason }) => `a command${by === undefined || by === 'user' ? '' : ` of ${by}`} was refused: ${reason}`,
      ),
    '!',
    'yellow',
    'refused command',
  );
  return lines;
};

const failedText = ({ nodeId, attempts, finalError }: NodeExecutionOutcome): string => {
  if (finalError === undefined) return `${nodeId} failed`;
  const last = failureText(finalError.cause ?? finalError);
  return `${nodeId}: ${attempts > 1 ? `Failed after ${attempts} attempts. Last error: ${last}` : last}`;
};

/** How many nodes each hook has added. */
const additions = ({ executionTree, metrics }: DagExecutionReport): readonly string[] => {
  if (metrics.nodesTotal > TREE_MAX) return [];
  const counts = new Map<string, number>();
  for (const { addedBy } of executionTree.nodes)
    if (addedBy !== undefined && addedBy !== 'user') counts.set(addedBy, (counts.get(addedBy) ?? 0) + 1);
  return [...counts].map(([hook, count]) => `${hook} added ${counted(count, 'node')}`);
};

/** What those nodes gave that nobody else reads; items and sub-DAGs' nodes stand behind their parents. */
const resultLines = (snapshot: ExecutorSnapshot, terminal: Terminal, columns: number): readonly string[] => {
  const lines: string[] = [];
  for (const { id, dependents, output, status, spec } of snapshot.nodes()) {
    const isResult = status === 'succeeded' && dependents.length === 0 && spec.parent === undefined;
    if (!isResult || output === undefined || output === null) continue;
    if (lines.length === RESULTS_MAX) {
      lines.push(`  ${terminal.paint('dim', '…')} and more results; --json shows them all`);
      break;
    }
    lines.push(
      `  ${terminal.paint('cyan', '=')}${cutTo(` ${printable(`${id}: ${valueText(output, columns)}`)}`, columns - 3)}`,
    );
  }
  return lines;
};
