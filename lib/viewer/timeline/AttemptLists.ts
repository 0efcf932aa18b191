import type { Attempts } from '../view/Attempts.js';

/** The attempts of each node, found in one step; what is added to the log is added here one by one. */
export class AttemptLists {
  #size = 0;
  #source: Attempts | undefined;
  /** By node: its first attempt and its last, plus one. */
  #first = new Int32Array(64);
  #last = new Int32Array(64);
  /** By attempt: the node's next one, plus one. */
  #next = new Int32Array(64);

  grow(attempts: Attempts): void {
    if (attempts !== this.#source || attempts.size < this.#size) {
      this.#source = attempts;
      this.#size = 0;
      this.#first.fill(0);
    }
    if (attempts.size > this.#next.length) this.#next = wider(this.#next, attempts.size);
    for (; this.#size < attempts.size; this.#size++) {
      const i = this.#size;
      const node = attempts.node[i]!;
      if (node >= this.#first.length) {
        this.#first = wider(this.#first, node + 1);
        this.#last = wider(this.#last, node + 1);
      }
      if (this.#first[node] === 0) this.#first[node] = i + 1;
      else this.#next[this.#last[node]! - 1] = i + 1;
      this.#last[node] = i + 1;
      this.#next[i] = 0;
    }
  }

  /** The node's first attempt, or -1. */
  first(node: number): number {
    return (this.#first[node] ?? 0) - 1;
  }

  /** The attempt after this one of the same node, or -1. */
  next(attempt: number): number {
    return (this.#next[attempt] ?? 0) - 1;
  }
}

const wider = (old: Int32Array, least: number): Int32Array<ArrayBuffer> => {
  const grown = new Int32Array(Math.max(least, old.length * 2));
  grown.set(old);
  return grown;
};
