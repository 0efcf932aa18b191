import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import type { RunView } from '../view/RunView.js';
import { IdField } from './IdField.js';
import { modal } from './modal.js';

/** The dialog that runs again from a moment: a new run that begins with this one's log up to there. */
export class ForkForm {
  readonly #openRun: (runId: string) => void;
  readonly #seq = make('input', { type: 'number', min: 1, step: 1, required: true });
  readonly #again = new IdField('Nodes that run again, with all that depend on them', () => undefined);
  readonly #told = make('p', { role: 'status' });
  readonly #submit = make('button', { class: 'main' }, 'Run from here');
  readonly #links = make('div', { class: 'actions' }, this.#submit);
  readonly element = modal(
    'Run again from a moment',
    'form',
    make(
      'form',
      { onsubmit: (event: Event) => void this.#send(event) },
      make(
        'p',
        { class: 'muted' },
        'This run stays as it is. The new one begins with its events up to the one told here.',
      ),
      make('label', {}, 'From event', this.#seq),
      this.#again.element,
      this.#told,
      this.#links,
    ),
  );
  #view: RunView | undefined;

  constructor(openRun: (runId: string) => void) {
    this.#openRun = openRun;
  }

  open(view: RunView): void {
    this.#view = view;
    const { selected } = view;
    setTrait(this.#seq, 'max', view.head);
    this.#seq.value = String(view.seq);
    this.#again.reset(view, selected === undefined ? [] : [view.idOf(selected)]);
    setText(this.#told, '');
    this.#links.replaceChildren(this.#submit);
    this.element.showModal();
    this.#seq.focus();
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const view = this.#view;
    if (view === undefined) return;
    this.#submit.disabled = true;
    setText(this.#told, 'Asked…');
    try {
      const again = this.#again.ids;
      const answer = await view.fork(this.#seq.valueAsNumber, again.length === 0 ? undefined : again);
      if ('refused' in answer) setText(this.#told, shown(answer.refused, 400));
      else {
        const { runId } = answer;
        setText(this.#told, `Run ${shown(runId)} begins with event ${countText(this.#seq.valueAsNumber)}.`);
        const go = make(
          'button',
          {
            type: 'button',
            class: 'main',
            onclick: () => {
              this.element.close();
              this.#openRun(runId);
            },
          },
          'Open that run',
        );
        this.#links.replaceChildren(go);
        go.focus();
      }
    } catch (thrown) {
      setText(this.#told, shown(`Not sent: ${(thrown as Error).message}`, 400));
    }
    this.#submit.disabled = false;
  }
}
