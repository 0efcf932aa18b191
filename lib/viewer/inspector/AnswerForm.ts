import type { Json } from '../../model/Json.js';
import { provideInput } from '../../model/commands.js';
import { make, setText } from '../dom/make.js';
import { shown, shownLines } from '../dom/shown.js';
import { textOfValue, typedValue } from '../dom/typedValue.js';
import type { RunView } from '../view/RunView.js';
import { Answers } from './Answers.js';
import { JsonTree } from './JsonTree.js';
import { questionOf, waitSeq } from './Question.js';

const TEXT_MAX = 4_000;

/** What a node asks of a person, and the field for the answer. What becomes of the answer is told right below it. */
export class AnswerForm {
  readonly #told = new Answers();
  readonly #question = make('p', { class: 'question' });
  readonly #rest = new JsonTree();
  readonly #choices = make('div', { class: 'buttons', role: 'group', 'aria-label': 'Choices' });
  readonly #until = make('p', { class: 'muted why' });
  readonly #value = make('textarea', {
    rows: 2,
    name: 'value',
    placeholder: 'A text, or JSON as {"ok": true}',
    title: 'Enter sends it, Shift+Enter begins a new line',
    oninput: () => this.#tellKind(),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.element.requestSubmit();
    },
  });
  readonly #send = make('button', { class: 'main' }, 'Answer');
  readonly element = make(
    'form',
    { class: 'answering', onsubmit: (event: Event) => this.#submit(event) },
    this.#question,
    this.#rest.element,
    this.#choices,
    this.#until,
    make('label', {}, 'Its answer', this.#value),
    this.#told.element,
    this.#send,
  );
  #view: RunView | undefined;
  #id = '';
  /** The seq of the event that asks what is shown. */
  #asked: number | undefined;

  /** Another node is shown: the form starts anew. */
  reset(): void {
    this.#asked = undefined;
    this.#value.value = '';
    this.#told.say('');
    this.#question.textContent = 'This node waits for a person.';
    this.#rest.show(undefined);
    this.#choices.replaceChildren();
    this.#until.textContent = '';
  }

  show(view: RunView, index: number, isOff: boolean): void {
    this.#view = view;
    this.#id = view.idOf(index);
    const seq = waitSeq(view, index);
    if (seq !== this.#asked) this.#ask(view, seq);
    for (const control of [this.#value, this.#send, ...this.#choices.querySelectorAll('button')])
      control.disabled = isOff;
  }

  #ask(view: RunView, seq: number | undefined): void {
    this.reset();
    this.#asked = seq;
    const event = seq === undefined ? undefined : view.log.at(seq);
    if (event?.type !== 'NodeWaiting') return;
    const { texts, choices, byDefault, until, rest } = questionOf(event);
    if (texts.length > 0) setText(this.#question, shownLines(texts.join('\n').slice(0, TEXT_MAX)));
    if (Object.keys(rest).length > 0) this.#rest.show(rest);
    this.#choices.append(
      ...choices.map((choice) =>
        make('button', { type: 'button', onclick: () => this.#give(choice) }, shown(textOfValue(choice), 60)),
      ),
    );
    if (until !== undefined) setText(this.#until, `It waits until ${view.timeText(until)}.`);
    if (byDefault !== undefined) this.#value.value = textOfValue(byDefault);
  }

  /** Says that what looks like JSON is none, before it is sent as a text. */
  #tellKind(): void {
    const text = this.#value.value.trim();
    this.#told.say(/^[[{"]/.test(text) && typedValue(text) === text ? 'This is not JSON; it is sent as a text.' : '');
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.#value.value.trim();
    if (text === '') this.#told.say('Write an answer; an empty text is "".', true);
    else this.#give(typedValue(text));
  }

  #give(value: Json): void {
    if (this.#view !== undefined) void this.#told.ask(this.#view, provideInput(this.#id, value), 'Answer');
  }
}
