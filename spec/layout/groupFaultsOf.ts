import type { Layout } from '../../lib/layout/Layout.js';
import type { LayoutGraph } from '../../lib/layout/LayoutGraph.js';

const WIDTH = 168;
const HEIGHT = 40;
const HEAD = 24;
const FOOT = 10;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The boxes around the members of groups, with the room for their names. */
export const groupBoxesOf = (
  { size, groups, groupWithin }: LayoutGraph,
  { x, y }: Layout,
): ReadonlyMap<number, Box> => {
  const boxes = new Map<number, Box>();
  for (let node = 0; node < size; node++) {
    let depth = 1;
    for (let at = groups![node]!; at >= 0; at = groupWithin?.[at] ?? -1, depth++) {
      const box = boxes.get(at) ?? { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
      boxes.set(at, {
        left: Math.min(box.left, x[node]! - WIDTH / 2),
        top: Math.min(box.top, y[node]! - HEIGHT / 2 - HEAD * depth),
        right: Math.max(box.right, x[node]! + WIDTH / 2),
        bottom: Math.max(box.bottom, y[node]! + HEIGHT / 2 + FOOT * depth),
      });
    }
  }
  return boxes;
};

/** Nodes that lie in boxes of groups that they are not in, boxes that overlap, and boxes that stick out. */
export const groupFaultsOf = (graph: LayoutGraph, layout: Layout): readonly string[] => {
  const { size, groups, groupWithin } = graph;
  const slack = 0.1 + Math.max(layout.width, layout.height) / 2 ** 22;
  const isIn = (group: number, outer: number): boolean => {
    let at = group;
    while (at >= 0 && at !== outer) at = groupWithin?.[at] ?? -1;
    return at === outer;
  };
  const overlap = (a: Box, b: Box): boolean =>
    a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack;
  const boxes = [...groupBoxesOf(graph, layout)];
  const faults: string[] = [];
  for (const [group, box] of boxes) {
    if (box.top < -slack || box.bottom > layout.height + slack) faults.push(`group ${group} sticks out`);
    for (let node = 0; node < size; node++) {
      const [left, top] = [layout.x[node]! - WIDTH / 2, layout.y[node]! - HEIGHT / 2];
      if (!isIn(groups![node]!, group) && overlap(box, { left, top, right: left + WIDTH, bottom: top + HEIGHT }))
        faults.push(`node ${node} lies in group ${group}`);
    }
    for (const [other, otherBox] of boxes)
      if (other < group && !isIn(group, other) && !isIn(other, group) && overlap(box, otherBox))
        faults.push(`groups ${group} and ${other} overlap`);
  }
  return faults.slice(0, 10);
};
