import { commonOf, depthsOf, directlyIn, type Clusters } from './Clusters.js';
import { middlesOf } from './middlesOf.js';
import { orderOf } from './orderOf.js';
import { rankedOf, type Ranked } from './Ranked.js';
import { rowsOf } from './Rows.js';
import type { LayoutSettings } from './LayoutOptions.js';
import { swapNeighbours } from './swapNeighbours.js';
import type { Strands } from './Strands.js';

/** What is put in an order with clusters in mind. */
export interface ClusteredGraph {
  readonly strands: Strands;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly heights: Float32Array;
  /** Node → its cluster, or -1. */
  readonly groups: Int32Array;
  readonly within: Int32Array;
}

/** An order in which the items of a cluster lie together in each layer, and two clusters never change sides. */
export interface ClusteredOrder {
  /** The items of the strands, and one for each cluster in each layer that it passes without any. */
  readonly ranked: Ranked;
  readonly order: Int32Array;
  readonly clusters: Clusters;
}

/** How strongly the spine of a cluster is held together, and its members to it. */
const SPINE = 4;
const MEMBER = 1;
/** With more items than this the first order is rough. */
const LARGE = 2_000;

/**
 * Finds the order in two steps. First each cluster gets a spine, which runs through its layers and to which its members are
 * linked, and all is put in an order freely. Then clusters are put together where most of them is.
 */
export const clusteredOrder = (graph: ClusteredGraph, settings: LayoutSettings): ClusteredOrder => {
  const { strands, heights } = graph;
  const size = graph.groups.length;
  const clusters = clustersOf(graph);
  const spines = spinesOf(strands, clusters);
  const { layer, bridges } = spines;

  const free = rankedOf(spines);
  const first = orderOf(free, settings.tries, settings.isLate, LARGE);
  const rows = rowsOf(free, first, new Int32Array(free.layers).fill(1), heights, size);
  const y = middlesOf(rows, settings, { isRough: true });

  const items = strands.items + bridges;
  const of = spines.of.subarray(0, items);
  const held = { ...clusters, of };
  const ranked = rankedOf({ ...strands, items, layer: layer.subarray(0, items) });
  const order = first.filter((item) => item < items);
  const compare = comparing(held, size, (item) => y[rows.rowOf[item]!]!);
  for (let at = 0; at < ranked.layers; at++) order.subarray(ranked.start[at], ranked.start[at + 1]).sort(compare);
  const place = new Int32Array(items);
  order.forEach((item, p) => (place[item] = p - ranked.start[layer[item]!]!));
  swapNeighbours(ranked, order, place, 8, held);
  return { ranked, order, clusters: held };
};

/** A waypoint belongs to what both ends of its edges have in common. */
const clustersOf = ({ strands, low, high, groups, within: outer }: ClusteredGraph): Clusters => {
  const { items, layer, first, step } = strands;
  const within = outer.slice();
  const depth = depthsOf(within);
  const of = new Int32Array(items).fill(UNKNOWN);
  of.set(groups);
  low.forEach((start, edge) => {
    if (first[edge] === -1) return;
    const common = commonOf({ within, depth }, groups[start]!, groups[high[edge]!]!);
    const passes = layer[high[edge]!]! - layer[start]! - 1;
    for (let i = 0; i < passes; i++) {
      const item = first[edge]! + i * step[edge]!;
      of[item] = of[item] === UNKNOWN ? common : commonOf({ within, depth }, of[item]!, common);
    }
  });
  return { of, within, depth };
};

const UNKNOWN = -2;

/** Strands with the spines of clusters; the first of these are for layers in which a cluster has nothing else. */
const spinesOf = (strands: Strands, { of, within, depth }: Clusters) => {
  const { items, layer } = strands;
  const count = within.length;
  const start = new Int32Array(count).fill(2 ** 30);
  const end = new Int32Array(count).fill(-1);
  for (let item = 0; item < items; item++)
    for (let at = of[item]!; at >= 0; at = within[at]!) {
      start[at] = Math.min(start[at]!, layer[item]!);
      end[at] = Math.max(end[at]!, layer[item]!);
    }
  const base = new Int32Array(count + 1);
  for (let at = 0; at < count; at++) base[at + 1] = base[at]! + Math.max(0, end[at]! - start[at]! + 1);
  const spine = new Int32Array(base[count]!).fill(-1);
  const cell = (cluster: number, at: number): number => base[cluster]! + at - start[cluster]!;
  const isTaken = new Uint8Array(base[count]!);
  const take = (cluster: number, at: number): void => {
    for (let each = cluster; each >= 0; each = within[each]!) isTaken[cell(each, at)] = 1;
  };
  for (let item = 0; item < items; item++) take(of[item]!, layer[item]!);

  const added: { readonly cluster: number; readonly at: number }[] = [];
  const put = (cluster: number, at: number): void => {
    spine[cell(cluster, at)] = items + added.length;
    added.push({ cluster, at });
  };
  const inmost = Array.from(within.keys()).sort((a, b) => depth[b]! - depth[a]!);
  for (const cluster of inmost)
    for (let at = start[cluster]!; at <= end[cluster]!; at++)
      if (isTaken[cell(cluster, at)] === 0) {
        put(cluster, at);
        take(cluster, at);
      }
  const bridges = added.length;
  for (const cluster of inmost)
    for (let at = start[cluster]!; at <= end[cluster]! && start[cluster]! < end[cluster]!; at++)
      if (spine[cell(cluster, at)] === -1) put(cluster, at);

  const from = Array.from(strands.linkFrom);
  const to = Array.from(strands.linkTo);
  const weight = Array.from(strands.linkWeight);
  const link = (a: number, b: number, strength: number): void => {
    from.push(a);
    to.push(b);
    weight.push(strength);
  };
  const hold = (item: number, cluster: number, at: number): void => {
    if (cluster < 0) return;
    if (at > start[cluster]!) link(spine[cell(cluster, at - 1)]!, item, MEMBER);
    if (at < end[cluster]!) link(item, spine[cell(cluster, at + 1)]!, MEMBER);
  };
  for (let item = 0; item < items; item++) hold(item, of[item]!, layer[item]!);
  added.forEach(({ cluster, at }, i) => {
    hold(items + i, within[cluster]!, at);
    if (at < end[cluster]!) link(items + i, spine[cell(cluster, at + 1)]!, SPINE);
  });
  const all = items + added.length;
  const layerOfAll = new Int32Array(all);
  const ofAll = new Int32Array(all);
  layerOfAll.set(layer);
  ofAll.set(of);
  added.forEach(({ cluster, at }, i) => {
    layerOfAll[items + i] = at;
    ofAll[items + i] = cluster;
  });
  return {
    ...strands,
    items: all,
    layer: layerOfAll,
    of: ofAll,
    bridges,
    linkFrom: Int32Array.from(from),
    linkTo: Int32Array.from(to),
    linkWeight: Int32Array.from(weight),
  };
};

/** Sorts by height; what is in a cluster goes by the mean height of the cluster's nodes, in all layers alike. */
const comparing = (
  clusters: Clusters,
  size: number,
  heightOf: (item: number) => number,
): ((a: number, b: number) => number) => {
  const { of, within } = clusters;
  const outermost = of.map((cluster) => (cluster < 0 ? -1 : directlyIn(clusters, cluster, -1)));
  const sum = new Float64Array(within.length);
  const count = new Float64Array(within.length);
  for (let node = 0; node < size; node++)
    for (let at = of[node]!; at >= 0; at = within[at]!) {
      sum[at]! += heightOf(node);
      count[at]!++;
    }
  const mean = sum.map((all, cluster) => all / Math.max(1, count[cluster]!));
  return (a, b) => {
    let [one, other] = [outermost[a]!, outermost[b]!];
    if (one === other) {
      const common = commonOf(clusters, of[a]!, of[b]!);
      one = of[a] === common ? -1 : directlyIn(clusters, of[a]!, common);
      other = of[b] === common ? -1 : directlyIn(clusters, of[b]!, common);
    }
    return (one < 0 ? heightOf(a) : mean[one]!) - (other < 0 ? heightOf(b) : mean[other]!) || one - other;
  };
};
