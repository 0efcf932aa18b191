import type { Layout } from '../../layout/Layout.js';
import type { LayoutGraph } from '../../layout/LayoutGraph.js';
import type { Drawing } from '../view/drawingOf.js';
import type { Group } from '../view/Groups.js';
import { EdgeTable } from './EdgeTable.js';

/** Which parts of an arrangement a drawing consists of. */
export interface Parts {
  readonly drawing: Drawing;
  readonly groups: readonly Group[];
  /** Item → node of the arrangement's graph. */
  readonly items: Int32Array;
  /** Edge → edge of the arrangement's graph. */
  readonly edges: Int32Array;
}

/**
 * The graph of all items that were drawn since the last layout. It only grows, so what goes out of sight (time is moved
 * back, what is done is hidden) finds its old place when it comes again, and nothing else moves.
 */
export class Arrangement {
  /** Index of a node → its number here + 1. */
  #nodes = new Int32Array(64);
  readonly #groups = new Map<string, number>();
  readonly #edges = new EdgeTable();
  /** Key of an open group → its number here. */
  readonly #boxes = new Map<string, number>();
  readonly #boxAround: number[] = [];
  /** Node here → the box that it is in; nothing for none. */
  readonly #boxOf: number[] = [];
  #size = 0;

  /** Takes in what a drawing has more. */
  learn(drawing: Drawing, groups: readonly Group[]): Parts {
    const { count, node, group, frame, itemOf, from, to } = drawing;
    if (itemOf.length > this.#nodes.length) {
      const wider = new Int32Array(2 * itemOf.length);
      wider.set(this.#nodes);
      this.#nodes = wider;
    }
    // All edges of a first drawing are new.
    const isFirst = this.#size === 0;
    const items = new Int32Array(count);
    for (let item = 0; item < count; item += 1)
      items[item] = group[item]! < 0 ? this.#nodeOf(node[item]!) : this.#groupOf(groups[group[item]!]!.key);
    for (let item = 0; item < count; item += 1)
      if (frame[item]! >= 0) this.#boxOf[items[item]!] = this.#box(drawing, groups, frame[item]!);
    const edges = new Int32Array(from.length);
    for (let edge = 0; edge < from.length; edge += 1) {
      const start = items[from[edge]!]!;
      const end = items[to[edge]!]!;
      edges[edge] = isFirst ? this.#edges.push(start, end) : this.#edges.put(start, end);
    }
    return { drawing, groups, items, edges };
  }

  /** All that is known. */
  graph(): LayoutGraph {
    const graph = { size: this.#size, from: this.#edges.from(), to: this.#edges.to() };
    if (this.#boxes.size === 0) return graph;
    return {
      ...graph,
      groups: Int32Array.from({ length: this.#size }, (_, node) => this.#boxOf[node] ?? -1),
      groupWithin: Int32Array.from(this.#boxAround),
    };
  }

  /** The number here of an open group; those around it get one, too. */
  #box(drawing: Drawing, groups: readonly Group[], group: number): number {
    let inner = -1;
    for (let at = group; at >= 0; at = drawing.frameAround[at]!) {
      const { key } = groups[at]!;
      const known = this.#boxes.get(key);
      const number = known ?? this.#boxes.size;
      if (inner >= 0) this.#boxAround[inner] = number;
      if (known !== undefined) break;
      this.#boxes.set(key, number);
      this.#boxAround.push(-1);
      inner = number;
    }
    return this.#boxes.get(groups[group]!.key)!;
  }

  #nodeOf(index: number): number {
    if (this.#nodes[index] === 0) this.#nodes[index] = ++this.#size;
    return this.#nodes[index]! - 1;
  }

  #groupOf(key: string): number {
    let known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, (known = this.#size++));
    return known;
  }

  /** Whether a layout has all that is known. */
  isIn(layout: Layout | undefined): layout is Layout {
    return layout !== undefined && layout.x.length === this.#size && layout.routeStart.length - 1 === this.#edges.size;
  }
}

/** The places of a drawing's parts. */
export const placesOf = ({ items, edges }: Parts, layout: Layout): Layout => {
  // Mostly all that is known is drawn, and in the same order.
  if (isAll(items, layout.x.length) && isAll(edges, layout.routeStart.length - 1)) return layout;
  const routeStart = new Int32Array(edges.length + 1);
  for (let edge = 0; edge < edges.length; edge += 1) {
    const known = edges[edge]!;
    routeStart[edge + 1] = routeStart[edge]! + layout.routeStart[known + 1]! - layout.routeStart[known]!;
  }
  const route = new Float32Array(2 * routeStart[edges.length]!);
  for (let edge = 0; edge < edges.length; edge += 1) {
    const known = edges[edge]!;
    route.set(
      layout.route.subarray(2 * layout.routeStart[known]!, 2 * layout.routeStart[known + 1]!),
      2 * routeStart[edge]!,
    );
  }
  return {
    ...layout,
    x: Float32Array.from(items, (known) => layout.x[known]!),
    y: Float32Array.from(items, (known) => layout.y[known]!),
    layer: Int32Array.from(items, (known) => layout.layer[known]!),
    routeStart,
    route,
  };
};

const isAll = (numbers: Int32Array, size: number): boolean =>
  numbers.length === size && numbers.every((number, i) => number === i);
