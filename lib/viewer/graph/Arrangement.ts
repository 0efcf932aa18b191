import type { Layout } from '../../layout/Layout.js';
import type { LayoutGraph } from '../../layout/LayoutGraph.js';
import type { Drawing } from '../view/drawingOf.js';
import type { Group } from '../view/Groups.js';

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
  readonly #nodes = new Map<number | string, number>();
  readonly #edges = new Map<number, number>();
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  /** Takes in what a drawing has more. */
  learn(drawing: Drawing, groups: readonly Group[]): Parts {
    const { count, node, group, from, to } = drawing;
    const items = new Int32Array(count);
    for (let item = 0; item < count; item += 1) {
      const folded = group[item]!;
      const key = folded < 0 ? node[item]! : groups[folded]!.key;
      let known = this.#nodes.get(key);
      if (known === undefined) this.#nodes.set(key, (known = this.#nodes.size));
      items[item] = known;
    }
    const edges = new Int32Array(from.length);
    for (let edge = 0; edge < from.length; edge += 1) {
      const start = items[from[edge]!]!;
      const end = items[to[edge]!]!;
      const key = start * EDGE_KEY + end;
      let known = this.#edges.get(key);
      if (known === undefined) {
        this.#edges.set(key, (known = this.#edges.size));
        this.#from.push(start);
        this.#to.push(end);
      }
      edges[edge] = known;
    }
    return { drawing, groups, items, edges };
  }

  /** All that is known. */
  graph(): LayoutGraph {
    return { size: this.#nodes.size, from: Int32Array.from(this.#from), to: Int32Array.from(this.#to) };
  }

  /** Whether a layout has all that is known. */
  isIn(layout: Layout | undefined): layout is Layout {
    return (
      layout !== undefined && layout.x.length === this.#nodes.size && layout.routeStart.length - 1 === this.#edges.size
    );
  }
}

/** More nodes than any drawing has. */
const EDGE_KEY = 2 ** 26;

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
