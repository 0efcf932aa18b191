import type { Estimates } from '../plan/Estimates.js';
import { Heap } from './Heap.js';
import { Ranks } from './Ranks.js';
import type { Listener, RunState } from './RunState.js';

interface Entry {
  readonly index: number;
  readonly priority: number;
  readonly rank: number;
  /** Tells it from other entries of its node. */
  readonly stamp: number;
}

/**
 * What a live run has yet to do: nodes that may start, by priority, then critical path, then definition order; nodes to
 * skip; failures to answer. Filled by the fold, emptied by `schedule`. Entries are checked when they are taken, never
 * searched for, so whatever has lost its meaning is simply dropped.
 */
export class Agenda implements Listener {
  /** Ready since the last schedule; `when`, pauses and holds are looked at first. */
  fresh: number[] = [];
  failures: number[] = [];
  complete: number[] = [];
  readonly doomedNodes: Heap<number, Agenda>;
  /** Nodes whose retry delay is over. */
  readonly due = new Set<number>();
  /** Nodes that will fail once they have a slot, and why. */
  readonly broken = new Map<number, unknown>();
  /** Nodes whose gates are asked, with the seq of the NodeStarting that an answer must name. */
  readonly asked = new Map<number, number>();
  /** Nodes whose dependants wait for a hook's answer, by the number of answers; and what is parked there. */
  readonly holds = new Map<number, number>();
  private readonly parked = new Map<number, (() => void)[]>();
  private readonly heaps = new Map<string | undefined, Heap<Entry>>();
  /** By node, the stamp of its entry that counts, 0 for none; others of it in a heap have lost their meaning. */
  private stamps = new Float64Array(0);
  private stamp = 0;
  readonly ranks: Ranks;
  private readonly state: RunState;
  private before: (a: Entry, b: Entry) => boolean = soonest;

  constructor(state: RunState, estimates?: Estimates) {
    this.state = state;
    const order = (index: number): number => this.order(index);
    this.ranks = new Ranks(state, estimates, order, (index) => this.isQueued(index) && this.queue(index));
    this.doomedNodes = new Heap<number, Agenda>(isFirst, this);
  }

  /** The last `schedule` has stopped where hooks must see what it did. */
  isUnfinished = false;

  /** Whether another `schedule` would find something to do. */
  get hasMore(): boolean {
    return (
      this.isUnfinished ||
      this.fresh.length > 0 ||
      this.failures.length > 0 ||
      this.complete.length > 0 ||
      this.doomedNodes.size > 0
    );
  }

  ready(index: number): void {
    // A node that had been ready before is looked at anew, once everybody has seen why it is ready again.
    if (this.isQueued(index)) this.stamps[index] = 0;
    this.fresh.push(index);
  }

  doomed(index: number): void {
    this.doomedNodes.push(index);
  }

  failed(index: number): void {
    this.failures.push(index);
  }

  expanded(index: number): void {
    this.complete.push(index);
  }

  /** Queues a node for a slot. */
  queue(index: number): void {
    const { spec } = this.state.nodes.get(index);
    let heap = this.heaps.get(spec.pool);
    if (heap === undefined) {
      if (!this.state.config.enableParallelExecution) this.before = isSooner;
      this.heaps.set(spec.pool, (heap = new Heap(this.before)));
    }
    const rank = this.before === soonest ? this.ranks.of(index) : -this.order(index);
    if (index >= this.stamps.length) this.reserve();
    this.stamps[index] = ++this.stamp;
    heap.push({ index, priority: spec.priority ?? 0, rank, stamp: this.stamp });
  }

  private isQueued(index: number): boolean {
    return index < this.stamps.length && this.stamps[index] !== 0;
  }

  private reserve(): void {
    const grown = new Float64Array(Math.max(this.state.nodes.size, this.stamps.length * 2));
    grown.set(this.stamps);
    this.stamps = grown;
  }

  /** Takes the first node for which `take` says true, of pools with room; `take` is asked about each at most once. */
  next<T>(
    turn: T,
    isOpen: (turn: T, pool: string | undefined) => boolean,
    take: (turn: T, index: number) => boolean,
  ): number | undefined {
    for (;;) {
      let best: Heap<Entry> | undefined;
      for (const [pool, heap] of this.heaps) {
        const top = heap.peek();
        if (top !== undefined && isOpen(turn, pool) && (best === undefined || this.before(top, best.peek()!)))
          best = heap;
      }
      const entry = best?.pop();
      if (entry === undefined) return undefined;
      if (this.stamps[entry.index] !== entry.stamp) continue;
      this.stamps[entry.index] = 0;
      if (entry.priority === (this.state.nodes.get(entry.index).spec.priority ?? 0) && take(turn, entry.index))
        return entry.index;
    }
  }

  /** Sets something aside until the hooks that hold `node` have answered. */
  park(node: number, again: () => void): void {
    const waiting = this.parked.get(node);
    if (waiting === undefined) this.parked.set(node, [again]);
    else waiting.push(again);
  }

  hold(node: number): void {
    this.holds.set(node, (this.holds.get(node) ?? 0) + 1);
  }

  /** One answer fewer is owed for this node; at the last, what was parked goes on. */
  unhold(node: number): void {
    const left = (this.holds.get(node) ?? 1) - 1;
    if (left > 0) {
      this.holds.set(node, left);
      return;
    }
    this.holds.delete(node);
    const waiting = this.parked.get(node);
    this.parked.delete(node);
    waiting?.forEach((again) => again());
  }

  order(index: number): number {
    const { order } = this.state.plan;
    return index < order.length ? order[index]! : index;
  }
}

const soonest = (a: Entry, b: Entry): boolean =>
  a.priority !== b.priority ? a.priority > b.priority : a.rank !== b.rank ? a.rank > b.rank : a.index < b.index;

/** One after the other, whatever their priorities. */
const isSooner = (a: Entry, b: Entry): boolean => a.rank > b.rank;

const isFirst = (a: number, b: number, agenda: Agenda): boolean => agenda.order(a) < agenda.order(b);
