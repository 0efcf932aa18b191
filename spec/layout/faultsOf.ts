import type { Layout } from '../../lib/layout/Layout.js';
import type { LayoutGraph } from '../../lib/layout/LayoutGraph.js';

const CELL = 200;

/**
 * What is wrong with a drawing, checked by geometry alone: boxes that overlap or stick out, dependents that are not behind
 * what they depend on, lines that do not lead from border to border or that pass under a box (of each edge, or each n-th).
 */
export const faultsOf = (
  graph: LayoutGraph,
  layout: Layout,
  direction: 'right' | 'down' = 'right',
  every = 1,
): readonly string[] => {
  const { size, from, to } = graph;
  const { x, y, routeStart, route } = layout;
  const faults: string[] = [];
  const say = (fault: string): unknown => faults.length < 10 && faults.push(fault);
  const numbers = [x, y, routeStart, route, Float64Array.of(layout.width, layout.height)];
  if (numbers.some((list) => list.some((n) => !Number.isFinite(n)))) say('a number is none');
  if (x.length !== size || y.length !== size || layout.layer.length !== size) say('not one place for each node');
  if (routeStart.length !== from.length + 1 || 2 * routeStart.at(-1)! !== route.length)
    say('not one line for each edge');
  // Single precision is coarse in large drawings.
  const slack = 0.1 + Math.max(layout.width, layout.height) / 2 ** 22;

  const left = (node: number): number => x[node]! - (graph.widths?.[node] ?? 168) / 2;
  const right = (node: number): number => x[node]! + (graph.widths?.[node] ?? 168) / 2;
  const top = (node: number): number => y[node]! - (graph.heights?.[node] ?? 40) / 2;
  const bottom = (node: number): number => y[node]! + (graph.heights?.[node] ?? 40) / 2;
  const cells = new Map<number, number[]>();
  const cellsOf = function* (x1: number, y1: number, x2: number, y2: number): Generator<number> {
    for (let i = Math.floor(x1 / CELL); i <= Math.floor(x2 / CELL); i++)
      for (let j = Math.floor(y1 / CELL); j <= Math.floor(y2 / CELL); j++) yield i * 2 ** 26 + j;
  };
  for (let node = 0; node < size; node++) {
    const isInside =
      left(node) >= -slack &&
      top(node) >= -slack &&
      right(node) <= layout.width + slack &&
      bottom(node) <= layout.height + slack;
    if (!isInside) say(`node ${node} sticks out`);
    for (const cell of cellsOf(left(node), top(node), right(node), bottom(node))) {
      const others = cells.get(cell) ?? [];
      for (const other of others)
        if (
          left(node) < right(other) - slack &&
          left(other) < right(node) - slack &&
          top(node) < bottom(other) - slack &&
          top(other) < bottom(node) - slack
        )
          say(`nodes ${node} and ${other} overlap`);
      others.push(node);
      cells.set(cell, others);
    }
  }

  for (let edge = 0; edge < from.length; edge += every) {
    const [start, end] = [from[edge]!, to[edge]!];
    const [first, last] = [routeStart[edge]!, routeStart[edge + 1]! - 1];
    if (start === end) {
      if (last >= first) say(`the loop ${edge} has a line`);
      continue;
    }
    if (last - first < 1) {
      say(`edge ${edge} has no line`);
      continue;
    }
    const isDown = direction === 'down';
    const isBehind = isDown ? top(end) > bottom(start) : left(end) > right(start);
    if (!isBehind) say(`node ${end} is not behind ${start}`);
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= slack;
    const [x1, y1, x2, y2] = [route[2 * first]!, route[2 * first + 1]!, route[2 * last]!, route[2 * last + 1]!];
    const startsWell = isDown
      ? near(x1, x[start]!) && near(y1, bottom(start))
      : near(y1, y[start]!) && near(x1, right(start));
    const endsWell = isDown ? near(x2, x[end]!) && near(y2, top(end)) : near(y2, y[end]!) && near(x2, left(end));
    if (isBehind && !(startsWell && endsWell)) say(`edge ${edge} does not lead from border to border`);
    for (let p = first; p < last; p++) {
      const [ax, ay, bx, by] = [route[2 * p]!, route[2 * p + 1]!, route[2 * p + 2]!, route[2 * p + 3]!];
      if (Math.min(ax, bx) < -slack || Math.max(ax, bx) > layout.width + slack) say(`edge ${edge} sticks out`);
      if (Math.min(ay, by) < -slack || Math.max(ay, by) > layout.height + slack) say(`edge ${edge} sticks out`);
      for (const cell of cellsOf(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)))
        for (const node of cells.get(cell) ?? [])
          if (passes(ax, ay, bx, by, left(node) + slack, top(node) + slack, right(node) - slack, bottom(node) - slack))
            say(`edge ${edge} passes under node ${node}`);
    }
  }
  return faults;
};

/** Whether a part of the segment from a to b is inside the box. */
const passes = (
  ax: number,
  ay: number,
  bx: number,
  by: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): boolean => {
  let enters = 0;
  let leaves = 1;
  for (const [at, run, low, high] of [
    [ax, bx - ax, left, right],
    [ay, by - ay, top, bottom],
  ] as const) {
    if (run === 0) {
      if (at <= low || at >= high) return false;
      continue;
    }
    const [t1, t2] = [(low - at) / run, (high - at) / run];
    enters = Math.max(enters, Math.min(t1, t2));
    leaves = Math.min(leaves, Math.max(t1, t2));
  }
  return enters < leaves;
};
