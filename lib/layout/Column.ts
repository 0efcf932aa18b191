/** A column of boxes and what is taken of it. */
export class Column {
  readonly left: number;
  readonly right: number;
  /** From where to where it is taken, by where that begins; such stretches may overlap. */
  readonly #tops: number[] = [];
  readonly #bottoms: number[] = [];
  /** They are sorted when they are read for the first time, and from then on kept so. */
  #isSorted = false;

  constructor(left: number, right: number) {
    this.left = left;
    this.right = right;
  }

  get width(): number {
    return this.right - this.left;
  }

  /** From here on this stretch is taken. */
  take(top: number, bottom: number): void {
    let at = this.#tops.length;
    if (this.#isSorted)
      for (let low = 0; low < at;) {
        const middle = (low + at) >> 1;
        if (this.#tops[middle]! < top) low = middle + 1;
        else at = middle;
      }
    this.#tops.splice(at, 0, top);
    this.#bottoms.splice(at, 0, bottom);
  }

  /** The middle nearest to the wish where something of this height has so much room above and below; at 0 the drawing begins. */
  nearest(wish: number, height: number, gap: number): number {
    this.#sort();
    const room = height / 2 + gap;
    let best = Infinity;
    // Between what has been passed, down to `free`, and what comes next, the nearest place is kept.
    let free = height / 2;
    for (let i = 0; i <= this.#tops.length; i++) {
      const end = i === this.#tops.length ? Infinity : this.#tops[i]! - room;
      if (free <= end) {
        const place = Math.min(Math.max(wish, free), end);
        if (Math.abs(place - wish) < Math.abs(best - wish)) best = place;
        if (end >= wish) break;
      }
      if (i < this.#tops.length) free = Math.max(free, this.#bottoms[i]! + room);
    }
    return best;
  }

  #sort(): void {
    if (this.#isSorted) return;
    const order = this.#tops.map((_, i) => i).sort((a, b) => this.#tops[a]! - this.#tops[b]!);
    const [tops, bottoms] = [order.map((i) => this.#tops[i]!), order.map((i) => this.#bottoms[i]!)];
    order.forEach((_, i) => {
      this.#tops[i] = tops[i]!;
      this.#bottoms[i] = bottoms[i]!;
    });
    this.#isSorted = true;
  }
}
