import type { Drawing } from '../view/drawingOf.js';
import { ITEM_HEIGHT, ITEM_WIDTH, type Box } from './Box.js';

const PADDING = 10;
/** The strip of a frame that bears its name and folds it. */
export const FRAME_HEAD = 20;

/** The outline around the members of an open group. */
export interface Frame {
  readonly group: number;
  readonly box: Box;
  /** The `d` of an SVG path. */
  readonly outline: string;
  /** Where the strip with the name begins. */
  readonly left: number;
  readonly top: number;
  /** How wide the strip is. */
  readonly width: number;
}

/**
 * The outlines of all open groups, large ones first: a box around what is in a group, or, where something else lies there,
 * as nodes that come later may, a box around each of its members that stand together.
 */
export const framesOf = (drawing: Drawing, x: ArrayLike<number>, y: ArrayLike<number>): readonly Frame[] => {
  const { count, frame, frameAround } = drawing;
  const boxes = new Map<number, Box>();
  const grow = (group: number, { left, top, right, bottom }: Box): void => {
    const box = boxes.get(group);
    boxes.set(group, {
      left: Math.min(box?.left ?? left, left),
      top: Math.min(box?.top ?? top, top),
      right: Math.max(box?.right ?? right, right),
      bottom: Math.max(box?.bottom ?? bottom, bottom),
    });
  };
  for (let item = 0; item < count; item += 1)
    if (frame[item]! >= 0) {
      // What lies in a group that lies in others is surrounded by each of them at its own distance.
      let box = framed(x[item]!, y[item]!);
      for (let group = frame[item]!; group >= 0; group = frameAround[group]!, box = wider(box)) grow(group, box);
    }
  if (boxes.size === 0) return [];

  const columns = columnsOf(count, x, y);
  const isIn = (item: number, group: number): boolean => {
    let at = frame[item]!;
    while (at >= 0 && at !== group) at = frameAround[at]!;
    return at === group;
  };
  return Array.from(boxes, ([group, box]): Frame => {
    const runs: Box[] = [];
    let isClean = true;
    for (const column of columns) {
      if (x[column[0]!]! < box.left || x[column[0]!]! > box.right) continue;
      let isRun = false;
      let at = 0;
      for (let end = column.length; at < end;) {
        const middle = (at + end) >> 1;
        if (y[column[middle]!]! < box.top) at = middle + 1;
        else end = middle;
      }
      for (; at < column.length && y[column[at]!]! < box.bottom; at += 1) {
        const item = column[at]!;
        if (isIn(item, group)) {
          const { left, right, top, bottom } = framed(x[item]!, y[item]!, NEAR, NEAR);
          runs.push(isRun ? { ...runs.pop()!, bottom } : { left, right, top, bottom });
          isRun = true;
        } else {
          isRun = isClean = false;
        }
      }
    }
    if (isClean)
      return { group, box, outline: rectangle(box), left: box.left, top: box.top, width: box.right - box.left };
    const { left, top, right } = runs[0]!;
    return { group, box, outline: runs.map(rectangle).join(''), left, top: top - FRAME_HEAD + 2, width: right - left };
  }).sort((a, b) => b.box.bottom - b.box.top - a.box.bottom + a.box.top);
};

const NEAR = 6;

const framed = (x: number, y: number, above = FRAME_HEAD + 2, around = PADDING): Box => ({
  left: x - ITEM_WIDTH / 2 - around,
  top: y - ITEM_HEIGHT / 2 - above,
  right: x + ITEM_WIDTH / 2 + around,
  bottom: y + ITEM_HEIGHT / 2 + around,
});

const wider = ({ left, top, right, bottom }: Box): Box => ({
  left: left - PADDING,
  top: top - FRAME_HEAD - 2,
  right: right + PADDING,
  bottom: bottom + PADDING,
});

const rectangle = ({ left, top, right, bottom }: Box): string => `M${left} ${top}H${right}V${bottom}H${left}Z`;

/** Items by where they are from left to right, each column from top to bottom. */
const columnsOf = (count: number, x: ArrayLike<number>, y: ArrayLike<number>): readonly (readonly number[])[] => {
  const columns = new Map<number, number[]>();
  for (let item = 0; item < count; item += 1) {
    const column = columns.get(x[item]!);
    if (column === undefined) columns.set(x[item]!, [item]);
    else column.push(item);
  }
  for (const column of columns.values()) column.sort((a, b) => y[a]! - y[b]!);
  return Array.from(columns)
    .sort(([a], [b]) => a - b)
    .map(([, column]) => column);
};

/** The frame whose strip is at a point. */
export const frameAt = (frames: readonly Frame[], x: number, y: number): Frame | undefined =>
  frames.findLast(({ left, top, width }) => x >= left && x <= left + width && y >= top && y <= top + FRAME_HEAD);
