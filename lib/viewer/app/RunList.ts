import type { RunSummary } from '../../index.js';
import { printable } from '../../model/printable.js';
import { make } from '../dom/make.js';
import { spanText } from '../view/clockText.js';

/** A run as the server lists it, with how it stands where no process has it any more. */
type Listed = RunSummary & { readonly stand: string };

/** How often the list is read again, milliseconds. */
const EVERY_MS = 2_000;

/** The runs that a server knows, newest first. */
export class RunList {
  readonly element: HTMLElement;
  readonly #token: string;
  readonly #open: (runId: string) => void;
  readonly #body = make('tbody');
  readonly #note = make('p', { role: 'status' }, 'Reading the list of runs …');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #known = '';

  constructor(token: string, open: (runId: string) => void) {
    this.#token = token;
    this.#open = open;
    const heads = ['run', 'pipeline', 'status', 'began', 'took', 'events'];
    this.element = make(
      'main',
      { class: 'page' },
      make('h1', {}, 'Runs'),
      this.#note,
      make(
        'table',
        {},
        make(
          'thead',
          {},
          make('tr', {}, ...heads.map((head, i) => make('th', { scope: 'col', class: i > 2 && 'number' }, head))),
        ),
        this.#body,
      ),
    );
    void this.#read();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    try {
      const answer = await fetch('api/runs', { headers: { authorization: `Bearer ${this.#token}` } });
      const told = (await answer.json()) as { readonly runs?: readonly Listed[]; readonly error?: string };
      if (!answer.ok || told.runs === undefined) throw new Error(told.error ?? `The server answered ${answer.status}.`);
      const text = JSON.stringify(told.runs);
      if (!this.#isClosed && text !== this.#known) this.#show(told.runs);
      this.#known = text;
    } catch (error) {
      this.#note.className = 'wrong';
      this.#note.textContent = `The list can’t be read: ${(error as Error).message}`;
    }
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#read(), EVERY_MS);
  }

  #show(runs: readonly Listed[]): void {
    this.#note.className = '';
    this.#note.textContent =
      runs.length === 0 ? 'There are no runs yet.' : runs.length === 1 ? 'One run.' : `${runs.length} runs.`;
    this.#body.replaceChildren(...runs.toSorted((a, b) => b.startedAt - a.startedAt).map((run) => this.#row(run)));
  }

  #row({ runId, dagName, stand, startedAt, endedAt, seq }: Listed): HTMLElement {
    const link = make(
      'a',
      {
        href: '#',
        onclick: (event: Event) => {
          event.preventDefault();
          this.#open(runId);
        },
      },
      printable(runId),
    );
    const cell = (text: string, isNumber = false): HTMLElement => make('td', { class: isNumber && 'number' }, text);
    return make(
      'tr',
      {},
      make('td', {}, link),
      cell(printable(dagName)),
      cell(stand),
      cell(new Date(startedAt).toLocaleString(), true),
      cell(endedAt === undefined ? '' : spanText(endedAt - startedAt), true),
      cell(seq.toLocaleString(), true),
    );
  }
}
