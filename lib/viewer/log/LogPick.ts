/** What is read of the rows that are picked from. */
interface Rows {
  rowAt(seq: number): number;
  seqAt(row: number): number;
}

const PICKED_MAX = 10_000;

/** Which events are selected, and the one that keys speak of. */
export class LogPick {
  /** The event that keys speak of; 0 for none. */
  active = 0;
  #anchor = 0;
  readonly #picked = new Set<number>();

  has(seq: number): boolean {
    return this.#picked.has(seq);
  }

  /** In order. */
  seqs(): readonly number[] {
    return [...this.#picked].sort((a, b) => a - b);
  }

  clear(): void {
    this.active = this.#anchor = 0;
    this.#picked.clear();
  }

  /** Picks one row, adds or drops it, or picks all from where the last pick began; at most ten thousand. */
  pick(row: number, how: 'one' | 'extend' | 'toggle', rows: Rows): void {
    const seq = rows.seqAt(row);
    this.active = seq;
    if (how === 'extend' && this.#anchor > 0) {
      const anchor = Math.max(0, rows.rowAt(this.#anchor));
      const from = Math.max(Math.min(anchor, row), row - PICKED_MAX + 1);
      const to = Math.min(Math.max(anchor, row), row + PICKED_MAX - 1);
      this.#picked.clear();
      for (let each = from; each <= to; each++) this.#picked.add(rows.seqAt(each));
      return;
    }
    this.#anchor = seq;
    if (how !== 'toggle') this.#picked.clear();
    else if (this.#picked.delete(seq)) return;
    this.#picked.add(seq);
  }
}
