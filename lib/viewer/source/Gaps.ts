import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { eventsIn, parsed } from './decodeMessage.js';
import { NoAnswer, type ServerClient } from './ServerClient.js';

/** As long as states come faster than this, the run is in a flood: then it is asked for one page at a time, seldom. */
const CALM_MS = 300;
const FLOOD_PAGE_MS = 1_000;
const RETRY_MS = 1_000;

interface Told {
  fill(events: readonly ExecutionEvent[]): void;
  lost(text: string): void;
}

/** What states have jumped over: fetched page by page in order, at leisure while the run is busy. */
export class Gaps {
  readonly #client: ServerClient;
  readonly #signal: AbortSignal;
  readonly #told: Told;
  /** From and to, in order; they do not touch. */
  readonly #open: { from: number; to: number }[] = [];
  #filling: Promise<void> | undefined;
  #busyUntil = 0;
  #wake: () => void = () => undefined;

  constructor(client: ServerClient, signal: AbortSignal, told: Told) {
    this.#client = client;
    this.#signal = signal;
    this.#told = told;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  add(from: number, to: number): void {
    const last = this.#open[this.#open.length - 1];
    if (last?.to === from - 1) last.to = to;
    else this.#open.push({ from, to });
    this.#busyUntil = performance.now() + CALM_MS;
    this.#filling ??= this.#fill();
  }

  /** Events come again one by one. */
  calm(): void {
    this.#busyUntil = 0;
    this.#wake();
  }

  /** Resolves once nothing is missing any more; as the run is over, it is not spared any longer. */
  async closed(): Promise<void> {
    this.calm();
    await this.#filling;
  }

  async #fill(): Promise<void> {
    for (let gap = this.#open[0]; gap !== undefined && !this.#signal.aborted; gap = this.#open[0]) {
      await this.#pause(this.#busyMs);
      try {
        await this.#page(gap);
      } catch (error) {
        if (this.#signal.aborted) return;
        if (error instanceof NoAnswer && error.isFinal) {
          this.#told.lost(error.message);
          gap.from = gap.to + 1;
        } else await this.#pause(RETRY_MS);
      }
      if (gap.from > gap.to) this.#open.shift();
      if (this.#busyMs > 0) await this.#pause(FLOOD_PAGE_MS);
    }
    this.#filling = undefined;
  }

  get #busyMs(): number {
    return Math.max(0, this.#busyUntil - performance.now());
  }

  async #page(gap: { from: number; readonly to: number }): Promise<void> {
    const answer = await this.#client.get(`events?from=${gap.from}&to=${gap.to}`, this.#signal);
    const { events } = Object(parsed(await answer.text())) as { readonly events?: unknown };
    const page = eventsIn(events);
    if (page === undefined || page[0]!.seq !== gap.from) throw new NoAnswer(0, 'The server sent what can not be read.');
    gap.from = page[page.length - 1]!.seq + 1;
    this.#told.fill(page);
  }

  #pause(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
