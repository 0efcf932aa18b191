/** What queues of one run go by, per node: which comes first, and where in its queue each one stands. */
export class QueueKeys {
  priority = new Float64Array(0);
  rank = new Float64Array(0);
  /** From 1; 0 for a node that is in none. */
  place = new Int32Array(0);

  reserve(size: number): void {
    const room = Math.max(size, 2 * this.place.length);
    this.priority = wider(this.priority, new Float64Array(room));
    this.rank = wider(this.rank, new Float64Array(room));
    this.place = wider(this.place, new Int32Array(room));
  }

  isBefore(a: number, b: number): boolean {
    const byPriority = this.priority[a]! - this.priority[b]!;
    if (byPriority !== 0) return byPriority > 0;
    const byRank = this.rank[a]! - this.rank[b]!;
    return byRank === 0 ? a < b : byRank > 0;
  }
}

const wider = <A extends Float64Array | Int32Array>(old: A, room: A): A => {
  room.set(old);
  return room;
};

/** Nodes by priority, then rank, then number: a heap with four children to a parent. A node is in one queue at most. */
export class ReadyQueue {
  private nodes = new Int32Array(64);
  private size = 0;
  private readonly keys: QueueKeys;

  constructor(keys: QueueKeys) {
    this.keys = keys;
  }

  /** The first one. */
  get first(): number | undefined {
    return this.size === 0 ? undefined : this.nodes[0];
  }

  /** Puts a node in, or to its place again after its keys have changed. */
  put(node: number): void {
    let at = this.keys.place[node]! - 1;
    if (at < 0) {
      if (this.size === this.nodes.length) this.nodes = wider(this.nodes, new Int32Array(2 * this.size));
      at = this.size++;
    }
    this.down(this.up(at, node), node);
  }

  remove(node: number): void {
    const { place } = this.keys;
    const at = place[node]! - 1;
    place[node] = 0;
    const last = this.nodes[--this.size]!;
    if (last !== node) this.down(this.up(at, last), last);
  }

  /** Moves those before `at` down that come after the node; gives where it may stand. */
  private up(at: number, node: number): number {
    const { nodes, keys } = this;
    while (at > 0) {
      const above = (at - 1) >> 2;
      const other = nodes[above]!;
      if (!keys.isBefore(node, other)) break;
      nodes[at] = other;
      keys.place[other] = at + 1;
      at = above;
    }
    return at;
  }

  /** Moves those below `at` up that come before the node, and puts it there. */
  private down(at: number, node: number): void {
    const { nodes, keys, size } = this;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let below = first;
      for (let k = first + 1, end = Math.min(first + 4, size); k < end; k++)
        if (keys.isBefore(nodes[k]!, nodes[below]!)) below = k;
      const other = nodes[below]!;
      if (!keys.isBefore(other, node)) break;
      nodes[at] = other;
      keys.place[other] = at + 1;
      at = below;
    }
    nodes[at] = node;
    keys.place[node] = at + 1;
  }
}
