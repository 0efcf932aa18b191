import { icon } from '../dom/icon.js';
import { make } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import type { RunView } from '../view/RunView.js';
import { eventSentence } from './eventSentence.js';
import { eventWord } from './eventWord.js';

const PINS_MAX = 50;

/** Events that stay in sight above the log until they are let go. */
export class LogPins {
  readonly element = make('ul', { class: 'pins', 'aria-label': 'Pinned events' });
  readonly #seqs = new Set<number>();
  readonly #go: (seq: number) => void;
  readonly #changed: () => void;

  constructor(go: (seq: number) => void, changed: () => void) {
    this.#go = go;
    this.#changed = changed;
  }

  has(seq: number): boolean {
    return this.#seqs.has(seq);
  }

  clear(): void {
    this.#seqs.clear();
    this.element.replaceChildren();
  }

  /** Pins an event or lets it go. */
  toggle(seq: number, view: RunView): void {
    if (!this.#seqs.delete(seq) && this.#seqs.size < PINS_MAX) this.#seqs.add(seq);
    this.element.replaceChildren(...[...this.#seqs].sort((a, b) => a - b).map((each) => this.#item(each, view)));
    this.#changed();
  }

  #item(seq: number, view: RunView): HTMLElement {
    const event = view.log.at(seq);
    const node = view.log.nodeAt(seq);
    const about = node < 0 ? '' : ` ${shown(view.idOf(node))}`;
    return make(
      'li',
      {},
      make(
        'button',
        { class: 'link', onclick: () => this.#go(seq) },
        make('span', { class: 'muted' }, `#${countText(seq)} `),
        make('b', {}, eventWord(event.type).word + about),
        ` ${eventSentence(event)}`,
      ),
      make(
        'button',
        { class: 'quiet icon', 'aria-label': `Unpin event ${seq}`, onclick: () => this.toggle(seq, view) },
        icon('close'),
      ),
    );
  }
}
