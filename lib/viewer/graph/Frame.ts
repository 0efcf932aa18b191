import type { Drawing } from '../view/drawingOf.js';
import { ITEM_HEIGHT, ITEM_WIDTH, type Box } from './Box.js';

const PADDING = 10;
/** The strip of a frame that bears its name and folds it. */
export const FRAME_HEAD = 20;

/** The outline around the members of an open group: a box around those of each column, and these boxes joined. */
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

/** The outlines of all open groups. */
export const framesOf = ({ count, frame }: Drawing, x: ArrayLike<number>, y: ArrayLike<number>): readonly Frame[] => {
  const groups = new Map<number, Map<number, { top: number; bottom: number }>>();
  for (let item = 0; item < count; item += 1) {
    const group = frame[item]!;
    if (group < 0) continue;
    let columns = groups.get(group);
    if (columns === undefined) groups.set(group, (columns = new Map()));
    const top = y[item]! - ITEM_HEIGHT / 2;
    const bottom = y[item]! + ITEM_HEIGHT / 2;
    const column = columns.get(x[item]!);
    if (column === undefined) columns.set(x[item]!, { top, bottom });
    else {
      column.top = Math.min(column.top, top);
      column.bottom = Math.max(column.bottom, bottom);
    }
  }
  return Array.from(groups, ([group, columns]) => frameOf(group, columns));
};

const frameOf = (
  group: number,
  columns: ReadonlyMap<number, { readonly top: number; readonly bottom: number }>,
): Frame => {
  const sorted = [...columns].sort(([a], [b]) => a - b);
  const reach = ITEM_WIDTH / 2 + PADDING;
  const left = sorted[0]![0] - reach;
  const right = sorted.at(-1)![0] + reach;
  const above: string[] = [];
  const below: string[] = [];
  let top = Infinity;
  let bottom = -Infinity;
  sorted.forEach(([x, column], i) => {
    const [high, low] = [column.top - FRAME_HEAD - 2, column.bottom + PADDING];
    const from = i === 0 ? left : (x + sorted[i - 1]![0]) / 2;
    const to = i === sorted.length - 1 ? right : (x + sorted[i + 1]![0]) / 2;
    above.push(`${from} ${high}L${to} ${high}`);
    below.unshift(`${to} ${low}L${from} ${low}`);
    top = Math.min(top, high);
    bottom = Math.max(bottom, low);
  });
  const first = sorted[0]![1];
  return {
    group,
    box: { left, top, right, bottom },
    outline: `M${[...above, ...below].join('L')}Z`,
    left,
    top: first.top - FRAME_HEAD - 2,
    width: 2 * reach,
  };
};

/** The frame whose strip is at a point. */
export const frameAt = (frames: readonly Frame[], x: number, y: number): Frame | undefined =>
  frames.find(({ left, top, width }) => x >= left && x <= left + width && y >= top && y <= top + FRAME_HEAD);
