import { printable } from '../../model/printable.js';

/** A text of others on one line: its middle left out where it is too long, signs that nobody sees made visible. */
export const shown = (text: string, max = 120): string => {
  if (text.length <= max) return printable(text);
  const head = Math.ceil(max * 0.6);
  // Half of a pair at the cut is left out; it would be shown as an escape.
  const before = text.slice(0, head).replace(/[\ud800-\udbff]$/, '');
  const after = text.slice(text.length - (max - head - 1)).replace(/^[\udc00-\udfff]/, '');
  return `${printable(before)}…${printable(after)}`;
};

/** A text of several lines, which stay; signs that nobody sees are made visible. */
export const shownLines = (text: string): string => text.split(/\r?\n/).map(printable).join('\n');

/** A count with its thousands apart. */
export const countText = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
