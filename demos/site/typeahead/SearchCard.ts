import { map, startWith, type Subscription } from 'rxjs';
import { RunView, type RunSource } from '../../../lib/viewer/index.js';
import { ownSheet } from '../../../lib/viewer/theme/sheet.js';
import { element } from '../page/element.js';
import type { Search } from './searchAsYouType.js';

/** A search as a card: what was typed, what became of it, and its run as a small graph. */
export class SearchCard {
  readonly element: HTMLElement;
  readonly #view: RunView;
  readonly #outcome = element('span', { class: 'outcome' }, 'runs');
  readonly #watching: Subscription;

  constructor({ number, q, event$ }: Search) {
    const source: RunSource = {
      role: 'reader',
      isFile: false,
      message$: event$.pipe(
        map((event) => ({ type: 'events', events: [event] }) as const),
        startWith({ type: 'connection', state: 'live' } as const),
      ),
    };
    this.#view = new RunView(source);
    const graph = document.createElement('dag-graph');
    graph.view = this.#view;
    // Five nodes need no buttons to zoom.
    graph.shadowRoot?.adoptedStyleSheets.push(ownSheet('.corner{display:none}'));
    this.element = element(
      'article',
      { class: 'card search', 'data-outcome': 'running', 'aria-label': `Search ${number}: ${q}` },
      element('header', {}, element('small', {}, `${number}`), element('strong', {}, q), this.#outcome),
      graph,
    );
    this.#watching = event$.subscribe((event) => {
      if (event.type === 'RunCancelling') this.#end('cancelled');
      if (event.type === 'RunSettled' && event.status !== 'cancelled') this.#end(event.success ? 'finished' : 'failed');
    });
  }

  close(): void {
    this.#watching.unsubscribe();
    this.#view.close();
    this.element.remove();
  }

  #end(outcome: string): void {
    this.element.dataset['outcome'] = outcome;
    this.#outcome.textContent = outcome;
  }
}
