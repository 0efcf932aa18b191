import { make, setText } from '../dom/make.js';

/** Assistive technology hears of a run at most so often, milliseconds. */
const PAUSE_MS = 1_000;

/** Says short texts to assistive technology: at once what somebody asked for, and once a second how the run goes. */
export class Announcer {
  readonly element = make('div', { class: 'sr' });
  readonly #asked = make('div', { 'aria-live': 'polite' });
  readonly #summary = make('div', { 'aria-live': 'polite' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next: (() => string) | undefined;

  constructor() {
    this.element.append(this.#asked, this.#summary);
  }

  say(text: string): void {
    setText(this.#asked, text);
  }

  /** Says how things are; made when it is time to say it. */
  summarise(text: () => string): void {
    this.#next = text;
    if (this.#timer === undefined) this.#speak();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = undefined;
  }

  #speak(): void {
    const next = this.#next;
    this.#next = undefined;
    this.#timer = next === undefined ? undefined : setTimeout(() => this.#speak(), PAUSE_MS);
    if (next !== undefined) setText(this.#summary, next());
  }
}
