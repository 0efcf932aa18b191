/** Counts what happens, and tells how much of it there was per second lately. */
export class Rate {
  #count = 0;
  #since = performance.now();
  #perSecond = 0;

  count(n = 1): void {
    this.#count += n;
  }

  /** Renewed every half a second. */
  get perSecond(): number {
    const now = performance.now();
    if (now - this.#since >= 500) {
      this.#perSecond = (this.#count * 1_000) / (now - this.#since);
      this.#count = 0;
      this.#since = now;
    }
    return this.#perSecond;
  }
}
