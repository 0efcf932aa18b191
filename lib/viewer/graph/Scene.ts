import { adjacencyOf, type Adjacency } from '../../layout/Adjacency.js';
import type { Layout } from '../../layout/Layout.js';
import type { Drawing } from '../view/drawingOf.js';
import type { Group } from '../view/Groups.js';
import { ITEM_HEIGHT, ITEM_WIDTH, type Box } from './Box.js';
import { framesOf, type Frame } from './Frame.js';

/** A drawing and where its parts lie: all that the painters read. */
export interface Scene {
  readonly drawing: Drawing;
  readonly groups: readonly Group[];
  /** What the layout has found for this drawing. */
  readonly places: Layout;
  /** Centres; they differ from those of `places` while items glide there. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly bounds: Box;
  readonly frames: readonly Frame[];
  /** left, top, right, bottom of each edge. */
  readonly edgeBoxes: Float32Array;
  /** By item: the edges that come from it. */
  readonly outs: Adjacency;
  /** By item: the edges that lead to it. */
  readonly ins: Adjacency;
}

/** Puts a drawing and its places together. */
export const sceneOf = (drawing: Drawing, groups: readonly Group[], places: Layout): Scene => {
  const steps = sceneSteps(drawing, groups, places);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};

/** The same with pauses, for drawings that are large. */
export function* sceneSteps(drawing: Drawing, groups: readonly Group[], places: Layout): Generator<undefined, Scene> {
  const { count, from, to } = drawing;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  x.set(places.x.subarray(0, count));
  y.set(places.y.subarray(0, count));
  const frames = framesOf(drawing, x, y);
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const surround = ({ left, top, right, bottom }: Box): void => {
    bounds.left = Math.min(bounds.left, left);
    bounds.top = Math.min(bounds.top, top);
    bounds.right = Math.max(bounds.right, right);
    bounds.bottom = Math.max(bounds.bottom, bottom);
  };
  for (let item = 0; item < count; item += 1) {
    if (x[item]! < bounds.left) bounds.left = x[item]!;
    if (x[item]! > bounds.right) bounds.right = x[item]!;
    if (y[item]! < bounds.top) bounds.top = y[item]!;
    if (y[item]! > bounds.bottom) bounds.bottom = y[item]!;
  }
  bounds.left -= ITEM_WIDTH / 2;
  bounds.right += ITEM_WIDTH / 2;
  bounds.top -= ITEM_HEIGHT / 2;
  bounds.bottom += ITEM_HEIGHT / 2;
  for (const frame of frames) surround(frame.box);
  // Nothing is at the origin.
  if (count === 0) surround(boxAt(0, 0));
  yield;
  const edgeBoxes = edgeBoxesOf(drawing, places);
  yield;
  const outs = adjacencyOf(count, from);
  yield;
  const ins = adjacencyOf(count, to);
  yield;
  return { drawing, groups, places, x, y, bounds, frames, edgeBoxes, outs, ins };
}

/** The numbers of the edges at an item, in one of its lists. */
export const edgesAt = ({ start, list }: Adjacency, item: number): Int32Array =>
  list.subarray(start[item], start[item + 1]);

/** The rectangle of an item. */
export const itemBox = ({ x, y }: Scene, item: number): Box => boxAt(x[item]!, y[item]!);

/** The items that a box shows; a scan of numbers, which takes a fifth of a millisecond for 100,000 of them. */
export const itemsIn = (scene: Scene, box: Box): number[] => {
  const { x, y } = scene;
  const left = box.left - ITEM_WIDTH / 2;
  const right = box.right + ITEM_WIDTH / 2;
  const top = box.top - ITEM_HEIGHT / 2;
  const bottom = box.bottom + ITEM_HEIGHT / 2;
  const found: number[] = [];
  for (let item = 0; item < x.length; item += 1) {
    if (x[item]! >= left && x[item]! <= right && y[item]! >= top && y[item]! <= bottom) found.push(item);
  }
  return found;
};

/** Whether a box shows more than so many items. */
export const showsMore = (scene: Scene, box: Box, most: number): boolean => {
  const { x, y } = scene;
  const left = box.left - ITEM_WIDTH / 2;
  const right = box.right + ITEM_WIDTH / 2;
  const top = box.top - ITEM_HEIGHT / 2;
  const bottom = box.bottom + ITEM_HEIGHT / 2;
  let count = 0;
  for (let item = 0; item < x.length && count <= most; item += 1)
    if (x[item]! >= left && x[item]! <= right && y[item]! >= top && y[item]! <= bottom) count += 1;
  return count > most;
};

/** The edges that may cross a box; where they are more than `most`, so many of them, from all parts of the drawing. */
export const edgesIn = (scene: Scene, box: Box, most = Infinity): number[] => {
  const boxes = scene.edgeBoxes;
  const isIn = (at: number): boolean =>
    boxes[at]! <= box.right && boxes[at + 2]! >= box.left && boxes[at + 1]! <= box.bottom && boxes[at + 3]! >= box.top;
  let count = 0;
  if (most < boxes.length / 4) for (let at = 0; at < boxes.length; at += 4) if (isIn(at)) count += 1;
  const step = Math.max(1, Math.ceil(count / most));
  const found: number[] = [];
  let nth = 0;
  for (let at = 0; at < boxes.length; at += 4) if (isIn(at) && nth++ % step === 0) found.push(at >> 2);
  return found;
};

/** The item at a world point, or -1; `slack` makes small items easier to hit. */
export const itemAt = (scene: Scene, worldX: number, worldY: number, slack = 0): number => {
  const box = { left: worldX - slack, right: worldX + slack, top: worldY - slack, bottom: worldY + slack };
  const found = itemsIn(scene, box);
  let best = -1;
  let least = Infinity;
  for (const item of found) {
    const distance = Math.hypot(scene.x[item]! - worldX, scene.y[item]! - worldY);
    if (distance < least) [best, least] = [item, distance];
  }
  return best;
};

const boxAt = (x: number, y: number): Box => ({
  left: x - ITEM_WIDTH / 2,
  top: y - ITEM_HEIGHT / 2,
  right: x + ITEM_WIDTH / 2,
  bottom: y + ITEM_HEIGHT / 2,
});

const edgeBoxesOf = ({ from }: Drawing, { routeStart, route }: Layout): Float32Array => {
  const boxes = new Float32Array(4 * from.length);
  for (let edge = 0; edge < from.length; edge += 1) {
    let left = Infinity;
    let top = Infinity;
    let right = -Infinity;
    let bottom = -Infinity;
    for (let at = 2 * routeStart[edge]!; at < 2 * routeStart[edge + 1]!; at += 2) {
      const x = route[at]!;
      const y = route[at + 1]!;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    boxes[4 * edge] = left;
    boxes[4 * edge + 1] = top;
    boxes[4 * edge + 2] = right;
    boxes[4 * edge + 3] = bottom;
  }
  return boxes;
};
