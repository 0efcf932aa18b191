const WINDOW_MS = 100;
/** More events than so many per millisecond are too many to be told one by one. */
const MOST_PER_MS = 20;
const NODES_PER_MS = 1_000;

/** Tells whether events come too fast to be sent, by how many there were in the latest window of time. */
export class Flood {
  isOn = false;
  /** How many nodes a state has. */
  size = 0;
  #count = 0;
  #since = performance.now();

  /** How often a state is told instead: the larger, the seldomer. */
  get everyMs(): number {
    return Math.max(WINDOW_MS, this.size / NODES_PER_MS);
  }

  hear(): void {
    if (this.#count === 0 && !this.isOn) this.#since = performance.now(); // what was before is no part of it
    this.#count++;
  }

  look(): void {
    const tookMs = performance.now() - this.#since;
    if (this.#count > MOST_PER_MS * Math.max(WINDOW_MS, tookMs)) this.isOn = true;
    else if (tookMs < WINDOW_MS) return;
    else this.isOn = false;
    this.#count = 0;
    this.#since = performance.now();
  }
}
