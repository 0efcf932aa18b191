import type { ExecutionEvent } from '../../../lib/index.js';

/** Adds up, event by event, how long nodes ran and how much slots could have run. */
export class BusyTime {
  #at: number | undefined;
  #running = 0;
  #slots = 0;
  #busyMs = 0;
  #slotMs = 0;

  take(event: ExecutionEvent): void {
    this.#pass(event.at);
    switch (event.type) {
      case 'RunStarted':
        this.#slots = event.config.maxParallelNodes;
        return;
      case 'ConcurrencySet':
        this.#slots = event.maxParallelNodes;
        return;
      case 'NodeStarted':
        this.#running++;
        return;
      case 'NodeSucceeded':
      case 'NodeFailed':
        this.#running--;
        return;
      default:
    }
  }

  /** The part of the slots' time that was used up to an instant, 0 to 1. */
  utilisation(at: number): number {
    const since = this.#at === undefined ? 0 : Math.max(0, at - this.#at);
    const slotMs = this.#slotMs + since * this.#slots;
    return slotMs === 0 ? 0 : (this.#busyMs + since * this.#running) / slotMs;
  }

  #pass(at: number): void {
    const since = at - (this.#at ?? at);
    this.#busyMs += since * this.#running;
    this.#slotMs += since * this.#slots;
    this.#at = at;
  }
}
