import { addNode } from '../../model/commands.js';
import { make, setText } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { GONE } from '../theme/looks.js';
import { whyNoCommand, type Answers } from '../inspector/Answers.js';
import type { RunView } from '../view/RunView.js';
import { IdField } from './IdField.js';
import { modal } from './modal.js';
import { readDraft } from './nodeDraft.js';

const ACTIONS_MAX = 200;
const NODES_MAX = 20_000;

/** The dialog that adds a node to the run as it goes on; what is wrong with it is told before it is sent. */
export class AddNodeForm {
  readonly #answers: Answers;
  readonly #id = make('input', {
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'made of the action if empty',
  });
  readonly #action = make('input', { required: true, list: 'known-actions', autocomplete: 'off', spellcheck: 'false' });
  readonly #actions = make('datalist', { id: 'known-actions' });
  readonly #deps = new IdField('Depends on', () => this.#check());
  readonly #inputs = make('textarea', { rows: 4, spellcheck: 'false', placeholder: '{"rows": {"$ref": "load.rows"}}' });
  readonly #branch = make('input', { autocomplete: 'off', spellcheck: 'false' });
  readonly #estimate = make('input', { type: 'number', min: 0, step: 'any', inputmode: 'numeric' });
  readonly #told = make('ul', { class: 'told', 'aria-live': 'polite' });
  readonly #answer = make('p', { class: 'wrong', role: 'status' });
  readonly #submit = make('button', { class: 'main' }, 'Add node');
  readonly element = modal(
    'Add a node',
    'form',
    make(
      'form',
      { onsubmit: (event: Event) => void this.#send(event), oninput: () => this.#check() },
      make('label', {}, 'Id', this.#id),
      make('label', {}, 'Action', this.#action),
      this.#actions,
      this.#deps.element,
      make('label', {}, 'Inputs, as JSON', this.#inputs),
      make(
        'div',
        { class: 'pair' },
        make('label', {}, 'Branch', this.#branch),
        make('label', {}, 'Estimate, ms', this.#estimate),
      ),
      this.#told,
      this.#answer,
      make('div', { class: 'actions' }, this.#submit),
    ),
  );
  #view: RunView | undefined;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  open(view: RunView): void {
    this.#view = view;
    const { selected } = view;
    for (const field of [this.#id, this.#action, this.#inputs, this.#branch, this.#estimate]) field.value = '';
    this.#deps.reset(view, selected === undefined ? [] : [view.idOf(selected)]);
    const actions = new Set<string>();
    for (let i = 0; i < Math.min(view.size, NODES_MAX) && actions.size < ACTIONS_MAX; i++)
      actions.add(view.specOf(i).action);
    this.#actions.replaceChildren(...[...actions].map((action) => make('option', { value: action })));
    this.#check();
    setText(this.#answer, '');
    this.element.showModal();
    this.#id.focus();
  }

  #read(): ReturnType<typeof readDraft> {
    const view = this.#view!;
    const draft = {
      id: this.#id.value,
      action: this.#action.value.trim(),
      deps: this.#deps.ids,
      inputs: this.#inputs.value,
      branch: this.#branch.value,
      estimate: this.#estimate.value,
    };
    return readDraft(draft, (id) => {
      const index = view.indexOf(id);
      return index !== undefined && view.looks[index] !== GONE;
    });
  }

  #check(): void {
    const { spec, errors, waitsFor } = this.#read();
    const waits =
      waitsFor.length === 0
        ? 'It waits for nothing.'
        : `It waits for ${waitsFor
            .slice(0, 5)
            .map((id) => shown(id, 40))
            .join(', ')}${waitsFor.length > 5 ? ' and more' : ''}.`;
    const lines = errors.length === 0 ? [waits] : errors.slice(0, 6);
    this.#told.replaceChildren(
      ...lines.map((line) => make('li', { class: errors.length > 0 && 'wrong' }, shown(line, 300))),
    );
    this.#submit.disabled = spec === undefined;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const view = this.#view;
    const { spec } = this.#read();
    if (view === undefined || spec === undefined) return;
    const never = whyNoCommand(view);
    const isGranted = never === undefined && (await this.#answers.ask(view, addNode(spec), 'Add node'));
    if (isGranted) this.element.close();
    else setText(this.#answer, never ?? this.#answers.element.textContent);
  }
}
