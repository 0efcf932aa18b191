import type { RunView } from '../view/RunView.js';
import type { Scene } from './Scene.js';

/** The rows of the list: items, and above the members of each open group a row for the group. */
export interface ItemRows {
  /** An item, or -1 minus the number of an open group. */
  readonly rows: Int32Array;
  /** Item → its row, or -1. */
  readonly rowOf: Int32Array;
}

/** Puts items in rows, in the order of the drawing, with what is in a group together; `wanted` holds 1 for those that get one. */
export const itemRows = ({ drawing: { count, frame, frameAround } }: Scene, wanted?: Uint8Array): ItemRows => {
  // What is in each open group, and in none: items, and -1 minus the numbers of groups.
  const entries = new Map<number, number[]>([[-1, []]]);
  let found = 0;
  for (let item = 0; item < count; item += 1) {
    if (wanted?.[item] === 0) continue;
    found += 1;
    let entry = item;
    for (let group = frame[item]!; ; group = frameAround[group]!) {
      const known = entries.get(group);
      if (known === undefined) entries.set(group, [entry]);
      else known.push(entry);
      if (known !== undefined) break;
      entry = -1 - group;
    }
  }
  const rows = new Int32Array(found + entries.size - 1);
  const rowOf = new Int32Array(count).fill(-1);
  let row = 0;
  const waiting = entries.get(-1)!.reverse();
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (entry >= 0) rowOf[entry] = row;
    else for (const inner of entries.get(-1 - entry)!.reverse()) waiting.push(inner);
    rows[row] = entry;
    row += 1;
  }
  return { rows, rowOf };
};

/** How many open groups a group lies in, and itself; none for -1. */
export const depthOf = ({ drawing: { frameAround } }: Scene, group: number): number => {
  let depth = 0;
  for (let at = group; at >= 0; at = frameAround[at]!) depth += 1;
  return depth;
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
