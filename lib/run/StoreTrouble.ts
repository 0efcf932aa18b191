import { emitEvent } from '../model/commands.js';
import { commandInput } from './commandInput.js';
import type { StoreError } from './EventStore.js';
import type { Posted } from './Posted.js';
import type { Timers } from './Timers.js';

/** Remembers why a run's store can't be used, and tells in the log, once it can again, that it could not. */
export class StoreTrouble {
  /** Undefined while all is well. */
  error: StoreError | undefined;
  #since = 0;
  readonly #timers: Timers;
  readonly #post: (input: Posted) => void;

  constructor(timers: Timers, post: (input: Posted) => void) {
    this.#timers = timers;
    this.#post = post;
  }

  readonly hear = (error: StoreError | undefined): void => {
    const now = this.#timers.now();
    if (error !== undefined) {
      if (this.error === undefined) this.#since = now;
      this.error = error;
    } else if (this.error !== undefined) {
      const payload = { message: this.error.message, since: this.#since, durationMs: now - this.#since };
      this.error = undefined;
      this.#post(commandInput(emitEvent('store.unavailable', payload), { by: 'store' }, undefined, undefined));
    }
  };
}
