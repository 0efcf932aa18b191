import { make, setText } from '../dom/make.js';

/** One of what can be chosen. */
export interface Choice {
  readonly row: () => HTMLElement;
  readonly run: () => void;
}

/** What a list to choose from is called, and what it finds. */
export interface ChoiceKind {
  /** Of its elements, alone of its kind on the page. */
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  /** The best choices first; what to say below them, where that is something. */
  search(typed: string): { readonly choices: readonly Choice[]; readonly note: string };
  /** Enter, where there is no choice. */
  take?(typed: string): void;
}

/** A field with a list below it: what is typed narrows the list, arrows go through it, Enter or a press chooses. */
export class ChoiceList {
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
  readonly note = make('p', { class: 'muted none', role: 'status' });
  readonly #kind: ChoiceKind;
  #choices: readonly Choice[] = [];
  #active = 0;

  constructor(kind: ChoiceKind) {
    const { id, label, placeholder } = kind;
    this.#kind = kind;
    this.input = make('input', {
      type: 'text',
      role: 'combobox',
      'aria-label': label,
      'aria-controls': `${id}-list`,
      'aria-expanded': true,
      'aria-autocomplete': 'list',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder,
      oninput: () => this.search(),
      onkeydown: (event: KeyboardEvent) => this.#press(event),
    });
    this.list = make('div', { id: `${id}-list`, role: 'listbox', 'aria-label': label });
  }

  /** Begins anew, with nothing typed. */
  reset(): void {
    this.input.value = '';
    this.search();
  }

  search(): void {
    const { choices, note } = this.#kind.search(this.input.value.trim());
    this.#choices = choices;
    this.list.replaceChildren(
      ...choices.map(({ row }, i) => {
        const element = row();
        element.id = `${this.#kind.id}-${i}`;
        element.role = 'option';
        element.addEventListener('click', () => this.#choices[i]?.run());
        return element;
      }),
    );
    setText(this.note, note);
    this.#activate(0);
  }

  #press(event: KeyboardEvent): void {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const count = this.#choices.length;
    if (by !== 0 && count > 0) this.#activate((this.#active + by + count) % count);
    else if (event.key !== 'Enter') return;
    else if (count > 0) this.#choices[this.#active]?.run();
    else this.#kind.take?.(this.input.value.trim());
    event.preventDefault();
  }

  #activate(at: number): void {
    this.list.children[this.#active]?.removeAttribute('aria-selected');
    this.#active = at;
    const row = this.list.children[at];
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    if (row === undefined) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', row.id);
  }
}
