import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Encode } from './encodedParts.js';
import { encodedPieces } from './encodedPieces.js';
import type { RunLog } from './RunLog.js';

/** A stretch of a log as a JSON list, ready to be sent. */
export interface EncodedPage {
  readonly last: number;
  readonly json: Buffer;
}

const PAGE_EVENTS = 5_000;
/** Of more no page is made: the log is not read further, be its events as large as they will. */
const PAGE_CHARACTERS = 4_000_000;
const KEPT_PAGES = 4;

/**
 * Pages of a log. They end at fixed places, or sooner where events are large, and the latest are kept: clients that read the
 * same cost one reading.
 */
export class Pages {
  readonly #log: RunLog;
  readonly #encode: Encode;
  readonly #kept = new Map<string, Promise<EncodedPage>>();

  constructor(log: RunLog, encode: Encode) {
    this.#log = log;
    this.#encode = encode;
  }

  /** What begins at `first` and ends at `to` at the latest. Rejects where the log does not have it. */
  from(first: number, to: number): Promise<EncodedPage> {
    const last = Math.min(to, Math.ceil(first / PAGE_EVENTS) * PAGE_EVENTS);
    const key = `${first}-${last}`;
    let page = this.#kept.get(key);
    if (page === undefined) {
      page = this.#read(first, last);
      page.catch(() => this.#kept.delete(key));
      this.#kept.set(key, page);
      if (this.#kept.size > KEPT_PAGES) this.#kept.delete(this.#kept.keys().next().value!);
    }
    return page;
  }

  forget(): void {
    this.#kept.clear();
  }

  async #read(first: number, last: number): Promise<EncodedPage> {
    const texts: string[] = [];
    let characters = 0;
    let end = first - 1;
    for await (const { last: at, text } of encodedPieces(this.#inOrder(first, last), this.#encode)) {
      texts.push(text);
      end = at;
      characters += text.length;
      if (characters >= PAGE_CHARACTERS) break;
    }
    if (end < first) throw new Error(`Event ${first} can't be read.`);
    return { last: end, json: Buffer.from(`[${texts.join(',')}]`) };
  }

  /** What the log has, up to a hole in it. */
  async *#inOrder(first: number, last: number): AsyncIterable<ExecutionEvent> {
    let next = first;
    for await (const event of this.#log.read(first, last)) {
      if (event.seq !== next++) return;
      yield event;
    }
  }
}
