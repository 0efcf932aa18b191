/** Which events a log shows: all, or those that pass a test, which is asked in slices of time. */
export class LogRows {
  #test: ((seq: number) => boolean) | undefined;
  #size = 0;
  #tested = 0;
  #found = new Int32Array(1_024);
  #count = 0;

  /** Begins anew with this test. */
  filter(test: ((seq: number) => boolean) | undefined): void {
    this.#test = test;
    this.#tested = 0;
    this.#count = 0;
  }

  /** So many events are known. */
  grow(size: number): void {
    if (size < this.#size) this.filter(this.#test);
    this.#size = size;
  }

  get isFiltered(): boolean {
    return this.#test !== undefined;
  }

  get count(): number {
    return this.#test === undefined ? this.#size : this.#count;
  }

  /** How much of the log has been tested, 0 to 1. */
  get progress(): number {
    return this.#test === undefined || this.#size === 0 ? 1 : this.#tested / this.#size;
  }

  /** Tests more events until time is up. Tells whether there are any left. */
  work(isTimeUp: () => boolean): boolean {
    const test = this.#test;
    if (test === undefined) return false;
    while (this.#tested < this.#size) {
      // A look at the clock costs more than a test.
      const end = Math.min(this.#tested + 64, this.#size);
      while (this.#tested < end) if (test(++this.#tested)) this.#add(this.#tested);
      if (isTimeUp()) break;
    }
    return this.#tested < this.#size;
  }

  seqAt(row: number): number {
    return this.#test === undefined ? row + 1 : (this.#found[row] ?? 0);
  }

  /** The row of this event or, where it does not show, of the last one before it; -1 before the first. */
  rowAt(seq: number): number {
    if (this.#test === undefined) return Math.min(seq, this.#size) - 1;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#found[middle]! <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #add(seq: number): void {
    if (this.#count === this.#found.length) {
      const wider = new Int32Array(this.#count * 2);
      wider.set(this.#found);
      this.#found = wider;
    }
    this.#found[this.#count++] = seq;
  }
}
