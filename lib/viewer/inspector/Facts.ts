import { make, setText } from '../dom/make.js';

/** A list of names and values; a name whose value is undefined is left out. */
export class Facts {
  readonly element = make('dl', { class: 'facts' });
  readonly #rows = new Map<string, readonly [name: HTMLElement, value: HTMLElement]>();

  /** Rows stand in the order in which their names were first given. */
  set(name: string, value: string | Node | undefined): void {
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = [make('dt', {}, name), make('dd')];
      this.#rows.set(name, row);
      this.element.append(...row);
    }
    for (const part of row) part.hidden = value === undefined;
    if (typeof value === 'string') setText(row[1], value);
    else if (value !== undefined && row[1].firstChild !== value) row[1].replaceChildren(value);
  }
}
