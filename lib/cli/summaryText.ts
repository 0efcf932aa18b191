import type { DagExecutionReport, ExecutorSnapshot, NodeStatus } from '../index.js';
import { printable } from '../model/printable.js';
import { cutTo } from './cutTo.js';
import { duration } from './duration.js';
import { counted, valueText } from './eventLine.js';
import type { Terminal } from './Terminal.js';

const SHOWN_MAX = 20;
const RESULTS_MAX = 10;
const PIPE_COLUMNS = 1_000;

/** How a run ended: a line with the counts, what went wrong and why, and what its last nodes gave. */
export const summaryText = (report: DagExecutionReport, snapshot: ExecutorSnapshot, terminal: Terminal): string => {
  const columns = terminal.isLive ? terminal.columns : PIPE_COLUMNS;
  const lines: string[] = [];
  const add = (sign: string, style: Parameters<Terminal['paint']>[0], text: string): void => {
    lines.push(terminal.paint(style, sign) + cutTo(` ${printable(text)}`, columns - 1));
  };
  const { success, status, dagName, durationMs, nodeOutcomes, hookFailures, refusedCommands, error } = report;
  const counts = (['succeeded', 'failed', 'skipped', 'cancelled'] as const)
    .filter((one: NodeStatus) => snapshot.counts[one] > 0)
    .map((one) => `${snapshot.counts[one].toLocaleString('en-US')} ${one}`);
  add(
    success ? '✔' : '✖',
    success ? 'green' : 'red',
    `${dagName} ${status} in ${duration(durationMs)}: ${counts.join(' · ') || 'no nodes'}`,
  );
  const list = (
    entries: readonly string[],
    sign: string,
    style: Parameters<Terminal['paint']>[0],
    what: string,
  ): void => {
    for (const text of entries.slice(0, SHOWN_MAX)) add(`  ${sign}`, style, text);
    if (entries.length > SHOWN_MAX) add('  …', 'dim', `and ${counted(entries.length - SHOWN_MAX, `more ${what}`)}`);
  };
  if (!success) {
    const failed = nodeOutcomes.filter((outcome) => outcome.status === 'failed');
    list(
      failed.map(({ nodeId, finalError }) => `${nodeId}: ${finalError?.message ?? 'failed'}`),
      '✖',
      'red',
      'failure',
    );
    if (error !== undefined && failed.length === 0) add('  ✖', 'red', error);
    const skipped = nodeOutcomes.filter(({ status, becauseOf }) => status === 'skipped' && becauseOf !== undefined);
    list(
      skipped.map(({ nodeId, becauseOf }) => `${nodeId} was skipped because of ${becauseOf ?? ''}`),
      '-',
      'dim',
      'skipped node',
    );
  }
  list(
    hookFailures.map(({ hook, error }) => `hook ${hook} failed: ${error.message}`),
    '!',
    'yellow',
    'hook failure',
  );
  list(
    refusedCommands.map(({ reason }) => `a command was refused: ${reason}`),
    '!',
    'yellow',
    'refused command',
  );
  let results = 0;
  for (const { id, dependents, output, status } of snapshot.nodes()) {
    if (status !== 'succeeded' || dependents.length > 0 || output === undefined || output === null) continue;
    if (++results > RESULTS_MAX) {
      add('  …', 'dim', 'and more results; --json shows them all');
      break;
    }
    add('  =', 'cyan', `${id}: ${valueText(output, columns)}`);
  }
  return `${lines.join('\n')}\n`;
};
