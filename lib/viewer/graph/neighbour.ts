import { edgesAt, type Scene } from './Scene.js';

/** Where the arrow keys lead. */
export type Direction = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/** The item that a key leads to from an item (-1: from none); -1 where there is none. */
export const neighbour = (scene: Scene, item: number, direction: Direction): number => {
  const { count, from, to } = scene.drawing;
  if (direction === 'first' || direction === 'last' || item < 0 || item >= count) return outermost(scene, direction);
  if (direction === 'left') return nearest(scene, item, edgesAt(scene.ins, item), from);
  if (direction === 'right') return nearest(scene, item, edgesAt(scene.outs, item), to);
  return inLayer(scene, item, direction === 'down' ? 1 : -1);
};

/** The topmost of the first column, or the lowest of the last one. */
const outermost = ({ drawing: { count }, x, y }: Scene, direction: Direction): number => {
  const sign = direction === 'last' ? -1 : 1;
  let best = count > 0 ? 0 : -1;
  for (let item = 1; item < count; item += 1) {
    const by = sign * (x[item]! - x[best]!) || sign * (y[item]! - y[best]!);
    if (by < 0) best = item;
  }
  return best;
};

/** Of the items at the other ends of edges the one that is nearest in height. */
const nearest = ({ y }: Scene, item: number, edges: Int32Array, other: Int32Array): number => {
  let best = -1;
  for (const edge of edges) {
    const end = other[edge]!;
    if (best < 0 || Math.abs(y[end]! - y[item]!) < Math.abs(y[best]! - y[item]!)) best = end;
  }
  return best;
};

/** The next item of the same column in one direction; equal heights go by number, so that none is skipped. */
const inLayer = ({ drawing: { count }, x, y }: Scene, item: number, sign: number): number => {
  const isAfter = (a: number, b: number): boolean => (sign * (y[a]! - y[b]!) || sign * (a - b)) > 0;
  let best = -1;
  for (let other = 0; other < count; other += 1) {
    if (x[other] !== x[item] || !isAfter(other, item)) continue;
    if (best < 0 || isAfter(best, other)) best = other;
  }
  return best;
};
