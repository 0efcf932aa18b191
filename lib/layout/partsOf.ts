import { adjacencyOf } from './Adjacency.js';
import type { LayoutSettings } from './LayoutOptions.js';
import { layersOf } from './layersOf.js';
import type { Part } from './Part.js';
import { partOf } from './partOf.js';

/** What parts are made from; widths and heights across the direction of the layers. */
export interface WholeGraph {
  readonly size: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly heights: Float32Array;
  readonly columnWidth: number;
}

const ASPECT = 1.6;

/** The connected parts, each laid out, and all nodes without edges together as one part; the layer of each node. */
export const partsOf = (
  graph: WholeGraph,
  settings: LayoutSettings,
): { readonly parts: readonly Part[]; readonly layer: Int32Array } => {
  const { size, from, to, heights, columnWidth } = graph;
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
  low.forEach((node, i) => {
    const [a, b] = [leaderOf(node), leaderOf(high[i]!)];
    leader[Math.max(a, b)] = Math.min(a, b);
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
    if (nodes.length === 1) {
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
