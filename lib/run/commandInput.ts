import { ExecutorCommand } from '../model/ExecutorCommand.js';
import { explain, show } from '../model/explain.js';
import { failureOf } from '../model/Failure.js';
import { commandJson } from '../state/step.js';
import type { Origin } from '../state/Turn.js';
import type { Posted } from './Posted.js';

/** A wish as an input: a command if it is one, else a refusal that tells what is wrong with it. */
export const commandInput = (wish: unknown, origin: Origin, root: object | undefined, done: Posted['done']): Posted => {
  const extra = { ...(root === undefined ? {} : { root }), ...(done === undefined ? {} : { done }) };
  let reason: string;
  try {
    const decoded = ExecutorCommand.decode(wish);
    if (decoded._tag === 'Right') return { type: 'Command', command: decoded.right, origin, ...extra };
    reason = `The command is malformed: ${explain(decoded.left).join('; ')}`;
  } catch (error) {
    reason = `The command can't be read: ${failureOf(error).message}`;
  }
  const command = commandJson(typeof wish === 'object' && wish !== null ? wish : { value: show(wish) });
  return { type: 'Malformed', command, refusal: { type: 'Malformed', reason }, origin, ...extra };
};
