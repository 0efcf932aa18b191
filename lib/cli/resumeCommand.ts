import { provideInput } from '../index.js';
import type { ExitCode } from './exitCode.js';
import { goOn, type GoOnOptions } from './goOn.js';
import { parseValue } from './inputsFrom.js';
import type { Terminal } from './Terminal.js';

export interface ResumeCommandOptions extends GoOnOptions {
  readonly takeOver?: boolean;
}

/** Goes on with a run whose process has ended. */
export const resumeCommand = (runId: string, options: ResumeCommandOptions, terminal: Terminal): Promise<ExitCode> =>
  goOn(runId, options, terminal, async (executor, given) => ({
    run: await executor.resume(runId, { ...given, takeOver: options.takeOver === true }),
    commands: [],
  }));

/** Goes on with a run by answering a node that waits for a person. */
export const answerCommand = (
  runId: string,
  nodeId: string,
  value: string,
  options: ResumeCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> =>
  goOn(runId, options, terminal, async (executor, given) => ({
    run: await executor.resume(runId, { ...given, takeOver: options.takeOver === true }),
    commands: [provideInput(nodeId, parseValue(value))],
  }));
