import type { LayoutGraph } from '../../lib/layout/LayoutGraph.js';
import { random } from '../../lib/testing/random.js';

type Edge = readonly [from: number, to: number];

export const graphOf = (size: number, edges: readonly Edge[]): LayoutGraph => ({
  size,
  from: Int32Array.from(edges, ([from]) => from),
  to: Int32Array.from(edges, ([, to]) => to),
});

/** Nodes that depend on some of those before them, in parts or in one, with numbers that tell nothing. */
export const randomDag = (seed: number, size: number): LayoutGraph => {
  const r = random(seed);
  const parts = r.chance(0.3) ? r.int(2, 6) : 1;
  const reach = r.pick([3, 10, size]);
  const number = shuffled(size, r.int);
  const edges: Edge[] = [];
  for (let node = 1; node < size; node++)
    for (let i = r.int(0, 3); i > 0; i--) {
      const dep = node - r.int(1, Math.min(node, reach));
      if (dep % parts === node % parts) edges.push([number[dep]!, number[node]!]);
    }
  const order = shuffled(edges.length, r.int);
  const graph = graphOf(
    size,
    order.map((i) => edges[i]!),
  );
  if (!r.chance(0.3)) return graph;
  return {
    ...graph,
    widths: Float32Array.from({ length: size }, () => r.int(20, 300)),
    heights: Float32Array.from({ length: size }, () => r.int(10, 120)),
  };
};

const shuffled = (size: number, int: (from: number, to: number) => number): readonly number[] => {
  const list = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const other = int(0, i);
    [list[i], list[other]] = [list[other]!, list[i]!];
  }
  return list;
};

export const chain = (size: number): LayoutGraph =>
  graphOf(
    size,
    Array.from({ length: Math.max(0, size - 1) }, (_, i) => [i, i + 1] as const),
  );

/** A node, `width` that depend on it, one that depends on all of them. */
export const fan = (width: number): LayoutGraph =>
  graphOf(
    width + 2,
    Array.from({ length: width }, (_, i) => i + 1).flatMap((node) => [
      [0, node],
      [node, width + 1],
    ]),
  );

/** Each of so many nodes depends on each of so many others. */
export const bipartite = (width: number): LayoutGraph =>
  graphOf(
    2 * width,
    Array.from({ length: width * width }, (_, i) => [i % width, width + Math.floor(i / width)] as const),
  );
