import type { Plan } from '../plan/Plan.js';
import { longestPaths } from '../plan/topological.js';
import { FallingList } from './FallingList.js';
import { PrefixMax } from './PrefixMax.js';

/** What no schedule can beat, in milliseconds. */
export interface Bounds {
  /** The longer of the critical path and of the work shared out evenly among the slots. */
  readonly simpleBoundMs: number;
  /** At least that; it also heeds pools, and what has to come before and after certain nodes. */
  readonly lowerBoundMs: number;
}

/** By node: how long it takes, and how much of that in a slot; waiting for a person takes none. */
export interface Load {
  readonly durationMs: Float64Array;
  readonly workMs: Float64Array;
}

/**
 * After so many steps the search for a better bound ends: one for each node that is looked at, eight for one that is sorted
 * in, two for each number of nodes to a slot that is tried.
 */
const STEPS_MAX = 1_000_000;
const SORTED_STEPS = 8;
const TRIED_STEPS = 2;

/**
 * Simple and head–tail bounds. All nodes that have at least `a` before them and at least `b` behind them take at least
 * `a + L + b`, where L is the best bound of these nodes alone on the slots; the best pair of a node's head and a node's tail
 * counts. L is their work shared out evenly, or by counting: of q × slots + 1 nodes some slot runs q + 1.
 *
 * With even shares all pairs cost O(n log n). By counting, a head costs O(n log n) or little more; heads are tried best first, and
 * only where they can win. After a million steps that ends, which leaves the bound lower, never wrong.
 *
 * The nodes of each pool are bounded alone as well, on the pool's slots.
 */
export const boundsOf = (plan: Plan, slots: number, load: Load): Bounds => {
  const { durationMs, workMs } = load;
  const { head, tail, criticalMs } = headsAndTails(plan, durationMs);
  const totalMs = workMs.reduce((sum, ms) => sum + ms, 0);
  const simpleBoundMs = Math.max(criticalMs, totalMs / slots);
  let lowerBoundMs = headTailBound({ head, tail, workMs, slots }, simpleBoundMs);
  for (const [pool, nodes] of poolsOf(plan)) {
    const own = plan.graph.config?.pools?.[pool] ?? slots;
    if (own >= slots) continue; // they are bounded as all nodes are
    const of = (values: Float64Array): Float64Array => Float64Array.from(nodes, (i) => values[i]!);
    lowerBoundMs = headTailBound({ head: of(head), tail: of(tail), workMs: of(workMs), slots: own }, lowerBoundMs);
  }
  return { simpleBoundMs, lowerBoundMs };
};

/** The nodes of each pool. */
const poolsOf = ({ nodes }: Plan): ReadonlyMap<string, readonly number[]> => {
  const pools = new Map<string, number[]>();
  nodes.forEach(({ pool }, i) => {
    if (pool === undefined) return;
    const known = pools.get(pool);
    if (known === undefined) pools.set(pool, [i]);
    else known.push(i);
  });
  return pools;
};

/** For each node the longest path before it and behind it, without itself. */
const headsAndTails = (
  plan: Plan,
  durationMs: Float64Array,
): { readonly head: Float64Array; readonly tail: Float64Array; readonly criticalMs: number } => {
  const { order, outStart, outs } = plan;
  const sequence = new Int32Array(order.length);
  order.forEach((place, i) => (sequence[place] = i));
  const toEnd = longestPaths(plan, sequence, (i) => durationMs[i]!);
  const head = new Float64Array(order.length);
  for (const i of sequence) {
    const end = head[i]! + durationMs[i]!;
    for (let k = outStart[i]!; k < outStart[i + 1]!; k++) head[outs[k]!] = Math.max(head[outs[k]!]!, end);
  }
  const criticalMs = toEnd.reduce((longest, length) => Math.max(longest, length), 0);
  return { head, tail: toEnd.map((length, i) => length - durationMs[i]!), criticalMs };
};

interface Tasks {
  readonly head: Float64Array;
  readonly tail: Float64Array;
  readonly workMs: Float64Array;
  readonly slots: number;
}

/** The best head–tail bound, or `best` where none is better. */
const headTailBound = (tasks: Tasks, best: number): number => {
  const { head, tail, workMs, slots } = tasks;
  const byHead = falling(head);
  const byTail = falling(tail);
  const place = placesOf(byTail);
  // Node by node, from the last head to the first: their share up to each tail, plus that tail.
  const even = new PrefixMax(head.length);
  const pairs = new PrefixMax(head.length);
  const rows: { readonly a: number; readonly atMost: number }[] = [];
  let longestMs = 0;
  byHead.forEach((i, at) => {
    even.set(place[i]!, workMs[i]! / slots, tail[i]!);
    pairs.set(place[i]!, workMs[i]! * countedPart(1, slots), tail[i]!);
    longestMs = Math.max(longestMs, workMs[i]!);
    const a = head[i]!;
    if (at + 1 < byHead.length && head[byHead[at + 1]!] === a) return;
    best = Math.max(best, a + even.best);
    rows.push({ a, atMost: a + Math.min(even.best + unevenness(longestMs, slots), pairs.best) });
  });
  rows.sort((x, y) => y.atMost - x.atMost);
  const search: Search = { byTail, byWork: undefined, stepsLeft: STEPS_MAX };
  for (const { a, atMost } of rows) {
    if (atMost <= best || search.stepsLeft <= 0) break;
    best = countedBound(tasks, search, a, best);
  }
  return best;
};

/** By how much counting can exceed an even share: no schedule that leaves no slot idle without need exceeds it by more. */
const unevenness = (longestMs: number, slots: number): number => longestMs * (1 - 1 / slots);

/** Of some work at most this part lies in the q + 1 shortest of its q × slots + 1 longest nodes; falls with q. */
const countedPart = (q: number, slots: number): number => (q + 1) / (q * slots + 1);

/** The search for a bound by counting. */
interface Search {
  readonly byTail: Int32Array;
  /** The place of each node among all by their work, once it is needed. */
  byWork: Int32Array | undefined;
  stepsLeft: number;
}

/** The best bound by counting of the nodes with at least `a` before them, or `best` where none is better. */
const countedBound = ({ head, tail, workMs, slots }: Tasks, search: Search, a: number, best: number): number => {
  const nodes = search.byTail.filter((i) => head[i]! >= a);
  const longest = new FallingList(head.length);
  let [work, longestMs, sorted] = [0, 0, 0];
  nodes.forEach((i, at) => {
    work += workMs[i]!;
    longestMs = Math.max(longestMs, workMs[i]!);
    const b = tail[i]!;
    const isLast = at + 1 === nodes.length || tail[nodes[at + 1]!] !== b;
    if (!isLast || a + work / slots + unevenness(longestMs, slots) + b <= best) return;
    const isOpen = (q: number): boolean => q * slots <= at && a + work * countedPart(q, slots) + b > best;
    if (!isOpen(1) || search.stepsLeft <= 0) return;
    const places = (search.byWork ??= placesOf(falling(workMs)));
    for (; sorted <= at; sorted++) longest.add(places[nodes[sorted]!]!, workMs[nodes[sorted]!]!);
    for (let q = 1; isOpen(q) && search.stepsLeft > 0; q++) {
      best = Math.max(best, a + longest.sum(q * slots - q, q * slots) + b);
      search.stepsLeft -= TRIED_STEPS;
    }
  });
  search.stepsLeft -= head.length + sorted * SORTED_STEPS;
  return best;
};

/** The place of each index in a row of all of them. */
const placesOf = (row: Int32Array): Int32Array => {
  const places = new Int32Array(row.length);
  row.forEach((i, at) => (places[i] = at));
  return places;
};

/** Indexes such that values fall. */
const falling = (values: Float64Array): Int32Array =>
  Int32Array.from(values.keys()).sort((i, j) => values[j]! - values[i]! || i - j);
