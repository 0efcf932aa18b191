import { stripVTControlCharacters } from 'node:util';
import type { DagRun } from '../index.js';
import { storeFaultOf } from '../stores/storeFaultOf.js';
import { exitCode, type ExitCode } from './exitCode.js';
import type { KeptRun } from './KeptRun.js';
import { RunScreen, type ScreenEnd, type ScreenMode } from './RunScreen.js';
import { summaryText, troubleLines, type Ended } from './summaryText.js';
import type { Terminal } from './Terminal.js';

export interface FollowOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** Whether a page shows the run, in which a person can answer, too. @default false */
  readonly viewer?: boolean;
  /** Warnings that were told already. */
  readonly told?: readonly string[];
}

/** Shows a run to its end and tells how it came out. */
export const follow = async (
  run: DagRun,
  options: FollowOptions,
  terminal: Terminal,
  kept: KeptRun | undefined,
): Promise<ExitCode> => {
  let end: ScreenEnd;
  try {
    end = await new RunScreen(terminal, modeOf(options, terminal), kept, options.viewer).show(run);
  } catch (error) {
    const fault = storeFaultOf(error);
    if (kept === undefined || fault === undefined) throw error;
    terminal.tell(kept.broken(error as Error, fault));
    return exitCode.failed;
  }
  if (end.type === 'waiting') {
    terminal.tell(end.text);
    return exitCode.waiting;
  }
  if (end.type === 'left') {
    terminal.isHurried = true;
    if (kept !== undefined)
      terminal.tell(
        run.snapshot.seq > 0 ? `The run is kept; go on with: ${kept.resume}` : 'Nothing of the run has been kept.',
      );
    return exitCode.interrupted;
  }
  const { report, watch, interrupted } = end;
  if (options.json !== true) tell({ report, watch, snapshot: run.snapshot }, terminal, options);
  return interrupted ? exitCode.interrupted : report.success ? exitCode.success : exitCode.failed;
};

const modeOf = ({ json, quiet }: FollowOptions, terminal: Terminal): ScreenMode =>
  json === true ? 'json' : quiet === true ? 'quiet' : terminal.isLive ? 'live' : 'plain';

const tell = (ended: Ended, terminal: Terminal, { quiet, told = [] }: FollowOptions): void => {
  if (quiet === true) {
    // Without colours where standard error is no terminal, whatever standard output is.
    const text = ended.report.success
      ? troubleLines(ended, terminal, { withSkips: false })
          .map((line) => `${line}\n`)
          .join('')
      : summaryText(ended, terminal);
    if (text !== '') terminal.err(process.stderr.isTTY ? text : stripVTControlCharacters(text));
    return;
  }
  for (const warning of ended.report.warnings.filter((text) => !told.includes(text)).slice(0, WARNINGS_MAX))
    terminal.tell(`warning: ${warning}`);
  terminal.out(summaryText(ended, terminal));
};

const WARNINGS_MAX = 20;
