import { shown } from '../dom/shown.js';
import { ITEM_WIDTH } from './Box.js';
import { fitLabel, signWidths } from './fitLabel.js';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
/** The fonts of an item's two lines. */
export const LABEL_FONT = `600 12.5px ${FONT}`;
export const DETAIL_FONT = `11px ${FONT}`;
/** The fonts of an item from afar, and the zoom below which they are used: there the others would be too small to be read. */
export const FAR_FONT = `600 17px ${FONT}`;
export const FAR_BADGE_FONT = `600 14px ${FONT}`;
export const FAR_ZOOM = 0.65;
const ROOM = ITEM_WIDTH - 46;
/** So many texts are remembered. */
const MOST = 20_000;
/** The signs after which a long name may go on in the next line. */
const BREAKS = /[\s_\-./:[\](){},]/;

/** The texts of items, cut to fit, each of them once. */
export class Labels {
  readonly #label = new Map<string, string>();
  readonly #detail = new Map<string, string>();
  readonly #far = new Map<string, readonly string[]>();
  #labelWidth: ((sign: string) => number) | undefined;
  #detailWidth: ((sign: string) => number) | undefined;
  #farWidth: ((sign: string) => number) | undefined;

  /** The first line, beside a badge of so many signs. */
  label(text: string, badge: number): string {
    this.#labelWidth ??= signWidths(LABEL_FONT);
    return cut(this.#label, text, ROOM - (badge > 0 ? 8 + 8 * badge : 0), this.#labelWidth);
  }

  /** The second line, without so much of its room. */
  detail(text: string, less: number): string {
    this.#detailWidth ??= signWidths(DETAIL_FONT);
    return cut(this.#detail, text, ROOM - less, this.#detailWidth);
  }

  /** The name as it stands from afar: larger, in one line or two, of which a badge leaves less to the first. */
  far(text: string, badge: number, lineCount: 1 | 2): readonly string[] {
    const widthOf = (this.#farWidth ??= signWidths(FAR_FONT));
    const key = `${lineCount} ${badge} ${text}`;
    let lines = this.#far.get(key);
    if (lines === undefined) {
      if (this.#far.size > MOST) this.#far.clear();
      const room = ROOM - (badge > 0 ? 8 + 9 * badge : 0);
      lines =
        lineCount === 1 ? [fitLabel(text, room, widthOf)] : inTwo(shown(text), { first: room, second: ROOM }, widthOf);
      this.#far.set(key, lines);
    }
    return lines;
  }
}

/** A name in one line or two, broken behind a sign that parts its words where one comes behind the first third of a line. */
export const inTwo = (
  text: string,
  { first, second }: { readonly first: number; readonly second: number },
  widthOf: (sign: string) => number,
): readonly string[] => {
  const signs = Array.from(text);
  let fits = 0;
  for (let left = first; fits < signs.length; fits += 1) {
    left -= widthOf(signs[fits]!);
    if (left < 0) break;
  }
  if (fits === signs.length) return [text];
  let end = fits;
  while (end > fits / 3 && !BREAKS.test(signs[end - 1]!)) end -= 1;
  if (end <= fits / 3) end = fits;
  return [signs.slice(0, end).join(''), fitLabel(signs.slice(end).join(''), second, widthOf)];
};

const cut = (known: Map<string, string>, text: string, room: number, widthOf: (sign: string) => number): string => {
  const key = `${room} ${text}`;
  let label = known.get(key);
  if (label === undefined) {
    if (known.size > MOST) known.clear();
    label = fitLabel(text, room, widthOf);
    known.set(key, label);
  }
  return label;
};
