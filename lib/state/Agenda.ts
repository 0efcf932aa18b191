import type { Estimates } from '../plan/Estimates.js';
import { Heap } from './Heap.js';
import { QueueKeys, ReadyQueue } from './ReadyQueue.js';
import { Ranks } from './Ranks.js';
import type { Listener, RunState } from './RunState.js';

/**
 * What a live run has yet to do: nodes that may start, by priority, then critical path, then definition order; nodes to
 * skip; failures to answer. Filled by the fold, emptied by `schedule`. What is in it is checked when it is taken, so that
 * whatever has lost its meaning is simply dropped.
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
  private readonly keys = new QueueKeys();
  private readonly queues = new Map<string | undefined, ReadyQueue>();
  readonly ranks: Ranks;
  private readonly state: RunState;

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
    if (this.isQueued(index)) this.queueOf(index).remove(index);
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

  /** Queues a node for a slot, or anew after its rank has changed. */
  queue(index: number): void {
    const { keys, state } = this;
    if (index >= keys.place.length) keys.reserve(state.nodes.size);
    // One after the other goes by the order alone, whatever the priorities.
    const isParallel = state.config.enableParallelExecution;
    keys.priority[index] = (isParallel && state.nodes.get(index).spec.priority) || 0;
    keys.rank[index] = isParallel ? this.ranks.of(index) : -this.order(index);
    this.queueOf(index).put(index);
  }

  private isQueued(index: number): boolean {
    return index < this.keys.place.length && this.keys.place[index] !== 0;
  }

  private queueOf(index: number): ReadyQueue {
    const { pool } = this.state.nodes.get(index).spec;
    let queue = this.queues.get(pool);
    if (queue === undefined) this.queues.set(pool, (queue = new ReadyQueue(this.keys)));
    return queue;
  }

  /** Takes the first node for which `take` says true, of pools with room; `take` is asked about each at most once. */
  next<T>(
    turn: T,
    isOpen: (turn: T, pool: string | undefined) => boolean,
    take: (turn: T, index: number) => boolean,
  ): number | undefined {
    for (;;) {
      let best: number | undefined;
      for (const [pool, { first }] of this.queues)
        if (first !== undefined && (best === undefined || this.keys.isBefore(first, best)) && isOpen(turn, pool))
          best = first;
      if (best === undefined) return undefined;
      this.queueOf(best).remove(best);
      if (take(turn, best)) return best;
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

const isFirst = (a: number, b: number, agenda: Agenda): boolean => agenda.order(a) < agenda.order(b);
