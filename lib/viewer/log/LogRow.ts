import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { glyphPaths } from '../graph/glyphPaths.js';
import { FAILED } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import { eventSentence } from './eventSentence.js';
import { eventWord } from './eventWord.js';
import { ROW } from './logText.js';

const SVG = 'http://www.w3.org/2000/svg';

/** How a row stands out. */
export interface RowMarks {
  readonly isActive: boolean;
  readonly isPicked: boolean;
  readonly isPinned: boolean;
}

/** One of the few rows that are in the page: it shows whichever event lies where it stands. */
export class LogRow {
  readonly element: HTMLElement;
  /** The event that it shows; 0 for those that are missing, -1 for none. */
  seq = -1;
  readonly #pin: HTMLButtonElement;
  readonly #cells: readonly HTMLElement[];
  readonly #path = document.createElementNS(SVG, 'path');
  readonly #badge: HTMLElement;
  readonly #word = make('span');
  readonly #gap = make('div', { role: 'gridcell', 'aria-colspan': 6 });
  #node = -1;
  #look = -1;

  constructor(id: string) {
    this.#pin = make('button', { class: 'pin', tabindex: -1 }, pinIcon());
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.append(this.#path);
    this.#badge = make('i', { 'aria-hidden': 'true' }, svg);
    const cell = (name: string, ...children: readonly Node[]): HTMLElement =>
      make('div', { role: 'gridcell', class: name }, ...children);
    this.#cells = [
      cell('pins-cell', this.#pin),
      cell('seq'),
      cell('time'),
      cell('type', this.#badge, this.#word),
      cell('node'),
      cell('said'),
    ];
    this.element = make('div', { role: 'row', id, class: 'row' }, ...this.#cells);
  }

  /** Shows an event in this row of the log, so many px below the pane's top. */
  show(view: RunView, seq: number, row: number, y: number, marks: RowMarks): void {
    const { element } = this;
    const [, seqCell, timeCell, , nodeCell, saidCell] = this.#cells;
    if (this.seq !== seq) {
      if (this.seq <= 0) element.replaceChildren(...this.#cells);
      this.seq = seq;
      const event = view.log.at(seq);
      const { word, look } = eventWord(event.type);
      this.#node = view.log.nodeAt(seq);
      this.#look = event.type === 'RunSettled' && !event.success ? FAILED : look;
      setText(seqCell!, countText(seq));
      setText(this.#word, word);
      setTrait(this.#badge, 'class', `l${this.#look}`);
      setTrait(this.#path, 'd', glyphPaths[this.#look] ?? '');
      const id = this.#node < 0 ? '' : shown(view.idOf(this.#node));
      setText(nodeCell!, id);
      nodeCell!.title = id;
      const sentence = eventSentence(event);
      setText(saidCell!, sentence);
      saidCell!.title = sentence;
      setTrait(this.#pin, 'aria-label', `Pin event ${seq}`);
    }
    setText(timeCell!, view.timeText(view.log.timeAt(seq)));
    setTrait(this.#pin, 'aria-pressed', marks.isPinned);
    setTrait(element, 'aria-selected', marks.isPicked);
    const classes = ['row'];
    if (marks.isActive) classes.push('active');
    if (marks.isPicked) classes.push('picked');
    else if (this.#node >= 0 && this.#node === view.selected) classes.push('kin');
    if (marks.isPinned) classes.push('pinned');
    if (seq === view.seq) classes.push('now');
    if (seq > view.seq) classes.push('later');
    if (this.#look === FAILED) classes.push('bad');
    this.#place(row, y, classes.join(' '));
  }

  /** Shows that events are missing here. */
  showGap(text: string, row: number, y: number): void {
    if (this.seq !== 0) this.element.replaceChildren(this.#gap);
    this.seq = 0;
    setText(this.#gap, text);
    setTrait(this.element, 'aria-selected', false);
    this.#place(row, y, 'row gap');
  }

  hide(): void {
    this.element.hidden = true;
  }

  #place(row: number, y: number, classes: string): void {
    const { element } = this;
    element.hidden = false;
    setTrait(element, 'class', classes);
    setTrait(element, 'aria-rowindex', row + 2);
    element.style.transform = `translateY(${y}px)`;
    element.style.height = `${ROW}px`;
  }
}

/** A pin, for buttons that say what it does. */
export const pinIcon = (): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M6 1h4l-.5 5L12 8.5V10H8.7v4L8 15l-.7-1v-4H4V8.5L6.5 6z');
  svg.append(path);
  return svg;
};
