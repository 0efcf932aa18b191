import { fitLabel, signWidths } from './fitLabel.js';
import { ITEM_WIDTH } from './Box.js';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
/** The fonts of an item's two lines. */
export const LABEL_FONT = `600 12.5px ${FONT}`;
export const DETAIL_FONT = `11px ${FONT}`;
const ROOM = ITEM_WIDTH - 46;

/** The texts of items, cut to fit, each of them once. */
export class Labels {
  readonly #label = new Map<string, string>();
  readonly #detail = new Map<string, string>();
  #labelWidth: ((sign: string) => number) | undefined;
  #detailWidth: ((sign: string) => number) | undefined;

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
}

const cut = (known: Map<string, string>, text: string, room: number, widthOf: (sign: string) => number): string => {
  const key = `${room} ${text}`;
  let label = known.get(key);
  if (label === undefined) {
    if (known.size > 20_000) known.clear();
    label = fitLabel(text, room, widthOf);
    known.set(key, label);
  }
  return label;
};
