/** Numbers for names, as many as are told apart; -1 for all names beyond. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#numbers.size;
  }

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.#numbers.size === this.#most) return -1;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** Things in sets, by numbers. */
export interface Numbered {
  /** Thing → the number of its set, or -1. */
  readonly numberOf: Int32Array<ArrayBuffer>;
  /** Set → the first thing in it. */
  readonly firsts: Int32Array;
}

/** Puts together what has the same key, from 0 to before `room`, and leaves out what has a negative one. */
export const numbered = (keys: Int32Array, room: number): Numbered => {
  const numberOf = new Int32Array(keys.length).fill(-1);
  const known = new Int32Array(room);
  const firsts: number[] = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (key < 0) continue;
    if (known[key] === 0) known[key] = firsts.push(i);
    numberOf[i] = known[key]! - 1;
  }
  return { numberOf, firsts: Int32Array.from(firsts) };
};
