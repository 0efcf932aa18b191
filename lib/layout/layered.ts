import type { Layout } from './Layout.js';
import type { LayoutGraph } from './LayoutGraph.js';
import { settingsOf, type LayoutOptions } from './LayoutOptions.js';
import { Line } from './Line.js';
import { packed } from './packed.js';
import { partsOf } from './partsOf.js';
import { sidesOf } from './Sides.js';
import { turned } from './turned.js';

/**
 * Draws a graph in layers, each node behind all that it depends on, with few crossings and lines that pass under no node.
 * The same graph with the same options, without a clock, is drawn the same each time. Edges of a cycle that cannot
 * lead forwards lead back.
 */
export const layered = (graph: LayoutGraph, options: LayoutOptions = {}): Layout => {
  const settings = settingsOf(options);
  const { size, from, to } = graph;
  const { along, across } = sidesOf(graph, settings);
  const gap = from.length > 0 ? settings.layerGap : 2 * settings.nodeGap;
  const columnWidth = along.reduce((a, b) => Math.max(a, b), 0) + gap;
  const { parts, layer } = partsOf(
    { size, from, to, heights: across, columnWidth, groups: graph.groups, groupWithin: graph.groupWithin },
    settings,
  );
  const packing = packed(parts, columnWidth, 2 * settings.nodeGap);

  const column = new Int32Array(size);
  const partOfEdge = new Int32Array(from.length).fill(-1);
  const slotOfEdge = new Int32Array(from.length);
  const widthOf = new Float64Array(packing.columns);
  const y = new Float32Array(size);
  let points = 0;
  parts.forEach((part, p) => {
    part.nodes.forEach((node, i) => {
      const at = packing.column[p]! + part.column[i]!;
      column[node] = at;
      y[node] = packing.top[p]! + part.y[i]!;
      widthOf[at] = Math.max(widthOf[at]!, along[node]!);
    });
    part.edges.forEach((edge, i) => {
      partOfEdge[edge] = p;
      slotOfEdge[edge] = i;
    });
    points += part.route.length;
  });
  const left = new Float64Array(packing.columns + 1);
  for (let at = 0; at < packing.columns; at++) left[at + 1] = left[at]! + widthOf[at]! + gap;
  const x = Float32Array.from(column, (at) => left[at]! + widthOf[at]! / 2);

  const line = new Line(points);
  const routeStart = new Int32Array(from.length + 1);
  for (let edge = 0; edge < from.length; edge++) {
    const p = partOfEdge[edge]!;
    if (p !== -1) {
      const { route, routeStart: starts } = parts[p]!;
      const isBack = layer[from[edge]!]! > layer[to[edge]!]!;
      const [low, high] = isBack ? [to[edge]!, from[edge]!] : [from[edge]!, to[edge]!];
      line.begin();
      line.add(x[low]! + along[low]! / 2, y[low]!);
      for (let i = starts[slotOfEdge[edge]!]!; i < starts[slotOfEdge[edge]! + 1]!; i++) {
        const code = route[2 * i]!;
        const at = packing.column[p]! + Math.floor(code);
        const part = code - Math.floor(code);
        const into = part === 0.75 ? widthOf[at]! + gap / 2 : part * 2 * widthOf[at]!;
        line.add(left[at]! + into, packing.top[p]! + route[2 * i + 1]!);
      }
      line.add(x[high]! - along[high]! / 2, y[high]!);
      if (isBack) line.turn();
    }
    routeStart[edge + 1] = line.size;
  }
  const width = packing.columns === 0 ? 0 : left[packing.columns]! - gap;
  const layout = { x, y, layer, width, height: packing.height, from, to, routeStart, route: line.points() };
  return settings.direction === 'right' ? layout : turned(layout);
};
