/**
 * Places in a row that are filled in any order, each with a weight and a bonus: keeps the largest of all sums of the weights
 * up to a filled place, plus the bonus of that place. Filling one costs O(log n).
 */
export class PrefixMax {
  private readonly leaves: number;
  private readonly sums: Float64Array;
  private readonly bests: Float64Array;

  constructor(size: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(1, size)));
    this.sums = new Float64Array(2 * this.leaves);
    this.bests = new Float64Array(2 * this.leaves).fill(-Infinity);
  }

  /** -Infinity while no place is filled. */
  get best(): number {
    return this.bests[1]!;
  }

  set(place: number, weight: number, bonus: number): void {
    const { sums, bests } = this;
    let at = this.leaves + place;
    sums[at] = weight;
    bests[at] = weight + bonus;
    for (at >>= 1; at > 0; at >>= 1) {
      const [left, right] = [2 * at, 2 * at + 1];
      sums[at] = sums[left]! + sums[right]!;
      bests[at] = Math.max(bests[left]!, sums[left]! + bests[right]!);
    }
  }
}
