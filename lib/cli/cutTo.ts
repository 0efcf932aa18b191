import stringWidth from 'string-width';

/** Nothing that is shown has more than a few units for a column; what is longer is cut before it is measured. */
const UNITS_MAX = 16;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text that takes at most so many columns of a terminal; one that was cut ends in `…`. */
export const cutTo = (text: string, columns: number): string => {
  if (text.length <= columns && /^[\x20-\x7e]*$/.test(text)) return text;
  if (columns < 1) return '';
  const bounded = text.slice(0, columns * UNITS_MAX);
  if (bounded.length === text.length && stringWidth(text) <= columns) return text;
  let width = 0;
  let cut = '';
  for (const { segment } of segmenter.segment(bounded)) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
};

/** The end of a text, in at most so many columns of a terminal; one that was cut begins with `…`. */
export const endOf = (text: string, columns: number): string => {
  if (columns < 1) return '';
  const bounded = text.slice(-columns * UNITS_MAX);
  if (bounded.length === text.length && stringWidth(text) <= columns) return text;
  let width = 0;
  let from = bounded.length;
  for (const { segment, index } of [...segmenter.segment(bounded)].reverse()) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    from = index;
  }
  return `…${bounded.slice(from)}`;
};
