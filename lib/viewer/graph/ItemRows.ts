import type { RunView } from '../view/RunView.js';
import type { Scene } from './Scene.js';

/** The rows of the list: items, and above the members of each open group a row for the group. */
export interface ItemRows {
  /** An item, or -1 minus the number of an open group. */
  readonly rows: Int32Array;
  /** Item → its row. */
  readonly rowOf: Int32Array;
}

/** Puts items in rows, in the order of the drawing, with the members of a group together. */
export const itemRows = ({ drawing: { count, frame } }: Scene): ItemRows => {
  const members = new Map<number, number[]>();
  for (let item = 0; item < count; item += 1) {
    const group = frame[item]!;
    if (group < 0) continue;
    const known = members.get(group);
    if (known === undefined) members.set(group, [item]);
    else known.push(item);
  }
  const rows = new Int32Array(count + members.size);
  const rowOf = new Int32Array(count);
  let row = 0;
  const put = (item: number): void => {
    rows[row] = item;
    rowOf[item] = row;
    row += 1;
  };
  for (let item = 0; item < count; item += 1) {
    const group = frame[item]!;
    if (group < 0) put(item);
    else if (members.get(group)![0] === item) {
      rows[row] = -1 - group;
      row += 1;
      for (const member of members.get(group)!) put(member);
    }
  }
  return { rows, rowOf };
};

/** The item of a row, or -1 for an open group's. */
export const rowItem = ({ rows }: ItemRows, row: number): number => Math.max(-1, rows[row] ?? -1);

/** The number of the group that a row folds or opens, or -1. */
export const rowGroup = ({ rows }: ItemRows, scene: Scene, row: number): number => {
  const item = rows[row];
  if (item === undefined) return -1;
  return item < 0 ? -1 - item : scene.drawing.group[item]!;
};

/** "12 of 40 done, 3 running, 1 failed". */
export const summaryText = (view: RunView): string => {
  const { counts } = view;
  const of = (...looks: readonly number[]): number => looks.reduce((sum, look) => sum + (counts[look] ?? 0), 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const parts = [`${of(7, 8, 9, 10, 11, 12)} of ${total} done`];
  for (const [count, word] of [
    [of(3), 'running'],
    [of(9, 10), 'failed'],
    [of(5), 'retrying'],
    [of(6), 'paused'],
  ] as const) {
    if (count > 0) parts.push(`${count} ${word}`);
  }
  return parts.join(', ');
};
