import { make } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { askingNodes } from '../view/runStand.js';
import type { RunView } from '../view/RunView.js';

const NODES_MAX = 5;

/** The first nodes that wait for a person: nothing else may be left that moves the run on. */
export class AskingNodes {
  readonly element = make('div', { class: 'asking' });
  #view: RunView | undefined;
  #shown = '';

  show(view: RunView): void {
    const nodes = askingNodes(view, NODES_MAX + 1);
    const text = nodes.join(' ');
    if (view === this.#view && text === this.#shown) return;
    this.#view = view;
    this.#shown = text;
    this.element.replaceChildren(
      ...nodes
        .slice(0, NODES_MAX)
        .map((index) =>
          make(
            'button',
            { class: 'badge waiting', onclick: () => view.select(index) },
            `Waits for a person: ${shown(view.idOf(index), 80) || '(no name)'}`,
          ),
        ),
      ...(nodes.length > NODES_MAX ? [make('span', { class: 'muted' }, 'and more')] : []),
    );
  }
}
