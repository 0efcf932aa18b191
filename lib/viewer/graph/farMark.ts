import { CACHED, FAILED, PENDING, SUCCEEDED, TIMED_OUT } from '../theme/looks.js';

/**
 * The looks from afar, where no sign can be seen: told apart by shape and lightness, too. Five parts from left to right:
 * `#` filled, `o` light with a rim, `-` a line, `.` nothing.
 */
const marks: readonly string[] = [
  '--#--',
  '-###-',
  '##---',
  'ooooo',
  '#.#.#',
  '###.#',
  '.#.#.',
  '#####',
  '####.',
  '##.##',
  '#.###',
  '-----',
  '--.--',
];

/** A part of a mark, in whole pixels from the item's left top corner. */
export interface MarkPart {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ink: 'line' | 'fill' | 'edge';
}

/** By how much the mark of what failed sticks out of its item on either side. */
export const reachOf = (width: number): number => Math.max(1, Math.round(width / 12));

/** What has ended well steps back behind what runs or has failed. */
export const strengthOf = (look: number): number => (look === SUCCEEDED || look === CACHED ? 0.55 : 1);

/** How a look is drawn in an item of so many pixels. */
export const farMark = (look: number, itemWidth: number, itemHeight: number): readonly MarkPart[] => {
  const mark = marks[look] ?? marks[PENDING]!;
  const reach = look === FAILED || look === TIMED_OUT ? reachOf(itemWidth) : 0;
  const at = (place: number): number => Math.round(((itemWidth + 2 * reach) * place) / mark.length) - reach;
  const thin = Math.max(1, Math.round(itemHeight / 4));
  const parts: MarkPart[] = [];
  for (const { 0: run, index } of mark.matchAll(/(.)\1*/g)) {
    const ink = look === PENDING ? 'edge' : 'line';
    const [x, height] = [at(index), run[0] === '-' ? thin : itemHeight];
    const part = {
      x,
      y: (itemHeight - height) >> 1,
      width: Math.max(1, at(index + run.length) - x),
      height,
      ink,
    } as const;
    if (run[0] !== '.') parts.push(part);
    if (run[0] !== 'o') continue;
    // Two pixels have room for a rim below alone, one for none.
    const rim = Math.max(1, thin >> 1);
    const [above, below] = [height > 2 ? rim : 0, height > 1 ? rim : 0];
    parts.push({
      x: x + rim,
      y: above,
      width: Math.max(0, part.width - 2 * rim),
      height: height - above - below,
      ink: 'fill',
    });
  }
  return parts;
};
