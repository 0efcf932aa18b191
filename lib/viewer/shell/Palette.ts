import { make } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { GONE, looks } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import type { Command } from './Command.js';
import { fuzzy } from './fuzzy.js';
import { keyCaps } from './keySheet.js';
import { modal } from './modal.js';

const ROWS_MAX = 50;
/** So many nodes are looked through for each letter that is typed. */
const NODES_MAX = 100_000;

interface Entry {
  readonly score: number;
  readonly run: () => void;
  readonly row: () => HTMLElement;
}

/** The dialog from which every command and every node can be reached by typing parts of its name. */
export class Palette {
  readonly #commands: readonly Command[];
  readonly #input = make('input', {
    type: 'text',
    role: 'combobox',
    'aria-label': 'Command or node',
    'aria-controls': 'palette-list',
    'aria-expanded': true,
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Type a command or a node’s name',
    oninput: () => this.#search(),
    onkeydown: (event: KeyboardEvent) => this.#press(event),
  });
  readonly #list = make('div', { id: 'palette-list', role: 'listbox', 'aria-label': 'Commands and nodes' });
  readonly #none = make('p', { class: 'muted none', role: 'status' });
  readonly element = modal('Commands', 'palette', this.#input, this.#list, this.#none);
  #view: RunView | undefined;
  #entries: readonly Entry[] = [];
  #active = 0;

  constructor(commands: readonly Command[]) {
    this.#commands = commands;
  }

  open(view: RunView | undefined): void {
    this.#view = view;
    this.#input.value = '';
    this.#search();
    this.element.showModal();
    this.#input.focus();
  }

  #search(): void {
    const typed = this.#input.value.trim();
    const entries: Entry[] = [];
    for (const command of this.#commands) {
      const score = command.isOff?.() === true ? 0 : fuzzy(typed, command.name);
      if (score > 0) entries.push({ score: score + 1, run: () => command.run(), row: () => commandRow(command) });
    }
    if (typed !== '') this.#searchNodes(typed, entries);
    this.#entries = entries.sort((a, b) => b.score - a.score).slice(0, ROWS_MAX);
    this.#list.replaceChildren(
      ...this.#entries.map((entry, i) => {
        const row = entry.row();
        row.id = `palette-${i}`;
        row.role = 'option';
        row.addEventListener('click', () => this.#choose(i));
        return row;
      }),
    );
    this.#none.textContent = this.#entries.length === 0 ? 'Nothing has such a name.' : '';
    this.#activate(0);
  }

  #searchNodes(typed: string, entries: Entry[]): void {
    const view = this.#view;
    if (view === undefined) return;
    let least = 0;
    for (let index = 0; index < Math.min(view.size, NODES_MAX); index++) {
      const look = view.looks[index] ?? GONE;
      if (look === GONE) continue;
      const score = fuzzy(typed, view.idOf(index));
      if (score <= least) continue;
      entries.push({ score, run: () => view.select(index), row: () => nodeRow(view.idOf(index), look) });
      // The list is kept short, so that a run of many like names costs no more.
      if (entries.length > ROWS_MAX * 8) {
        entries.sort((a, b) => b.score - a.score).length = ROWS_MAX;
        least = entries.at(-1)!.score;
      }
    }
  }

  #press(event: KeyboardEvent): void {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const count = this.#entries.length;
    if (by !== 0 && count > 0) this.#activate((this.#active + by + count) % count);
    else if (event.key === 'Enter') this.#choose(this.#active);
    else return;
    event.preventDefault();
  }

  #activate(at: number): void {
    this.#list.children[this.#active]?.removeAttribute('aria-selected');
    this.#active = at;
    const row = this.#list.children[at];
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    if (row === undefined) this.#input.removeAttribute('aria-activedescendant');
    else this.#input.setAttribute('aria-activedescendant', row.id);
  }

  #choose(at: number): void {
    const entry = this.#entries[at];
    if (entry === undefined) return;
    this.element.close();
    entry.run();
  }
}

const commandRow = ({ name, group, keys }: Command): HTMLElement =>
  make(
    'div',
    {},
    make('span', { class: 'muted kind' }, group),
    make('span', { class: 'what' }, name),
    make('span', {}, ...(keys === undefined ? [] : keyCaps(keys.split(', ')[0]!))),
  );

const nodeRow = (id: string, look: number): HTMLElement =>
  make(
    'div',
    {},
    make('span', { class: 'muted kind' }, `${looks[look]!.glyph} node`),
    make('span', { class: 'what' }, shown(id)),
    make('span', { class: 'muted' }, looks[look]!.label),
  );
