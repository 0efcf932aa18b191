import { adjacencyOf } from './Adjacency.js';
import { Column } from './Column.js';
import type { Layout } from './Layout.js';
import { layered } from './layered.js';
import type { LayoutGraph } from './LayoutGraph.js';
import { settingsOf, type LayoutOptions, type LayoutSettings } from './LayoutOptions.js';
import { layersOf } from './layersOf.js';
import { Line } from './Line.js';
import { sidesOf } from './Sides.js';
import { turned } from './turned.js';

/** Of how many old nodes there may be one new one. */
const FEW = 2;

/**
 * Adds to a drawing the nodes that the graph has more than it, at the end. What is drawn stays where it is. A new node
 * comes behind all that it depends on, as near to it as there is room, beside the boxes of groups and together with what else
 * of its group is new in its column. Where that cannot be, because a drawn node
 * would have to move, or there is more new than old, all is laid out anew.
 */
export const extended = (layout: Layout, graph: LayoutGraph, options: LayoutOptions = {}): Layout => {
  const settings = settingsOf(options);
  const isDown = settings.direction === 'down';
  const found = grown(isDown ? turned(layout) : layout, graph, settings);
  if (found === undefined) return layered(graph, options);
  return isDown ? turned(found) : found;
};

const grown = (old: Layout, graph: LayoutGraph, settings: LayoutSettings): Layout | undefined => {
  const { size, from, to } = graph;
  const known = old.x.length;
  if (known === 0 || (size - known) * FEW > known) return undefined;
  const { along, across } = sidesOf(graph, settings);
  const { layerGap, nodeGap, lineGap } = settings;
  const x = new Float32Array(size);
  const y = new Float32Array(size);
  const layer = new Int32Array(size);
  x.set(old.x);
  y.set(old.y);
  layer.set(old.layer);

  const { columns, columnOf } = columnsIn(old.x, along, size);
  const ins = adjacencyOf(size, to);
  const depth = layersOf(size, from, to).layer;
  const added = Array.from({ length: size - known }, (_, i) => known + i).sort(
    (a, b) => depth[a]! - depth[b]! || a - b,
  );
  for (const node of added) {
    let column = 0;
    for (let i = ins.start[node]!; i < ins.start[node + 1]!; i++) {
      const dep = from[ins.list[i]!]!;
      if (dep === node) continue;
      column = Math.max(column, columnOf[dep]! + 1);
      layer[node] = Math.max(layer[node]!, layer[dep]! + 1);
    }
    while (column < columns.length && columns[column]!.width < along[node]!) column++;
    if (column === columns.length) {
      const left = columns.at(-1)!.right + layerGap;
      columns.push(new Column(left, left + along[node]!));
    }
    columnOf[node] = column;
    x[node] = (columns[column]!.left + columns[column]!.right) / 2;
  }

  // Which lines are there already; lines that would lead back have no place here.
  const lineOf = new Map<number, number>();
  for (let edge = 0; edge < old.from.length; edge++) lineOf.set(old.from[edge]! * size + old.to[edge]!, edge);
  const oldLine = from.map((node, edge) =>
    old.from[edge] === node && old.to[edge] === to[edge] ? edge : (lineOf.get(node * size + to[edge]!) ?? -1),
  );
  for (let edge = 0; edge < from.length; edge++)
    if (oldLine[edge] === -1 && from[edge] !== to[edge] && columnOf[from[edge]!]! >= columnOf[to[edge]!]!)
      return undefined;

  for (let node = 0; node < known; node++)
    columns[columnOf[node]!]!.take(y[node]! - across[node]! / 2, y[node]! + across[node]! / 2);
  for (const line of oldLine) if (line !== -1) takeLine(old, line, columns);
  for (const box of boxesOfOld(graph, known, x, y, across, settings))
    for (let at = columnOf[box.first]!; at <= columnOf[box.last]!; at++) columns[at]!.take(box.top, box.bottom);
  for (const nodes of blocksOf(added, columnOf, graph.groups)) {
    const column = columns[columnOf[nodes[0]!]!]!;
    let sum = 0;
    let links = 0;
    let height = -nodeGap;
    for (const node of nodes) {
      height += across[node]! + nodeGap;
      links += ins.start[node + 1]! - ins.start[node]!;
      for (let i = ins.start[node]!; i < ins.start[node + 1]!; i++) sum += y[from[ins.list[i]!]!]!;
    }
    const isFramed = (graph.groups?.[nodes[0]!] ?? -1) >= 0;
    const [head, foot] = isFramed ? [settings.groupHead, settings.groupFoot] : [0, 0];
    const middle = column.nearest(links === 0 ? old.height : sum / links, height + head + foot, nodeGap);
    let top = middle - (height + head + foot) / 2;
    column.take(top, top + height + head + foot);
    top += head;
    for (const node of nodes) {
      y[node] = top + across[node]! / 2;
      top += across[node]! + nodeGap;
    }
  }

  const line = new Line(old.route.length);
  const routeStart = new Int32Array(from.length + 1);
  let height = old.height;
  for (let edge = 0; edge < from.length; edge++) {
    line.begin();
    const [start, end, kept] = [from[edge]!, to[edge]!, oldLine[edge]!];
    if (kept !== -1)
      for (let p = old.routeStart[kept]!; p < old.routeStart[kept + 1]!; p++)
        line.add(old.route[2 * p]!, old.route[2 * p + 1]!);
    else if (start !== end) {
      let level = y[start]!;
      line.add(x[start]! + along[start]! / 2, level);
      line.add(columns[columnOf[start]!]!.right, level);
      for (let at = columnOf[start]! + 1; at < columnOf[end]!; at++) {
        const column = columns[at]!;
        level = column.nearest(level, 0, lineGap);
        column.take(level, level);
        line.add(column.left, level);
        line.add(column.right, level);
        height = Math.max(height, level);
      }
      line.add(columns[columnOf[end]!]!.left, y[end]!);
      line.add(x[end]! - along[end]! / 2, y[end]!);
    }
    routeStart[edge + 1] = line.size;
  }
  for (const node of added) {
    const foot = (graph.groups?.[node] ?? -1) < 0 ? 0 : settings.groupFoot;
    height = Math.max(height, y[node]! + across[node]! / 2 + foot);
  }
  return { x, y, layer, width: columns.at(-1)!.right, height, from, to, routeStart, route: line.points() };
};

/** New nodes that are placed together, column by column: those of one group; each of the others alone. */
const blocksOf = (
  added: readonly number[],
  columnOf: Int32Array,
  groups: Int32Array | undefined,
): readonly (readonly number[])[] => {
  const blocks = new Map<string, number[]>();
  for (const node of added) {
    const group = groups?.[node] ?? -1;
    const key = group < 0 ? `${node}` : `${group} in ${columnOf[node]}`;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [node]);
    else block.push(node);
  }
  return [...blocks.values()].sort((a, b) => columnOf[a[0]!]! - columnOf[b[0]!]!);
};

/** What the boxes of groups take: from top to bottom, from the column of one node to that of another. */
const boxesOfOld = (
  { groups, groupWithin }: LayoutGraph,
  known: number,
  x: Float32Array,
  y: Float32Array,
  across: Float32Array,
  { groupHead, groupFoot }: LayoutSettings,
): Iterable<{ readonly first: number; readonly last: number; readonly top: number; readonly bottom: number }> => {
  const boxes = new Map<number, { first: number; last: number; top: number; bottom: number }>();
  for (let node = 0; node < known; node++) {
    let [top, bottom] = [y[node]! - across[node]! / 2, y[node]! + across[node]! / 2];
    for (let at = groups?.[node] ?? -1; at >= 0; at = groupWithin?.[at] ?? -1) {
      const box = boxes.get(at) ?? { first: node, last: node, top, bottom };
      top = Math.min(box.top, top - groupHead);
      bottom = Math.max(box.bottom, bottom + groupFoot);
      boxes.set(at, {
        first: x[node]! < x[box.first]! ? node : box.first,
        last: x[node]! > x[box.last]! ? node : box.last,
        top,
        bottom,
      });
    }
  }
  return boxes.values();
};

/** The columns of a drawing: boxes that overlap in x are in the same one, and there is nothing between columns. */
const columnsIn = (
  x: Float32Array,
  along: Float32Array,
  size: number,
): { readonly columns: Column[]; readonly columnOf: Int32Array } => {
  const columnOf = new Int32Array(size);
  const columns: Column[] = [];
  const lefts = Float64Array.from(x, (middle, node) => middle - along[node]! / 2);
  const order = Array.from(x.keys()).sort((a, b) => lefts[a]! - lefts[b]!);
  for (let i = 0; i < order.length;) {
    const left = lefts[order[i]!]!;
    let right = left;
    for (; i < order.length && (right === left || lefts[order[i]!]! < right); i++) {
      right = Math.max(right, lefts[order[i]!]! + along[order[i]!]!);
      columnOf[order[i]!] = columns.length;
    }
    columns.push(new Column(left, right));
  }
  return { columns, columnOf };
};

/** Takes the room of a line in all columns that it passes. */
const takeLine = ({ routeStart, route }: Layout, line: number, columns: readonly Column[]): void => {
  for (let p = routeStart[line]!; p + 1 < routeStart[line + 1]!; p++) {
    const [x1, y1, x2, y2] = [route[2 * p]!, route[2 * p + 1]!, route[2 * p + 2]!, route[2 * p + 3]!];
    const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
    let low = 0;
    for (let high = columns.length; low < high;) {
      const middle = (low + high) >> 1;
      if (columns[middle]!.right <= left) low = middle + 1;
      else high = middle;
    }
    for (; low < columns.length && columns[low]!.left < right; low++)
      columns[low]!.take(Math.min(y1, y2), Math.max(y1, y2));
  }
};
