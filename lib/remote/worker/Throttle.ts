/**
 * Sends values at most every `intervalMs`, one at a time: the first at once, then always the latest. One that can't be sent
 * is dropped, like those that a later one has overtaken.
 */
export class Throttle<A> {
  readonly #intervalMs: number;
  readonly #send: (value: A) => Promise<void>;
  #next: { readonly value: A } | undefined;
  #sending: Promise<void> | undefined;
  #pause: NodeJS.Timeout | undefined;
  #isEnding = false;

  constructor(intervalMs: number, send: (value: A) => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#send = send;
  }

  push(value: A): void {
    if (this.#isEnding) return;
    this.#next = { value };
    this.#advance();
  }

  /** Takes no more, and resolves once the last value is sent. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#rest(undefined);
    this.#advance();
    while (this.#sending !== undefined) await this.#sending;
  }

  /** Takes and sends nothing more. */
  close(): void {
    this.#isEnding = true;
    this.#next = undefined;
    this.#rest(undefined);
  }

  #advance(): void {
    if (this.#next === undefined || this.#sending !== undefined || this.#pause !== undefined) return;
    const { value } = this.#next;
    this.#next = undefined;
    if (!this.#isEnding) this.#rest(this.#intervalMs);
    this.#sending = this.#send(value)
      .catch(() => undefined)
      .then(() => {
        this.#sending = undefined;
        this.#advance();
      });
  }

  /** Sends nothing for a time; for none with undefined. */
  #rest(ms: number | undefined): void {
    clearTimeout(this.#pause);
    this.#pause =
      ms === undefined
        ? undefined
        : setTimeout(() => {
            this.#pause = undefined;
            this.#advance();
          }, ms);
  }
}
