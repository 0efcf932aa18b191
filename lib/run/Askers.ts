import { commandJson } from '../state/step.js';
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
