import { boxesOf, roomsAbove } from './boxesOf.js';
import { clusteredOrder, type ClusteredOrder } from './clusteredOrder.js';
import { columnsOf } from './columnsOf.js';
import type { LayoutSettings } from './LayoutOptions.js';
import { gapAbove, middlesOf } from './middlesOf.js';
import { orderOf } from './orderOf.js';
import type { Part } from './Part.js';
import { rankedOf } from './Ranked.js';
import { rowsOf, type Rows } from './Rows.js';
import { strandsOf } from './Strands.js';

/** What a part is made from: ends of edges and sizes by the node's number within the part. */
export interface PartGraph {
  readonly nodes: Int32Array;
  readonly edges: Int32Array;
  readonly layer: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly heights: Float32Array;
  readonly columnWidth: number;
  /** The cluster of each node, or -1, and the cluster around each cluster; undefined where no node is in one. */
  readonly clusters: { readonly of: Int32Array; readonly within: Int32Array } | undefined;
}

/** Lines outside the layers, where edges go that are too long for waypoints. */
const OUTER_LINES = 6;

/** Lays out a connected part. */
export const partOf = (graph: PartGraph, settings: LayoutSettings): Part => {
  const { nodes, edges, low, high, heights } = graph;
  const size = nodes.length;
  const strands = strandsOf(graph.layer, low, high);
  const { nodeGap, lineGap } = settings;
  const clustered =
    graph.clusters === undefined
      ? undefined
      : clusteredOrder(
          { strands, low, high, heights, groups: graph.clusters.of, within: graph.clusters.within },
          settings,
        );
  const ranked = clustered?.ranked ?? rankedOf(strands);
  const { layer, layers } = ranked;
  const counts = new Int32Array(layers);
  let highest = 0;
  for (let node = 0; node < size; node++) {
    counts[layer[node]!]!++;
    highest = Math.max(highest, heights[node]!);
  }
  const columns = columnsOf(counts, graph.columnWidth, highest + nodeGap);
  const order = clustered?.order ?? orderOf(ranked, settings.tries, settings.isLate);
  const rows = rowsOf(ranked, order, columns, heights, size, clustered?.clusters);
  const middle = clustered === undefined ? middlesOf(rows, settings) : boxedMiddles(rows, clustered, settings);

  const firstColumn = new Int32Array(layers + 1);
  for (let at = 0; at < layers; at++) firstColumn[at + 1] = firstColumn[at]! + columns[at]!;
  let top = Infinity;
  let bottom = -Infinity;
  for (let row = 0; row < rows.count; row++) {
    // A row with several columns has a lane above and one below.
    const half = rows.height[row]! / 2;
    top = Math.min(top, middle[row]! - half);
    bottom = Math.max(bottom, middle[row]! + half);
  }
  if (clustered !== undefined) {
    const deepest = clustered.clusters.depth.reduce((a, b) => Math.max(a, b), 0);
    top -= deepest * settings.groupHead;
    bottom += deepest * settings.groupFoot;
  }
  const outer = edges.reduce((sum, _, edge) => sum + (strands.first[edge] === -1 ? 1 : 0), 0);
  top -= Math.min(outer, OUTER_LINES) * lineGap + (columns.some((count) => count > 1) ? nodeGap / 3 : 0);
  if (columns.some((count) => count > 1)) bottom += nodeGap / 3;
  const yOf = (item: number): number => middle[rows.rowOf[item]!]! - top;

  const route: number[] = [];
  const routeStart = new Int32Array(edges.length + 1);
  let outerLine = 0;
  for (let edge = 0; edge < edges.length; edge++) {
    const [start, end] = [low[edge]!, high[edge]!];
    const [startLayer, endLayer] = [layer[start]!, layer[end]!];
    const [startColumn, endColumn] = [
      firstColumn[startLayer]! + rows.columnOf[start]!,
      firstColumn[endLayer]! + rows.columnOf[end]!,
    ];
    route.push(startColumn + 0.5, yOf(start));
    const startLast = firstColumn[startLayer + 1]! - 1;
    if (startColumn < startLast) {
      const lane = yOf(start) + rows.height[rows.rowOf[start]!]! / 2 + nodeGap / 3;
      route.push(startColumn + 0.75, lane, startLast + 0.5, lane);
    }
    const waypoint = strands.first[edge]!;
    const endFirst = firstColumn[endLayer]!;
    if (waypoint === -1) {
      const y = ((outerLine++ % OUTER_LINES) + 0.5) * lineGap;
      route.push(startLast + 0.75, y, endFirst - 0.25, y);
    } else
      for (let i = 0; i < endLayer - startLayer - 1; i++) {
        const y = yOf(waypoint + i * strands.step[edge]!);
        route.push(firstColumn[startLayer + 1 + i]!, y, firstColumn[startLayer + 2 + i]! - 0.5, y);
      }
    if (endColumn > endFirst) {
      const lane = yOf(end) - rows.height[rows.rowOf[end]!]! / 2 - nodeGap / 3;
      route.push(endFirst, lane, endColumn - 0.25, lane);
    }
    route.push(endColumn, yOf(end));
    routeStart[edge + 1] = route.length / 2;
  }
  const column = nodes.map((_, node) => firstColumn[layer[node]!]! + rows.columnOf[node]!);
  return {
    nodes,
    edges,
    columns: firstColumn[layers]!,
    height: bottom - top,
    column,
    y: Float64Array.from(nodes, (_, node) => yOf(node)),
    routeStart,
    route,
  };
};

/** The middles of rows so that all boxes are rectangles. */
const boxedMiddles = (rows: Rows, { clusters }: ClusteredOrder, settings: LayoutSettings): Float64Array => {
  const around = {
    head: settings.groupHead,
    foot: settings.groupFoot,
    gapAbove: (row: number) => gapAbove(rows, settings, row),
  };
  const rooms = roomsAbove(rows, clusters, around);
  const wish = middlesOf(rows, settings, { rooms });
  return middlesOf(rows, settings, { rooms, bounds: boxesOf(rows, clusters, wish, around) });
};
