/** Units of UTF-16 of a text that are looked at from either end. */
const SEEN = 200;

/**
 * A text in so many columns, of which wide characters take two: what is too long loses its middle, as the ends of ids
 * tell them apart.
 */
export const cutLabel = (text: string, columns: number): string => {
  const isLong = text.length > 2 * SEEN;
  const head = Array.from(isLong ? text.slice(0, SEEN) : text);
  const tail = isLong ? Array.from(text.slice(-SEEN)) : head;
  if (!isLong && head.reduce((sum, sign) => sum + widthOf(sign), 0) <= columns) return text;
  let left = 0;
  let right = tail.length;
  for (let room = columns - 1; ;) {
    const fromHead = left <= tail.length - right;
    const next = fromHead ? head[left] : tail[right - 1];
    if (next === undefined || widthOf(next) > room) break;
    room -= widthOf(next);
    if (fromHead) left++;
    else right--;
  }
  return `${head.slice(0, left).join('')}…${tail.slice(right).join('')}`;
};

/** About how wide a character is: from the first Hangul on most take two columns. */
const widthOf = (sign: string): number => (sign.codePointAt(0)! >= 0x1100 ? 2 : 1);
