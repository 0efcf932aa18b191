import { encodedParts, type Encode } from './encodedParts.js';
import type { RunLog } from './RunLog.js';

/** A stretch of a log as a JSON list, ready to be sent. */
export interface EncodedPage {
  readonly last: number;
  readonly json: Buffer;
}

const PAGE_EVENTS = 5_000;
const KEPT_PAGES = 4;

/** Pages of a log. They end at fixed places, and the latest are kept: clients that read the same cost one reading. */
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
    const events = await this.#log.read(first, last);
    if (events[0]?.seq !== first) throw new Error(`Event ${first} can't be read.`);
    const [part] = encodedParts(events, this.#encode);
    return { last: part!.last, json: Buffer.from(part!.json) };
  }
}
