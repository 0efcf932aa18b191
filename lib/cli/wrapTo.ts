import stringWidth from 'string-width';
import { cutTo } from './cutTo.js';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text in lines of at most so many columns, broken at blanks where there are any; what is beyond `most` lines is cut. */
export const wrapTo = (text: string, columns: number, most: number): readonly string[] => {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest !== '' && lines.length < most - 1 && columns > 1) {
    const fits = headOf(rest, columns);
    if (fits.length === rest.length) break;
    const blank = fits.lastIndexOf(' ');
    const end = rest[fits.length] === ' ' || blank < 1 ? fits.length : blank;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' && lines.length > 0 ? lines : [...lines, cutTo(rest, columns)];
};

/** As much of a text as fits, at least one sign. */
const headOf = (text: string, columns: number): string => {
  let width = 0;
  let length = 0;
  for (const { segment, index } of segmenter.segment(text.slice(0, columns * 16))) {
    width += stringWidth(segment);
    if (width > columns && index > 0) break;
    length = index + segment.length;
  }
  return text.slice(0, length);
};
