import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { Fault } from '../../stores/Fault.js';
import type { LogPages } from './LogPages.js';
import type { RedisLink } from './RedisLink.js';

/** So long one question for news may stay open, milliseconds: whether the log is still the same is seen after it. */
const BLOCK_MS = 5_000;
const AGAIN_MS = 250;

/** Follows a log until its run has settled. `return()` ends it at once, also while somebody waits for the next event. */
export class Tail implements AsyncIterator<ExecutionEvent, undefined> {
  readonly #link: RedisLink;
  readonly #pages: LogPages;
  readonly #log: string;
  readonly #closed: () => void;
  #events: readonly ExecutionEvent[] = [];
  #given = 0;
  #isDone = false;
  #error: Error | undefined;
  /** Behind which entry was asked for news last. */
  #asked = '';
  /** Those who ask at once get their events one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** The link is the tail's own: it is blocked most of the time, and let go of at the end. */
  constructor(link: RedisLink, pages: LogPages, log: string, closed: () => void) {
    this.#link = link;
    this.#pages = pages;
    this.#log = log;
    this.#closed = closed;
  }

  next(): Promise<IteratorResult<ExecutionEvent, undefined>> {
    const next = this.#turn.then(() => this.#next());
    this.#turn = next.catch(() => undefined);
    return next;
  }

  return(): Promise<IteratorResult<ExecutionEvent, undefined>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends it; whoever asks for more gets the error, once, if there is one. */
  end(error?: Error): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#error = error;
    this.#link.close();
    this.#closed();
  }

  async #next(): Promise<IteratorResult<ExecutionEvent, undefined>> {
    while (!this.#isDone) {
      const event = this.#events[this.#given];
      if (event !== undefined) {
        this.#given++;
        if (event.type === 'RunSettled') this.end();
        return { done: false, value: event };
      }
      await this.#fetch();
    }
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  async #fetch(): Promise<void> {
    try {
      this.#events = await this.#pages.next();
      this.#given = 0;
      if (this.#events.length === 0 && !this.#isDone) await this.#news();
    } catch (error) {
      if (this.#isDone) return;
      if (error instanceof Fault && error.type === 'StoreUnavailable') await sleep(AGAIN_MS);
      else this.end(error as Error);
    }
  }

  /** Resolves once there is something behind the log's end, or after a while. */
  async #news(): Promise<void> {
    const { end } = this.#pages;
    const found = await this.#link.call(
      (client) => client.xread('COUNT', 1, 'BLOCK', BLOCK_MS, 'STREAMS', this.#log, end),
      { limitMs: BLOCK_MS + 4_000 },
    );
    if (found !== null && end === this.#asked) await sleep(AGAIN_MS); // what lies there does not count
    this.#asked = found === null ? '' : end;
  }
}
