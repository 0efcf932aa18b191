import type { EngineError } from '../define/DagError.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import { commandJson } from '../state/step.js';
import { commandInput } from './commandInput.js';
import type { DagRun } from './DagRun.js';
import type { Posted } from './Posted.js';

/** Those who wait to hear what became of their command; each hears exactly once. */
export class Askers {
  private readonly waiting = new Set<Posted>();

  /** Takes note of an input on its way in. */
  note(input: Posted): void {
    if (input.done !== undefined) this.waiting.add(input);
  }

  tell(input: Posted, answer: Parameters<NonNullable<Posted['done']>>[0]): void {
    if (this.waiting.delete(input)) input.done?.(answer);
  }

  /** The engine is broken: nobody will hear anything else. */
  refuseAll(reason: string): void {
    for (const input of this.waiting)
      this.tell(input, {
        _tag: 'Left',
        left: { command: input.type === 'Command' ? commandJson(input.command) : null, reason, type: 'EngineError' },
      });
  }
}

/** Asks in the name of a user, and resolves with what became of it. */
export const askedFor = (command: ExecutorCommand, post: (input: Posted) => void): ReturnType<DagRun['dispatch']> =>
  new Promise((done) => {
    const told: Posted['done'] = (answer) =>
      done(answer._tag === 'Left' ? answer : { _tag: 'Right', right: { seq: answer.right.seq } });
    post(commandInput(command, { by: 'user' }, undefined, told));
  });

/** What whoever asks a run hears that is over. */
export const refusedAfterEnd = async (
  command: ExecutorCommand,
  broken: EngineError | undefined,
): ReturnType<DagRun['dispatch']> => ({
  _tag: 'Left',
  left: {
    command: commandJson(Object(command)),
    ...(broken === undefined
      ? { type: 'RunEnded', reason: 'The run has ended.' }
      : { type: 'EngineError', reason: broken.message }),
  },
});
