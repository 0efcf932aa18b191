/** Lets a costly piece of work take at most a twentieth of the time, so that small runs are shown at once and huge ones smoothly. */
export class Pace {
  #doneAt = -Infinity;
  #cost = 0;

  /** How long to wait until the work may be done again, milliseconds; 0 for now. */
  wait(now: number): number {
    return Math.max(0, this.#doneAt + Math.min(this.#cost * 20, 2_000) - now);
  }

  do(work: () => void): void {
    const start = performance.now();
    work();
    this.#doneAt = performance.now();
    this.#cost = this.#doneAt - start;
  }
}
