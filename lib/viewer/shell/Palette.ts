import { make } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { GONE, looks } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import { ChoiceList, type Choice } from './ChoiceList.js';
import type { Command } from './Command.js';
import { fuzzy } from './fuzzy.js';
import { keyCaps } from './keySheet.js';
import { modal } from './modal.js';

const ROWS_MAX = 50;
/** So many nodes are looked through for each letter that is typed. */
const NODES_MAX = 100_000;

type Entry = Choice & { readonly score: number };

/** The dialog from which every command and every node can be reached by typing parts of its name. */
export class Palette {
  readonly #commands: readonly Command[];
  readonly #choices = new ChoiceList({
    id: 'palette',
    label: 'Command or node',
    placeholder: 'Type a command or a node’s name',
    search: (typed) => this.#search(typed),
  });
  readonly element = modal('Commands', 'palette', this.#choices.input, this.#choices.list, this.#choices.note);
  #view: RunView | undefined;
  /** What was chosen once and is done when it is chosen again. */
  #sure: Command | undefined;

  constructor(commands: readonly Command[]) {
    this.#commands = commands;
  }

  open(view: RunView | undefined): void {
    this.#view = view;
    this.#sure = undefined;
    this.#choices.reset();
    this.element.showModal();
    this.#choices.input.focus();
  }

  #search(typed: string): { readonly choices: readonly Choice[]; readonly note: string } {
    const entries: Entry[] = [];
    for (const command of this.#commands) {
      const score = command.isOff?.() === true ? 0 : fuzzy(typed, command.name);
      if (score === 0) continue;
      const run = this.#closing(() => command.run());
      entries.push({
        score: score + 1,
        run: command.isFinal === true && this.#sure !== command ? () => this.#ask(command) : run,
        row: () => commandRow(command, this.#sure === command),
      });
    }
    if (typed !== '') this.#searchNodes(typed, entries);
    const choices = entries.sort((a, b) => b.score - a.score).slice(0, ROWS_MAX);
    return { choices, note: choices.length === 0 ? 'Nothing has such a name.' : '' };
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
      entries.push({
        score,
        run: this.#closing(() => view.select(index)),
        row: () => nodeRow(view.idOf(index), look),
      });
      // The list is kept short, so that a run of many like names costs no more.
      if (entries.length > ROWS_MAX * 8) {
        entries.sort((a, b) => b.score - a.score).length = ROWS_MAX;
        least = entries.at(-1)!.score;
      }
    }
  }

  #ask(command: Command): void {
    this.#sure = command;
    this.#choices.input.value = command.name;
    this.#choices.search();
  }

  #closing(act: () => void): () => void {
    return () => {
      this.element.close();
      act();
    };
  }
}

const commandRow = ({ name, group, keys }: Command, isSure: boolean): HTMLElement =>
  make(
    'div',
    {},
    make('span', { class: 'muted kind' }, group),
    make('span', { class: 'what' }, isSure ? `${name}: sure?` : name),
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
