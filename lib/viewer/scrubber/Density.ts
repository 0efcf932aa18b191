/** How many parts the track is told apart in, at most. */
const PARTS = 512;

/** How often something went wrong along a log, in parts whose width doubles as the log grows: constant space and work. */
export class Density {
  readonly #failures = new Uint32Array(PARTS);
  readonly #retries = new Uint32Array(PARTS);
  #width = 1;
  #read = 0;

  /** Up to which event it has read. */
  get read(): number {
    return this.#read;
  }

  /** Events in each part. */
  get width(): number {
    return this.#width;
  }

  get failures(): Uint32Array {
    return this.#failures;
  }

  get retries(): Uint32Array {
    return this.#retries;
  }

  /** Reads the log on, at most `most` events at a time; true where there is more to read. */
  readOn(typeAt: (seq: number) => string, head: number, most = 50_000): boolean {
    const end = Math.min(head, this.#read + most);
    while (this.#read < end) {
      this.#read++;
      while (this.#read > PARTS * this.#width) this.#halve();
      const part = Math.floor((this.#read - 1) / this.#width);
      const type = typeAt(this.#read);
      if (type === 'NodeFailed') this.#failures[part]!++;
      else if (type === 'NodeRetryScheduled') this.#retries[part]!++;
    }
    return this.#read < head;
  }

  #halve(): void {
    this.#width *= 2;
    for (const counts of [this.#failures, this.#retries]) {
      for (let i = 0; i < PARTS / 2; i++) counts[i] = counts[2 * i]! + counts[2 * i + 1]!;
      counts.fill(0, PARTS / 2);
    }
  }
}
