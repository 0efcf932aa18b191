import { controlText } from '../dom/controlText.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText } from '../dom/shown.js';
import { lookText } from '../inspector/inspectorText.js';
import type { ListedRun } from '../source/ListedRun.js';
import { readRuns } from '../source/readRuns.js';
import { NoAnswer } from '../source/ServerClient.js';
import { standOfText } from '../view/runStand.js';
import { columns, pickRuns, readPick, writePick, type Column, type RunPick } from './runPick.js';
import type { Refusal } from './Refused.js';
import { RunRows } from './RunRows.js';
import { wearing } from './wearing.js';

/** How often the list is read again at most, milliseconds; a long one only takes so small a part of the time, but is put off no longer than this. */
const EVERY_MS = 2_000;
const PART = 0.05;
const PUT_OFF_MS = 30_000;
/** So many runs are in the page at first, and so many more each time. */
const ROWS = 200;

/** The runs that a server knows: filtered, sorted, and kept up to date. What is picked stands in the address. */
export class RunList {
  readonly element: HTMLElement;
  readonly #token: string;
  readonly #refused: (refusal: Refusal) => void;
  readonly #rows = new RunRows();
  readonly #find = make('input', {
    type: 'search',
    'aria-label': 'Find runs',
    placeholder: 'Find by run or pipeline  /',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => this.#set({ text: this.#find.value }),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === 'ArrowDown') this.#rows.focus();
      else if (event.key === 'Escape') this.#set({ text: '' });
      else return;
      event.preventDefault();
    },
  });
  readonly #stand = make('select', { onchange: () => this.#set({ stand: this.#stand.value }) });
  readonly #note = make('span', { role: 'status' }, 'Reading the list of runs …');
  readonly #all = make('button', { hidden: true, onclick: () => this.#set({ text: '', stand: '' }) }, 'Show all');
  readonly #more = make('button', { hidden: true, onclick: () => this.#grow() });
  readonly #heads = columns.map((column) =>
    make(
      'th',
      { scope: 'col', role: 'columnheader', class: column },
      make('button', { class: 'quiet', onclick: () => this.#sort(column) }, column),
    ),
  );
  readonly #table: HTMLElement;
  readonly #ending = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pick: RunPick = readPick(location.hash);
  #runs: readonly ListedRun[] | undefined;
  #counts = new Map<string, number>();
  #total = 0;
  #told = ROWS;
  #options = '';

  /** @param refused - is told where the server refuses it and has never given a list. */
  constructor(token: string, refused: (refusal: Refusal) => void) {
    this.#token = token;
    this.#refused = refused;
    this.#table = make(
      'table',
      { role: 'table', 'aria-label': 'Runs' },
      make('thead', { role: 'rowgroup' }, make('tr', { role: 'row' }, ...this.#heads)),
      this.#rows.element,
    );
    this.element = make(
      'main',
      { class: 'page' },
      make('h1', {}, 'Runs'),
      make(
        'div',
        { class: 'pick', role: 'search', 'aria-label': 'Runs' },
        this.#find,
        make('label', {}, 'Status ', this.#stand),
        this.#note,
        this.#all,
      ),
      this.#table,
      this.#more,
    );
    const { signal } = this.#ending;
    wearing(controlText + lookText, signal);
    addEventListener('hashchange', () => this.#reread(), { signal });
    document.addEventListener('visibilitychange', () => void this.#read(), { signal });
    document.addEventListener('keydown', (event) => this.#press(event), { signal });
    this.#reread();
    void this.#read();
  }

  close(): void {
    this.#ending.abort();
    clearTimeout(this.#timer);
  }

  #press(event: KeyboardEvent): void {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target === this.#find) return;
    event.preventDefault();
    this.#find.focus();
  }

  #reread(): void {
    this.#pick = readPick(location.hash);
    if (this.#find.value !== this.#pick.text) this.#find.value = this.#pick.text;
    this.#show();
  }

  #sort(by: Column): void {
    const isSame = by === this.#pick.by;
    this.#set({ by, isDown: isSame ? !this.#pick.isDown : !['run', 'pipeline', 'status'].includes(by) });
  }

  #set(pick: Partial<RunPick>): void {
    this.#told = ROWS;
    history.replaceState(history.state, '', writePick(location.hash, { ...this.#pick, ...pick }));
    this.#reread();
  }

  #grow(): void {
    const first = this.#told;
    this.#told += ROWS;
    this.#show();
    this.#rows.element.children[first]?.querySelector('a')?.focus();
  }

  async #read(): Promise<void> {
    clearTimeout(this.#timer);
    // A page that nobody looks at asks again once somebody does.
    if (document.hidden) return;
    const began = performance.now();
    let trouble = '';
    try {
      const { runs, total } = await readRuns({ url: location.origin, token: this.#token });
      this.#runs = runs;
      this.#total = total;
      this.#counts = countStands(runs);
    } catch (error) {
      const { message: text } = error as Error;
      const isRefused = this.#runs === undefined && error instanceof NoAnswer && error.isFinal;
      if (isRefused && !this.#ending.signal.aborted) return this.#refused({ status: error.status, text });
      trouble = `The list can’t be read: ${text}`;
    }
    if (this.#ending.signal.aborted) return;
    this.#show(trouble);
    clearTimeout(this.#timer);
    const rest = Math.min(PUT_OFF_MS, (performance.now() - began) / PART);
    this.#timer = setTimeout(() => void this.#read(), Math.max(EVERY_MS, rest));
  }

  #show(trouble = ''): void {
    const runs = this.#runs ?? [];
    const now = Date.now();
    const picked = pickRuns(runs, this.#pick, now);
    this.#rows.show(picked.slice(0, this.#told), now);
    this.#showStands();
    for (const [i, head] of this.#heads.entries())
      setTrait(
        head,
        'aria-sort',
        columns[i] !== this.#pick.by ? 'none' : this.#pick.isDown ? 'descending' : 'ascending',
      );
    const left = picked.length - this.#told;
    this.#more.hidden = left <= 0;
    setText(this.#more, `Show ${countText(Math.min(ROWS, left))} more of ${countText(left)}`);
    const isNone = this.#runs !== undefined && picked.length === 0 && runs.length > 0;
    this.#all.hidden = !isNone;
    this.#table.hidden = picked.length === 0;
    setTrait(this.#note, 'class', trouble === '' ? '' : 'wrong');
    if (trouble !== '') setText(this.#note, trouble);
    else if (this.#runs !== undefined) setText(this.#note, noteOf(picked.length, runs.length, this.#total));
  }

  /** The ways in which runs stand, with how many do; not while one of them is being chosen. */
  #showStands(): void {
    const { stand } = this.#pick;
    const isOther = stand !== '' && !this.#counts.has(stand);
    const found = [...this.#counts, ...(isOther ? [[stand, 0] as const] : [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = JSON.stringify(found);
    if (text !== this.#options && (document.activeElement !== this.#stand || this.#options === '')) {
      this.#options = text;
      this.#stand.replaceChildren(
        make('option', { value: '' }, 'any'),
        ...found.map(([name, count]) => make('option', { value: name }, `${name} (${countText(count)})`)),
      );
    }
    this.#stand.value = stand;
  }
}

const countStands = (runs: readonly ListedRun[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { stand } of runs) {
    const { text } = standOfText(stand);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
};

const noteOf = (picked: number, known: number, total: number): string => {
  const runs = `${countText(known)} ${known === 1 ? 'run' : 'runs'}`;
  if (known === 0) return 'There are no runs yet. One is shown here as soon as it begins.';
  const all = total > known ? `the latest ${countText(known)} of ${countText(total)} runs` : runs;
  return picked < known ? `${picked === 0 ? 'None' : countText(picked)} of ${all}` : all;
};
