import type { IdleCut } from './idleCuts.js';

/** From time to px and back, along one axis; cut times take a few px each. */
export class TimeScale {
  readonly left: number;
  readonly width: number;
  /** What shows, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly cuts: readonly IdleCut[];
  /** Where each cut begins on the axis, in squeezed milliseconds, and what a cut takes there. */
  readonly #starts: Float64Array;
  readonly #gap: number;
  readonly #from: number;
  readonly #span: number;

  /** The gap that a cut leaves is a part of all that is left. */
  constructor(from: number, to: number, left: number, width: number, cuts: readonly IdleCut[] = [], busy = to - from) {
    this.from = from;
    this.to = Math.max(to, from + 1e-3);
    this.left = left;
    this.width = Math.max(1, width);
    this.cuts = cuts;
    this.#gap = busy * 0.015;
    this.#starts = new Float64Array(cuts.length);
    let cutAway = 0;
    for (let i = 0; i < cuts.length; i++) {
      const cut = cuts[i]!;
      this.#starts[i] = cut.from - cutAway;
      cutAway += cut.to - cut.from - this.#gap;
    }
    this.#from = this.#squeeze(this.from);
    this.#span = Math.max(1e-3, this.#squeeze(this.to) - this.#from);
  }

  x(at: number): number {
    return this.left + ((this.#squeeze(at) - this.#from) / this.#span) * this.width;
  }

  at(x: number): number {
    return this.#stretch(this.#from + ((x - this.left) / this.width) * this.#span);
  }

  /** How many milliseconds one px stands for, outside of cuts. */
  get msPerPx(): number {
    return this.#span / this.width;
  }

  /** What shows after a zoom by a factor about a place, or a shift by some px. */
  zoomed(factor: number, x: number): readonly [from: number, to: number] {
    const at = this.#from + ((x - this.left) / this.width) * this.#span;
    const from = at - (at - this.#from) / factor;
    return [this.#stretch(from), this.#stretch(from + this.#span / factor)];
  }

  shifted(px: number): readonly [from: number, to: number] {
    const by = px * this.msPerPx;
    return [this.#stretch(this.#from + by), this.#stretch(this.#from + by + this.#span)];
  }

  #squeeze(at: number): number {
    const { cuts } = this;
    const i = lastAtOrBefore(cuts.length, (k) => cuts[k]!.from <= at);
    if (i < 0) return at;
    const { from, to } = cuts[i]!;
    const inside = at >= to ? this.#gap + at - to : ((at - from) / (to - from)) * this.#gap;
    return this.#starts[i]! + inside;
  }

  #stretch(squeezed: number): number {
    const i = lastAtOrBefore(this.cuts.length, (k) => this.#starts[k]! <= squeezed);
    if (i < 0) return squeezed;
    const { from, to } = this.cuts[i]!;
    const beyond = squeezed - this.#starts[i]!;
    return beyond >= this.#gap ? to + beyond - this.#gap : from + (beyond / this.#gap) * (to - from);
  }
}

const lastAtOrBefore = (count: number, holds: (k: number) => boolean): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};
