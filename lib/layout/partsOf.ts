import { adjacencyOf } from './Adjacency.js';
import type { LayoutSettings } from './LayoutOptions.js';
import { layersOf } from './layersOf.js';
import type { Part } from './Part.js';
import { partOf, type PartGraph } from './partOf.js';

/** What parts are made from; widths and heights across the direction of the layers. */
export interface WholeGraph {
  readonly size: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly heights: Float32Array;
  readonly columnWidth: number;
  readonly groups: Int32Array | undefined;
  readonly groupWithin: Int32Array | undefined;
}

const ASPECT = 1.6;
/** Groups that lie in each other deeper than this are not looked at. */
const WAY_MAX = 100;

/** The connected parts, each laid out, and all nodes without edges together as one part; the layer of each node. */
export const partsOf = (
  graph: WholeGraph,
  settings: LayoutSettings,
): { readonly parts: readonly Part[]; readonly layer: Int32Array } => {
  const { size, from, to, heights, columnWidth, groups, groupWithin } = graph;
  const real = Int32Array.from(from.keys()).filter((edge) => from[edge] !== to[edge]);
  const { layer, low, high } = layersOf(
    size,
    real.map((edge) => from[edge]!),
    real.map((edge) => to[edge]!),
  );

  const leader = Int32Array.from({ length: size }, (_, node) => node);
  const leaderOf = (node: number): number => {
    let at = node;
    while (leader[at] !== at) at = leader[at] = leader[leader[at]!]!;
    return at;
  };
  const join = (one: number, other: number): void => {
    const [a, b] = [leaderOf(one), leaderOf(other)];
    leader[Math.max(a, b)] = Math.min(a, b);
  };
  low.forEach((node, i) => join(node, high[i]!));
  // A group is drawn in one part, with the groups in it.
  const firstOf = new Map<number, number>();
  groups?.forEach((inner, node) => {
    for (let at = inner, way = 0; at >= 0 && way++ < WAY_MAX; at = groupWithin?.[at] ?? -1) {
      if (firstOf.has(at)) join(node, firstOf.get(at)!);
      else firstOf.set(at, node);
    }
  });
  const group = leader.map((_, node) => leaderOf(node));
  const nodesBy = adjacencyOf(size, group);
  const edgesBy = adjacencyOf(
    size,
    low.map((node) => group[node]!),
  );

  const parts: Part[] = [];
  const placeOf = new Int32Array(size);
  const singles: number[] = [];
  for (let first = 0; first < size; first++) {
    const nodes = nodesBy.list.subarray(nodesBy.start[first], nodesBy.start[first + 1]);
    if (nodes.length === 0) continue;
    if (nodes.length === 1 && (groups?.[first] ?? -1) < 0) {
      singles.push(first);
      continue;
    }
    nodes.forEach((node, place) => (placeOf[node] = place));
    const links = edgesBy.list.subarray(edgesBy.start[first], edgesBy.start[first + 1]);
    const least = nodes.reduce((least, node) => Math.min(least, layer[node]!), Infinity);
    for (const node of nodes) layer[node]! -= least;
    parts.push(
      partOf(
        {
          nodes,
          edges: links.map((link) => real[link]!),
          layer: nodes.map((node) => layer[node]!),
          low: links.map((link) => placeOf[low[link]!]!),
          high: links.map((link) => placeOf[high[link]!]!),
          heights: Float32Array.from(nodes, (node) => heights[node]!),
          columnWidth,
          clusters: clustersOf(nodes, groups, groupWithin),
        },
        settings,
      ),
    );
  }
  if (singles.length > 0) parts.push(gridOf(Int32Array.from(singles), heights, columnWidth, settings.nodeGap));
  return { parts, layer };
};

/** Nodes without edges, row by row. */
const gridOf = (nodes: Int32Array, heights: Float32Array, columnWidth: number, gap: number): Part => {
  const highest = nodes.reduce((highest, node) => Math.max(highest, heights[node]!), 0);
  const columns = Math.max(1, Math.round(Math.sqrt((nodes.length * (highest + gap) * ASPECT) / columnWidth)));
  const y = new Float64Array(nodes.length);
  let top = 0;
  for (let first = 0; first < nodes.length; first += columns) {
    const row = nodes.subarray(first, first + columns);
    const height = row.reduce((height, node) => Math.max(height, heights[node]!), 0);
    y.fill(top + height / 2, first, first + columns);
    top += height + gap;
  }
  return {
    nodes,
    edges: new Int32Array(0),
    columns: Math.min(columns, nodes.length),
    height: top - gap,
    column: nodes.map((_, i) => i % columns),
    y,
    routeStart: new Int32Array(1),
    route: [],
  };
};

/** The groups of a part's nodes by numbers of the part's own, and those around them; undefined where there are none. */
const clustersOf = (
  nodes: Int32Array,
  groups: Int32Array | undefined,
  groupWithin: Int32Array | undefined,
): PartGraph['clusters'] => {
  const numbers = new Map<number, number>();
  const within: number[] = [];
  const numberOf = (group: number): number => {
    const chain: number[] = [];
    for (let at = group; at >= 0 && !numbers.has(at); at = groupWithin?.[at] ?? -1) {
      numbers.set(at, numbers.size);
      chain.push(at);
    }
    for (const each of chain) within.push(numbers.get(groupWithin?.[each] ?? -1) ?? -1);
    return numbers.get(group) ?? -1;
  };
  const of = nodes.map((node) => numberOf(groups?.[node] ?? -1));
  return numbers.size === 0 ? undefined : { of, within: Int32Array.from(within) };
};
