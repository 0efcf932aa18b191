/**
 * Some numbers in falling order, and what a stretch of them comes to. To add one costs O(log n), and so does a sum.
 * Each number has a place that is known beforehand: how many of all that may be added are larger.
 */
export class FallingList {
  private readonly leaves: number;
  private readonly counts: Int32Array;
  private readonly sums: Float64Array;

  constructor(capacity: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(1, capacity)));
    this.counts = new Int32Array(2 * this.leaves);
    this.sums = new Float64Array(2 * this.leaves);
  }

  add(place: number, value: number): void {
    const { counts, sums } = this;
    let at = this.leaves + place;
    counts[at] = 1;
    sums[at] = value;
    for (at >>= 1; at > 0; at >>= 1) {
      counts[at]!++;
      sums[at] = sums[2 * at]! + sums[2 * at + 1]!;
    }
  }

  /** What the `from`th to the `to`th largest, counted from 0, come to. */
  sum(from: number, to: number): number {
    return this.sumBelow(1, from, to);
  }

  private sumBelow(at: number, from: number, to: number): number {
    if (from <= 0 && to >= this.counts[at]! - 1) return this.sums[at]!;
    const larger = this.counts[2 * at]!;
    const left = from < larger ? this.sumBelow(2 * at, from, to) : 0;
    return to < larger ? left : left + this.sumBelow(2 * at + 1, from - larger, to - larger);
  }
}
