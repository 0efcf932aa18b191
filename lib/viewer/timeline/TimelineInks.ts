import { fitLabel, signWidths } from '../graph/fitLabel.js';
import { glyphPaths } from '../graph/glyphPaths.js';
import { inksOf, type Inks } from '../graph/Inks.js';
import { Colours } from '../theme/Colours.js';

const LABELS_MAX = 5_000;
const FAMILY = 'system-ui,-apple-system,"Segoe UI",Roboto,sans-serif';

/** What a timeline is painted with: the colours of the theme, fonts, signs, and labels cut to their width. */
export class TimelineInks {
  readonly font = `12px ${FAMILY}`;
  readonly smallFont = `11px ${FAMILY}`;
  readonly glyphs = glyphPaths.map((path) => new Path2D(path));
  readonly looks: Inks;
  readonly text: string;
  readonly line: string;
  readonly accent: string;
  readonly #labels = new Map<number, string>();
  readonly #widthOf = signWidths(this.font);
  #width = 0;

  constructor(element: Element) {
    const colours = new Colours(element);
    this.looks = inksOf(element);
    this.text = colours.of('--dag-text');
    this.line = colours.of('--dag-line');
    this.accent = colours.of('--dag-accent');
  }

  /** A node's label, cut in its middle to a width. */
  label(node: number, idOf: (node: number) => string, width: number): string {
    if (width !== this.#width || this.#labels.size > LABELS_MAX) this.#labels.clear();
    this.#width = width;
    let label = this.#labels.get(node);
    if (label === undefined) {
      label = fitLabel(idOf(node), width, this.#widthOf);
      this.#labels.set(node, label);
    }
    return label;
  }
}
