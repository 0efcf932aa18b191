import { make, setText } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { NodeLinks } from '../inspector/NodeLinks.js';
import type { RunView } from '../view/RunView.js';
import { modal } from './modal.js';

/** The dialog that compares this run with another one: from which event on they differ, and in which nodes. */
export class DiffForm {
  readonly #openRun: (runId: string) => void;
  readonly #other = make('input', { required: true, autocomplete: 'off', spellcheck: 'false' });
  readonly #told = make('p', { role: 'status' });
  readonly #found = make('div', { class: 'found' });
  readonly element = modal(
    'Compare with another run',
    'form',
    make(
      'form',
      { onsubmit: (event: Event) => void this.#send(event) },
      make('label', {}, 'Id of the other run', this.#other),
      this.#told,
      this.#found,
      make('div', { class: 'actions' }, make('button', { class: 'main' }, 'Compare')),
    ),
  );
  #view: RunView | undefined;

  constructor(openRun: (runId: string) => void) {
    this.#openRun = openRun;
  }

  open(view: RunView): void {
    this.#view = view;
    setText(this.#told, '');
    this.#found.replaceChildren();
    this.element.showModal();
    this.#other.focus();
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const view = this.#view;
    const other = this.#other.value;
    if (view === undefined) return;
    this.#found.replaceChildren();
    setText(this.#told, 'Asked…');
    try {
      const { firstSeq, differing } = await view.diff(other);
      setText(
        this.#told,
        firstSeq === undefined
          ? 'Both have the same events.'
          : `They differ from event ${countText(firstSeq)} on, in ${countText(differing.length)} nodes.`,
      );
      this.#show(view, other, firstSeq, differing);
    } catch (thrown) {
      setText(this.#told, shown(`Not compared: ${(thrown as Error).message}`, 400));
    }
  }

  #show(view: RunView, other: string, firstSeq: number | undefined, differing: readonly string[]): void {
    const closing =
      (act: () => void): (() => void) =>
      () => {
        this.element.close();
        act();
      };
    const button = (text: string, act: () => void): HTMLElement =>
      make('button', { type: 'button', onclick: closing(act) }, text);
    const links = new NodeLinks();
    links.element.addEventListener('click', () => {
      if (view.selected !== undefined) this.element.close();
    });
    const known = differing.map((id) => view.indexOf(id)).filter((index) => index !== undefined);
    links.show(view, known);
    this.#found.append(
      make(
        'div',
        { class: 'buttons' },
        firstSeq !== undefined && button('Go to that event', () => view.seek(firstSeq)),
        button('Open the other run', () => this.#openRun(other)),
      ),
    );
    if (known.length > 0) this.#found.append(links.element);
  }
}
