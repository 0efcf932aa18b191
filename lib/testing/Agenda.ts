/** One entry of an agenda; `work` is taken away when it is cancelled, and then it is dropped unseen. */
export interface Entry<W> {
  readonly due: number;
  /** The how-manieth entry it is: of those due at once, the first made comes first. */
  readonly order: number;
  work: W | undefined;
}

/**
 * What is due when: a binary heap by (due, order). Adding and taking cost O(log n); a cancelled entry costs nothing
 * until it is met, or until cancelled ones are in the majority and all of them are swept out.
 */
export class Agenda<W> {
  #heap: Entry<W>[] = [];
  #made = 0;
  #cancelled = 0;

  /** How many entries are left, cancelled ones not counted. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** How many entries have ever been made. */
  get made(): number {
    return this.#made;
  }

  add(due: number, work: W): Entry<W> {
    const entry: Entry<W> = { due, order: this.#made++, work };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return entry;
  }

  /** Takes an entry off the agenda, if it still stands there. */
  cancel(entry: Entry<W>): void {
    if (entry.work === undefined) return;
    entry.work = undefined;
    this.#cancelled++;
    if (this.#cancelled > 64 && this.#cancelled * 2 > this.#heap.length) this.#sweep();
  }

  /** The entry that is due first. */
  first(): Entry<W> | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.work === undefined) {
      this.#pop();
      this.#cancelled--;
    }
    return this.#heap[0];
  }

  /** Removes the entry that is due first and gives its work. */
  take(): W | undefined {
    const entry = this.first();
    if (entry === undefined) return undefined;
    const { work } = entry;
    entry.work = undefined;
    this.#pop();
    return work;
  }

  /** Everything left, in the order in which it is due. */
  entries(): readonly Entry<W>[] {
    return this.#heap.filter(({ work }) => work !== undefined).sort((a, b) => (before(a, b) ? -1 : 1));
  }

  #sweep(): void {
    this.#heap = this.#heap.filter(({ work }) => work !== undefined);
    this.#cancelled = 0;
    for (let i = (this.#heap.length >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  #pop(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(start: number): void {
    const heap = this.#heap;
    const entry = heap[start]!;
    let i = start;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (before(heap[up]!, entry)) break;
      heap[i] = heap[up]!;
      i = up;
    }
    heap[i] = entry;
  }

  #sink(start: number): void {
    const heap = this.#heap;
    const entry = heap[start]!;
    let i = start;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++;
      if (before(entry, heap[down]!)) break;
      heap[i] = heap[down]!;
      i = down;
    }
    heap[i] = entry;
  }
}

const before = (a: Entry<unknown>, b: Entry<unknown>): boolean =>
  a.due < b.due || (a.due === b.due && a.order < b.order);
