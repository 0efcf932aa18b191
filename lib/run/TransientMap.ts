/** What lets go of its value. */
interface Box<V> {
  value: V | undefined;
}

/**
 * A `Map`, in the order of adding, of values that come and go all the time and weigh something. V8 leaves behind the tables
 * that a `Map` has outgrown, with what was in them then; once one of these is in the old generation all that came later
 * outlives its time as well, up to the next major collection, and each minor one carries it about. Here only boxes do.
 */
export class TransientMap<K, V extends object> {
  private readonly boxes = new Map<K, Box<V>>();

  get size(): number {
    return this.boxes.size;
  }

  get(key: K): V | undefined {
    return this.boxes.get(key)?.value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    this.boxes.set(key, { value });
  }

  delete(key: K): boolean {
    const box = this.boxes.get(key);
    if (box === undefined) return false;
    box.value = undefined;
    return this.boxes.delete(key);
  }

  *values(): IterableIterator<V> {
    for (const { value } of this.boxes.values()) if (value !== undefined) yield value;
  }
}
