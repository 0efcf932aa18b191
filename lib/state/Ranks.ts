import { estimateOf, type Estimates } from '../plan/Estimates.js';
import { longestPaths } from '../plan/topological.js';
import { depsOf } from './adjacency.js';
import { Heap } from './Heap.js';
import * as N from './NodeRecord.js';
import type { RunState } from './RunState.js';

/** What a node counts as of which nothing is known, in milliseconds. */
const UNKNOWN_MS = 1;
/** How many older nodes may be ranked anew for each node or dependency that is added. */
const RAISES_EACH = 64;

/**
 * How long the way from each node to an end of the graph is, itself included, in estimated milliseconds. Kept up to date
 * as the graph grows: new nodes are ranked, and what waits before them is raised, as far as it has not started. In a whole
 * run that raises at most as many nodes as it began with, and 64 for each that is added; what is left keeps its rank.
 */
export class Ranks {
  private values: Float64Array = new Float64Array(0);
  /** How many nodes are ranked; undefined before the run has begun. */
  private known: number | undefined;
  private raisesLeft = 0;
  private readonly raised: Heap<number, Ranks>;
  readonly order: (index: number) => number;
  private readonly state: RunState;
  private readonly estimates: Estimates | undefined;
  private readonly changed: (index: number) => void;

  /** `changed` is called for each node that was raised. */
  constructor(
    state: RunState,
    estimates: Estimates | undefined,
    order: (index: number) => number,
    changed: (index: number) => void,
  ) {
    this.state = state;
    this.estimates = estimates;
    this.changed = changed;
    this.order = order;
    this.raised = new Heap<number, Ranks>(isBehind, this);
  }

  of(index: number): number {
    this.grow();
    return this.values[index]!;
  }

  /** Ranks what was added since it was last called. */
  grow(): void {
    const { size } = this.state.nodes;
    if (this.known === size) return;
    const from = (this.known ??= this.begin());
    if (from === size) return;
    this.known = size;
    this.reserve(size);
    this.raisesLeft += RAISES_EACH * (size - from);
    // Later nodes depend on earlier ones, so the last come first.
    for (let index = size - 1; index >= from; index--) {
      this.values[index] = Math.max(this.values[index]!, this.behindParent(index)) + this.weight(index);
      for (const dep of depsOf(this.state, index))
        if (dep >= from) this.values[dep] = Math.max(this.values[dep]!, this.values[index]!);
    }
    for (let index = from; index < size; index++)
      for (const dep of depsOf(this.state, index)) if (dep < from) this.raise(dep, index);
    this.spread();
  }

  /** A dependency of `to` on `from` was added. */
  link(from: number, to: number): void {
    this.grow();
    this.raisesLeft += RAISES_EACH;
    this.reserve(this.state.nodes.size);
    this.raise(from, to);
    this.spread();
  }

  /** Ranks the nodes that the run begins with, and tells how many there are. */
  private begin(): number {
    const { plan } = this.state;
    this.raisesLeft = plan.rank.length;
    if (this.estimates === undefined) this.values = plan.rank;
    else {
      const sequence = new Int32Array(plan.order.length);
      plan.order.forEach((place, i) => (sequence[place] = i));
      this.values = longestPaths(plan, sequence, (i) => this.weight(i));
    }
    return plan.rank.length;
  }

  /** Makes room; the plan's own ranks are copied before they are changed. */
  private reserve(size: number): void {
    if (size <= this.values.length && this.values !== this.state.plan.rank) return;
    const grown = new Float64Array(2 * size);
    grown.set(this.values);
    this.values = grown;
  }

  /** Notes that the way from `dep` leads on over `index`. */
  private raise(dep: number, index: number): void {
    const rank = this.values[index]! + this.weight(dep);
    if (rank <= this.values[dep]! || this.raisesLeft === 0 || !this.waits(dep)) return;
    this.raisesLeft--;
    this.values[dep] = rank;
    this.raised.push(dep);
  }

  /** Takes what was raised on to what it depends on, the last in order first, so that hardly any node is raised twice. */
  private spread(): void {
    for (let index = this.raised.pop(); index !== undefined; index = this.raised.pop()) {
      this.changed(index);
      for (const dep of depsOf(this.state, index)) this.raise(dep, index);
    }
  }

  private waits(index: number): boolean {
    const { status } = this.state.nodes.get(index);
    return status === N.PENDING || status === N.READY || status === N.RETRYING;
  }

  private weight(index: number): number {
    return estimateOf(this.state.nodes.get(index).spec, this.estimates) ?? UNKNOWN_MS;
  }

  /** A node of an expansion is followed by what its parent is followed by. */
  private behindParent(index: number): number {
    const { parent } = this.state.nodes.get(index).spec;
    const at = parent === undefined ? undefined : this.state.find(parent);
    return at === undefined ? 0 : this.values[at]! - this.weight(at);
  }
}

const isBehind = (a: number, b: number, { order }: Ranks): boolean => order(a) > order(b);
