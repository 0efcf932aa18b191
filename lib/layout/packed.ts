import type { Part } from './Part.js';

/** The first column and the top of each part, and the size of the whole. */
export interface Packing {
  readonly column: Int32Array;
  readonly top: Float64Array;
  readonly columns: number;
  readonly height: number;
}

const ASPECT = 1.6;

/** Puts parts beside and below each other, each where it ends highest, so that the whole is somewhat wider than high. */
export const packed = (parts: readonly Part[], columnWidth: number, gap: number): Packing => {
  let area = 0;
  let columns = 0;
  for (const part of parts) {
    area += part.columns * columnWidth * (part.height + gap);
    columns = Math.max(columns, part.columns);
  }
  columns = Math.max(columns, Math.ceil(Math.sqrt(area * ASPECT) / columnWidth));
  const order = parts.map((_, i) => i).sort((a, b) => parts[b]!.height - parts[a]!.height || a - b);
  const column = new Int32Array(parts.length);
  const top = new Float64Array(parts.length);
  const filled = new Float64Array(columns);
  const queue = new Int32Array(columns);
  for (const i of order) {
    const { columns: wide, height } = parts[i]!;
    // The lowest of each `wide` neighbouring columns; the queue holds columns that get ever less filled.
    let head = 0;
    let tail = 0;
    let best = 0;
    let least = Infinity;
    for (let at = 0; at < columns; at++) {
      while (tail > head && filled[queue[tail - 1]!]! <= filled[at]!) tail--;
      queue[tail++] = at;
      if (queue[head]! <= at - wide) head++;
      if (at >= wide - 1 && filled[queue[head]!]! < least) {
        least = filled[queue[head]!]!;
        best = at - wide + 1;
      }
    }
    column[i] = best;
    top[i] = least === 0 ? 0 : least;
    filled.fill(least + height + gap, best, best + wide);
  }
  return { column, top, columns, height: Math.max(0, filled.reduce((a, b) => Math.max(a, b), 0) - gap) };
};
