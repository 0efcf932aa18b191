import { emitEvent } from '../model/commands.js';
import { commandInput } from './commandInput.js';
import type { Posted } from './Posted.js';
import type { Timers } from './Timers.js';

/** Remembers why a run's store, or its remote engine, can't be used, and tells in the log, once it can again, that it could not. */
export class Trouble<E extends { readonly message: string }> {
  /** Undefined while all is well. */
  error: E | undefined;
  #since = 0;
  readonly #whose: string;
  readonly #timers: Timers;
  readonly #post: (input: Posted) => void;

  constructor(whose: 'store' | 'remote', timers: Timers, post: (input: Posted) => void) {
    this.#whose = whose;
    this.#timers = timers;
    this.#post = post;
  }

  readonly hear = (error: E | undefined): void => {
    const now = this.#timers.now();
    if (error !== undefined) {
      if (this.error === undefined) this.#since = now;
      this.error = error;
    } else if (this.error !== undefined) {
      const payload = { message: this.error.message, since: this.#since, durationMs: now - this.#since };
      this.error = undefined;
      this.#post(
        commandInput(emitEvent(`${this.#whose}.unavailable`, payload), { by: this.#whose }, undefined, undefined),
      );
    }
  };
}
