import { icon } from '../dom/icon.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import type { RunView } from '../view/RunView.js';
import { menu } from './menu.js';

const SETTLE_MS = 80;
const ERROR_MAX = 500;

const help: readonly (readonly [string, string])[] = [
  ['load', 'ids that contain “load”'],
  ['state:failed,running', 'in one of these states'],
  ['action:load', 'of this action'],
  ['branch:x', 'of this branch'],
  ['dur>1.5s', 'that took longer; also dur<'],
  ['near:2', 'at most 2 edges from the selected node'],
  ['/^a.*z$/', 'ids that match a regular expression'],
  ['-hidden', 'not what follows the minus'],
  ['"a:b c"', 'ids that contain just that'],
];

/** The field that nodes are found with: how many there are, and the way from one to the next. */
export class FilterBox {
  readonly #input = make('input', {
    type: 'search',
    'aria-label': 'Filter nodes',
    'aria-describedby': 'filter-told filter-wrong',
    placeholder: 'Filter nodes  /',
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: () => this.#settle(),
    onkeydown: (event: KeyboardEvent) => this.#press(event),
  });
  readonly #told = make('span', { id: 'filter-told', class: 'told muted' });
  /** Lies below the field: that keeps its width, nothing moves as one types, and all of the sentence is seen. */
  readonly #wrong = make('p', { id: 'filter-wrong', class: 'wrong', role: 'status' });
  readonly #previous = make(
    'button',
    { class: 'quiet icon', 'aria-label': 'Previous match', title: 'Previous match (N)', onclick: () => this.next(-1) },
    icon('previous'),
  );
  readonly #next = make(
    'button',
    { class: 'quiet icon', 'aria-label': 'Next match', title: 'Next match (n)', onclick: () => this.next(1) },
    icon('next'),
  );
  readonly #hidden = make(
    'button',
    { class: 'hidden-done', title: 'Show what is done again (h)', onclick: () => this.#view?.setHidesDone(false) },
    'Done hidden ✕',
  );
  readonly #help = menu(
    ['?'],
    'How to filter',
    make('h3', {}, 'All words must hold'),
    make(
      'dl',
      { class: 'help' },
      ...help.flatMap(([word, meaning]) => [make('dt', { class: 'mono' }, word), make('dd', {}, meaning)]),
    ),
  );
  readonly element = make(
    'div',
    { class: 'filter', role: 'search', 'aria-label': 'Nodes' },
    this.#input,
    this.#told,
    this.#hidden,
    this.#previous,
    this.#next,
    this.#help.button,
    this.#help.panel,
    this.#wrong,
  );
  #view: RunView | undefined;
  #error: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#help.button.classList.add('quiet', 'icon');
    this.#hidden.hidden = true;
  }

  show(view: RunView): void {
    this.#view = view;
    if (this.#timer === undefined && this.#error === undefined && this.#input.value.trim() !== view.filterText)
      this.#input.value = view.filterText;
    const isOn = view.matches !== undefined;
    setText(this.#told, isOn ? `${countText(view.matchCount)} found` : '');
    this.#told.hidden = this.#error !== undefined;
    setText(this.#wrong, this.#error === undefined ? '' : shown(this.#error, ERROR_MAX));
    setTrait(this.#input, 'aria-invalid', this.#error !== undefined);
    this.#hidden.hidden = !view.hidesDone;
    this.#previous.disabled = this.#next.disabled = !isOn || view.matchCount === 0;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  next(by: 1 | -1): void {
    this.#take();
    this.#view?.nextMatch(by);
  }

  /** Ends the filter; false where there was none. */
  clear(): boolean {
    if (this.#input.value === '' && (this.#view?.filterText ?? '') === '') return false;
    this.#input.value = '';
    this.#take();
    return true;
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#take(), SETTLE_MS);
  }

  #take(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#view === undefined) return;
    const text = this.#input.value.trim();
    if (text !== this.#view.filterText || this.#error !== undefined) this.#error = this.#view.setFilter(text).error;
    this.show(this.#view);
  }

  #press(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.next(event.shiftKey ? -1 : 1);
    else if (event.key !== 'Escape') return;
    else if (!this.clear()) this.#input.blur();
    event.preventDefault();
  }
}
