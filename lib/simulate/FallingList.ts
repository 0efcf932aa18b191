/** Numbers kept in falling order as they are added. */
export class FallingList {
  private readonly values: Float64Array;
  private size = 0;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
  }

  add(value: number): void {
    const { values } = this;
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle]! >= value) low = middle + 1;
      else high = middle;
    }
    values.copyWithin(low + 1, low, this.size++);
    values[low] = value;
  }

  /** What the `from`th to the `to`th largest, counted from 0, come to. */
  sum(from: number, to: number): number {
    let sum = 0;
    for (let at = from; at <= to; at++) sum += this.values[at]!;
    return sum;
  }
}
