import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { eventsIn, parsed, stateIn, type State } from './decodeMessage.js';
import { pause } from './pause.js';
import { NoAnswer, type ServerClient } from './ServerClient.js';

/** As long as states come faster than this, the run is in a flood: then it is asked for one page at a time, seldom. */
const CALM_MS = 300;
const FLOOD_PAGE_MS = 1_000;
const RETRY_MS = 1_000;

/** While events come that can't be shown before those of a gap, it is asked this often how the run looks; seldomer where it has very many nodes. */
const LOOK_MS = 500;
const LOOK_MAX_MS = 5_000;
const NODES_PER_MS = 1_000;

interface Told {
  fill(events: readonly ExecutionEvent[]): void;
  state(state: State): void;
  lost(text: string): void;
}

/**
 * What states have jumped over: fetched page by page in order, at leisure while the run is busy. Until it is there, or for
 * good where it can't be had any more, states tell how the run goes on.
 */
export class Gaps {
  readonly #client: ServerClient;
  readonly #signal: AbortSignal;
  readonly #told: Told;
  /** From and to, in order; they do not touch. */
  readonly #open: { from: number; to: number }[] = [];
  #filling: Promise<void> | undefined;
  #busyUntil = 0;
  #wake: () => void = () => undefined;
  #isLost = false;
  /** The seq up to which events have come behind a gap, and that of the state that was asked for last. */
  #passed = 0;
  #seen = 0;
  #isLooking = false;

  constructor(client: ServerClient, signal: AbortSignal, told: Told) {
    this.#client = client;
    this.#signal = signal;
    this.#told = told;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  add(from: number, to: number): void {
    if (this.#isLost) return; // nothing behind a hole can be folded
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

  /** Events have come up to a seq. */
  passed(seq: number): void {
    if (!this.#isOpen) return;
    this.#passed = seq;
    if (!this.#isLooking) void this.#look();
  }

  /** Resolves once nothing is missing any more; as the run is over, it is not spared any longer. */
  async closed(): Promise<void> {
    this.calm();
    await this.#filling;
    if (this.#isLost) await this.#ask().catch(() => undefined);
  }

  get #isOpen(): boolean {
    return this.#isLost || this.#open.length > 0;
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    let everyMs = LOOK_MS;
    while (this.#isOpen && this.#passed > this.#seen) {
      await pause(everyMs, this.#signal);
      if (this.#signal.aborted) return;
      try {
        everyMs = Math.max(LOOK_MS, (await this.#ask()) / NODES_PER_MS);
      } catch (error) {
        if (error instanceof NoAnswer && error.isFinal) return; // this server tells no states
        everyMs = Math.min(LOOK_MAX_MS, everyMs * 2);
      }
    }
    this.#isLooking = false;
  }

  /** Asks how the run looks; gives how many nodes it has. */
  async #ask(): Promise<number> {
    const answer = await this.#client.get('state', this.#signal);
    const state = stateIn(parsed(await answer.text()));
    if (state === undefined) throw unreadable();
    this.#seen = state.seq;
    if (this.#isOpen) this.#told.state(state);
    return state.looks.length;
  }

  async #fill(): Promise<void> {
    for (let gap = this.#open[0]; gap !== undefined && !this.#signal.aborted; gap = this.#open[0]) {
      await this.#pause(this.#busyMs);
      try {
        await this.#page(gap);
      } catch (error) {
        if (this.#signal.aborted) return;
        if (error instanceof NoAnswer && error.isFinal) {
          this.#isLost = true;
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
    if (page === undefined || page[0]!.seq !== gap.from) throw unreadable();
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

const unreadable = (): NoAnswer => new NoAnswer(0, 'The server sent what can not be read.');
