const BITS = 4;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

interface Chunk {
  owner: number;
  slots: unknown[];
}

/**
 * A persistent list: a 16-way trie in which a change copies one path. A chunk belongs to an owner and is changed in place
 * by it; whoever shares the list with others takes a new owner number first (`newOwner`), and copies from then on.
 * Owner numbers are never used twice, so a chunk can't be mistaken for one's own.
 */
export class Vector<T> {
  size: number;
  private shift: number;
  private root: Chunk;

  private constructor(size: number, shift: number, root: Chunk) {
    this.size = size;
    this.shift = shift;
    this.root = root;
  }

  static empty<T>(): Vector<T> {
    return new Vector<T>(0, 0, { owner: 0, slots: [] });
  }

  /** Builds a list of `size` items at once, chunk by chunk. */
  static build<T>(size: number, item: (index: number) => T, owner: number): Vector<T> {
    if (size === 0) return Vector.empty();
    let level: Chunk[] = [];
    for (let start = 0; start < size; start += WIDTH) {
      const end = Math.min(start + WIDTH, size);
      const slots: unknown[] = [];
      for (let i = start; i < end; i++) slots.push(item(i));
      level.push({ owner, slots });
    }
    let shift = 0;
    while (level.length > 1) {
      const above: Chunk[] = [];
      for (let start = 0; start < level.length; start += WIDTH)
        above.push({ owner, slots: level.slice(start, start + WIDTH) });
      level = above;
      shift += BITS;
    }
    return new Vector<T>(size, shift, level[0]!);
  }

  /** A second handle on the same items; the two diverge from here. */
  share(): Vector<T> {
    return new Vector<T>(this.size, this.shift, this.root);
  }

  get(index: number): T {
    let chunk = this.root;
    for (let shift = this.shift; shift > 0; shift -= BITS) chunk = chunk.slots[(index >>> shift) & MASK] as Chunk;
    return chunk.slots[index & MASK] as T;
  }

  set(index: number, value: T, owner: number): void {
    this.leaf(index, owner)[index & MASK] = value;
  }

  push(value: T, owner: number): void {
    if (this.size === 2 ** (this.shift + BITS)) {
      this.root = { owner, slots: [this.root] };
      this.shift += BITS;
    }
    const index = this.size++;
    this.leaf(index, owner)[index & MASK] = value;
  }

  /** The slots of the leaf that holds this index, made the owner's along the whole path. */
  private leaf(index: number, owner: number): unknown[] {
    let chunk = this.root;
    if (chunk.owner !== owner) chunk = this.root = { owner, slots: chunk.slots.slice() };
    for (let shift = this.shift; shift > 0; shift -= BITS) {
      const slot = (index >>> shift) & MASK;
      let below = chunk.slots[slot] as Chunk | undefined;
      if (below === undefined) below = chunk.slots[slot] = { owner, slots: [] };
      else if (below.owner !== owner) below = chunk.slots[slot] = { owner, slots: below.slots.slice() };
      chunk = below;
    }
    return chunk.slots;
  }
}

let owners = 0;
/** A number that no chunk bears yet. */
export const newOwner = (): number => ++owners;
