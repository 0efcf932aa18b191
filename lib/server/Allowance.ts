/** How much may be asked: so many at once, and as many again each second. */
export class Allowance {
  readonly #most: number;
  #left: number;
  #since = performance.now();

  constructor(most: number) {
    this.#most = most;
    this.#left = most;
  }

  /** Whether one more may be. */
  take(): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#since) / 1_000) * this.#most);
    this.#since = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
