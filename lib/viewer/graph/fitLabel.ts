import { shown } from '../dom/shown.js';

/** A text cut in its middle to a width: ids of siblings differ at their ends. */
export const fitLabel = (text: string, width: number, widthOf: (sign: string) => number): string => {
  const signs = Array.from(shown(text));
  const widths = signs.map(widthOf);
  let room = width;
  for (const each of widths) room -= each;
  if (room >= 0) return signs.join('');
  room = width - widthOf('…');
  if (room < 0) return '';
  let head = 0;
  let tail = signs.length;
  // The end gets the first sign and every second one after it.
  for (let turn = 0; head < tail; turn += 1) {
    const next = turn % 2 === 0 ? widths[tail - 1]! : widths[head]!;
    if (next > room) break;
    room -= next;
    if (turn % 2 === 0) tail -= 1;
    else head += 1;
  }
  return `${signs.slice(0, head).join('')}…${signs.slice(tail).join('')}`;
};

/** Measures signs of one font, each of them once. */
export const signWidths = (font: string): ((sign: string) => number) => {
  const context = document.createElement('canvas').getContext('2d');
  if (context !== null) context.font = font;
  const known = new Map<string, number>();
  return (sign) => {
    let width = known.get(sign);
    if (width === undefined) {
      width = context?.measureText(sign).width ?? 8;
      if (known.size > 5_000) known.clear();
      known.set(sign, width);
    }
    return width;
  };
};
