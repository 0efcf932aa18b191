/**
 * A heap with four children to a parent, least first by `before`. Entries are never deleted; whoever pops checks that one still counts. What an
 * order rests on comes as `context`, so that `before` is one function for all heaps and stays inlined from run to run.
 */
export class Heap<T, C = undefined> {
  private readonly items: T[] = [];
  private readonly before: (a: T, b: T, context: C) => boolean;
  private readonly context: C;

  constructor(before: (a: T, b: T, context: C) => boolean, context?: C) {
    this.before = before;
    this.context = context as C;
  }

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items, before, context } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const up = (at - 1) >> 2;
      if (!before(item, items[up]!, context)) break;
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items, before, context } = this;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return top;
    const size = items.length;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let down = first;
      for (let k = first + 1, end = Math.min(first + 4, size); k < end; k++)
        if (before(items[k]!, items[down]!, context)) down = k;
      if (!before(items[down]!, last, context)) break;
      items[at] = items[down]!;
      at = down;
    }
    items[at] = last;
    return top;
  }
}
