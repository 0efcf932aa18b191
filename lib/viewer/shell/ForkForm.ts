import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { FAILED, TIMED_OUT } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import { IdField } from './IdField.js';
import { modal } from './modal.js';

/** The dialog that runs again from a moment: a new run that begins with this one's log up to there. */
export class ForkForm {
  readonly #openRun: (runId: string) => void;
  readonly #seq = make('input', {
    type: 'number',
    min: 1,
    step: 1,
    required: true,
    oninput: () => this.#check(),
  });
  readonly #again = new IdField('Nodes that run again, with all that depend on them', () => this.#check());
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
    setTrait(this.#seq, 'max', view.head);
    this.#seq.value = String(view.seq);
    this.#again.reset(view, againOf(view));
    this.#links.replaceChildren(this.#submit);
    this.#check();
    this.element.showModal();
    this.#seq.focus();
  }

  /** From its last event on a run that has ended has nothing left to do, unless something is to run again. */
  #check(): void {
    const view = this.#view;
    if (view === undefined || !this.#submit.isConnected) return;
    const isIdle = view.isOver && this.#seq.valueAsNumber >= view.head && this.#again.ids.length === 0;
    this.#submit.disabled = isIdle;
    setText(
      this.#told,
      isIdle
        ? 'The run has ended with this event: nothing would run. Name nodes to run again, or an earlier event.'
        : '',
    );
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

/** What is most likely to run again: what is selected, else what has failed where the run has ended. */
const againOf = (view: RunView): readonly string[] => {
  const { selected, looks, size } = view;
  if (selected !== undefined) return [view.idOf(selected)];
  const ids: string[] = [];
  if (view.isOver && view.seq >= view.head)
    for (let index = 0; index < size; index++)
      if (looks[index] === FAILED || looks[index] === TIMED_OUT) ids.push(view.idOf(index));
  return ids;
};
