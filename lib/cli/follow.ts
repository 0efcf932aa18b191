import { stripVTControlCharacters } from 'node:util';
import type { DagExecutionReport, DagRun } from '../index.js';
import { exitCode, type ExitCode } from './exitCode.js';
import type { KeptRun } from './KeptRun.js';
import { RunScreen, type ScreenMode } from './RunScreen.js';
import { summaryText } from './summaryText.js';
import type { Terminal } from './Terminal.js';

export interface FollowOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Shows a run to its end and tells how it came out. */
export const follow = async (
  run: DagRun,
  options: FollowOptions,
  terminal: Terminal,
  kept: KeptRun | undefined,
): Promise<ExitCode> => {
  const end = await new RunScreen(terminal, modeOf(options, terminal), kept).show(run);
  if (end.type === 'waiting') {
    terminal.tell(end.text);
    return exitCode.waiting;
  }
  if (end.type === 'left') {
    if (kept !== undefined) terminal.tell(`The run is kept; go on with: ${kept.resume}`);
    return exitCode.interrupted;
  }
  if (options.json !== true) tell(end.report, run, terminal, options.quiet === true);
  return end.interrupted ? exitCode.interrupted : end.report.success ? exitCode.success : exitCode.failed;
};

const modeOf = ({ json, quiet }: FollowOptions, terminal: Terminal): ScreenMode =>
  json === true ? 'json' : quiet === true ? 'quiet' : terminal.isLive ? 'live' : 'plain';

const tell = (report: DagExecutionReport, run: DagRun, terminal: Terminal, quiet: boolean): void => {
  for (const warning of quiet ? [] : report.warnings.slice(0, 20)) terminal.tell(`warning: ${warning}`);
  const text = summaryText(report, run.snapshot, terminal);
  if (!quiet) terminal.out(text);
  else if (!report.success) terminal.err(process.stderr.isTTY ? text : stripVTControlCharacters(text));
};
