import { icon } from '../dom/icon.js';
import { make } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { GONE } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import { fuzzy } from './fuzzy.js';

const OFFERED_MAX = 20;
const NODES_MAX = 100_000;
const CHIPS_MAX = 100;

let fields = 0;

/** A field for the ids of nodes, one after the other, with what is known offered while one types. */
export class IdField {
  readonly #changed: () => void;
  readonly #offers = make('datalist', { id: `ids-${++fields}` });
  readonly #input: HTMLInputElement;
  readonly #list = make('ul', { class: 'chips' });
  readonly element: HTMLElement;
  #ids: string[] = [];
  #view: RunView | undefined;

  constructor(label: string, changed: () => void) {
    this.#changed = changed;
    this.#input = make('input', {
      list: this.#offers.id,
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: 'a node’s id, then Enter',
      oninput: () => this.#offer(),
      onchange: () => this.#take(),
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== 'Enter' || this.#input.value === '') return;
        event.preventDefault();
        this.#take();
      },
    });
    this.element = make('div', { class: 'field' }, make('label', {}, label, this.#input), this.#offers, this.#list);
  }

  get ids(): readonly string[] {
    return this.#input.value === '' ? this.#ids : [...this.#ids, this.#input.value];
  }

  reset(view: RunView, ids: readonly string[]): void {
    this.#view = view;
    this.#ids = [...ids];
    this.#input.value = '';
    this.#build();
  }

  #take(): void {
    const id = this.#input.value;
    this.#input.value = '';
    if (id !== '' && !this.#ids.includes(id)) this.#ids.push(id);
    this.#build();
    this.#changed();
  }

  #build(): void {
    const others = this.#ids.length - CHIPS_MAX;
    this.#list.replaceChildren(
      ...this.#ids.slice(0, CHIPS_MAX).map((id) =>
        make(
          'li',
          {},
          shown(id, 60),
          make(
            'button',
            {
              type: 'button',
              class: 'quiet icon',
              'aria-label': `Without ${shown(id, 60)}`,
              onclick: () => {
                this.#ids = this.#ids.filter((other) => other !== id);
                this.#build();
                this.#input.focus();
                this.#changed();
              },
            },
            icon('close'),
          ),
        ),
      ),
      ...(others > 0 ? [make('li', {}, `and ${countText(others)} more`)] : []),
    );
  }

  #offer(): void {
    const view = this.#view;
    const typed = this.#input.value;
    const found: { readonly id: string; readonly score: number }[] = [];
    if (view !== undefined && typed !== '')
      for (let index = 0; index < Math.min(view.size, NODES_MAX) && found.length < OFFERED_MAX * 10; index++) {
        if (view.looks[index] === GONE) continue;
        const id = view.idOf(index);
        const score = fuzzy(typed, id);
        if (score > 0) found.push({ id, score });
      }
    found.sort((a, b) => b.score - a.score);
    this.#offers.replaceChildren(...found.slice(0, OFFERED_MAX).map(({ id }) => make('option', { value: id })));
    this.#changed();
  }
}
