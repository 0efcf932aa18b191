import { controlText } from '../dom/controlText.js';
import { make } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { wearing } from './wearing.js';

/** Why a server opens nothing here: the status of its answer, and its own words. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

const HELP: Readonly<Record<number, string>> = {
  401: 'Open the address that the server printed last, in the terminal in which it runs. With RXDAG_TOKEN in its environment it keeps its address when it is started anew.',
  403: 'Open the address that the server printed, as it was printed.',
  404: 'It may have been removed, or be one of another database.',
};

/** Stands in the place of all else where a server opens nothing: why, and what helps. */
export class Refused {
  readonly element: HTMLElement;
  readonly #ending = new AbortController();

  /** @param allRuns - goes to the list of runs, where that is another page. */
  constructor({ status, text }: Refusal, allRuns: (() => void) | undefined) {
    wearing(controlText, this.#ending.signal);
    const help = HELP[status];
    const hasList = allRuns !== undefined && status === 404;
    this.element = make(
      'main',
      { class: 'page' },
      make('h1', {}, status === 404 ? 'There is nothing to show' : 'This address opens nothing'),
      make('p', { role: 'alert' }, shown(text, 1_000)),
      help !== undefined && make('p', {}, help),
      make(
        'p',
        { class: 'pick' },
        make('button', { onclick: () => location.reload() }, 'Try again'),
        hasList && make('button', { onclick: allRuns }, 'All runs'),
      ),
    );
  }

  close(): void {
    this.#ending.abort();
  }
}
