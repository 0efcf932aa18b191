import { map, type MonoTypeOperatorFunction } from 'rxjs';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import { answering, causes, type Answering, type HookContext } from './Hook.js';

/**
 * Lets commands that come later name the event that is being shown now as their cause, without keeping the run open for
 * them. To be called while that event is being delivered.
 */
export const causedNow = (ctx: HookContext): MonoTypeOperatorFunction<ExecutorCommand> => {
  const source = (ctx as { readonly [answering]?: () => Answering })[answering]?.();
  return map((command) => {
    if (source === undefined) return command;
    const copied = { ...command };
    causes.set(copied, source);
    return copied;
  });
};
