import { DagError } from '../define/DagError.js';
import { cancelBranch, cancelRun, pauseBranch, pauseRun } from '../model/commands.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';

/** What ends or interrupts a run, or a branch of it. */
export type Stop = 'cancelRun' | 'pauseRun' | 'cancelBranch' | 'pauseBranch';

/** The command that stops; throws a `DagError` where it needs a branch and there is none. */
export const stopCommand = (hook: string, stop: Stop, branch: string | undefined, reason: string): ExecutorCommand => {
  if (stop === 'cancelRun') return cancelRun(reason);
  if (stop === 'pauseRun') return pauseRun(reason);
  if (branch === undefined) throw new DagError('InvalidOptions', `${hook}: "${stop}" needs the option "branch".`);
  return stop === 'cancelBranch' ? cancelBranch(branch, reason) : pauseBranch(branch, reason);
};
