import { crc32 } from 'node:zlib';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { Fault } from '../../stores/Fault.js';
import type { RunKeys } from './keys.js';
import type { RedisLink } from './RedisLink.js';
import { damagedAt, newerRun } from './runFaults.js';
import { page } from './scripts.js';

const PAGE_BYTES = 2 ** 20;
const PAGE_EVENTS = 2_000;

interface Page {
  /** The seq up to which the log counts, and who owns it. */
  readonly seq: number;
  readonly token: string;
  /** The id of its last entry. */
  readonly lastId: string;
  readonly texts: readonly string[];
}

/** Reads a log in pages, from one event on, for as long as it is the same log. */
export class LogPages {
  readonly #link: RedisLink;
  readonly #runId: string;
  readonly #keys: RunKeys;
  /** The seq of the next event. */
  #next: number;
  /** The checksum of the event before it, and who owned the log when that was read. */
  #sum: number | undefined;
  #token: string | undefined;
  #end = '0-0';

  constructor(link: RedisLink, runId: string, keys: RunKeys, fromSeq: number) {
    this.#link = link;
    this.#runId = runId;
    this.#keys = keys;
    this.#next = fromSeq;
  }

  /** The id behind which entries are new. */
  get end(): string {
    return this.#end;
  }

  /** The next events, none at the log's present end. Rejects with a `Fault`. */
  async next(): Promise<readonly ExecutionEvent[]> {
    const { seq, token, lastId, texts } = await this.#page(this.#next, PAGE_EVENTS);
    if (this.#sum !== undefined && seq < this.#next - 1) throw this.#diverged(seq);
    // Another owner may have come after events were lost that were read here.
    if (this.#sum !== undefined && token !== this.#token) await this.#checkLast(this.#sum);
    this.#token = token;
    this.#end = lastId;
    if (texts.length === 0 && this.#next <= seq) throw damagedAt(this.#runId, this.#next);
    const events = texts.map((text, i) => this.#decode(text, this.#next + i));
    const last = texts[texts.length - 1];
    if (last !== undefined) this.#sum = crc32(last);
    this.#next += texts.length;
    return events;
  }

  async #page(from: number, count: number): Promise<Page> {
    const { run, log } = this.#keys;
    const [word, seq = '', token = '', lastId = '', ...texts] = await this.#link.run(
      page,
      [run, log],
      [from, PAGE_BYTES, count],
      { bytes: PAGE_BYTES },
    );
    if (word === 'newer') throw newerRun(this.#runId, seq);
    return { seq: Number(seq), token, lastId, texts };
  }

  async #checkLast(sum: number): Promise<void> {
    const { seq, texts } = await this.#page(this.#next - 1, 1);
    if (texts[0] === undefined || crc32(texts[0]) !== sum) throw this.#diverged(seq);
  }

  #decode(text: string, seq: number): ExecutionEvent {
    let event: Partial<ExecutionEvent> | undefined;
    try {
      event = Object(JSON.parse(text)) as Partial<ExecutionEvent>;
    } catch {
      throw damagedAt(this.#runId, seq);
    }
    if (event.seq !== seq || typeof event.type !== 'string' || typeof event.at !== 'number')
      throw damagedAt(this.#runId, seq);
    return event as ExecutionEvent;
  }

  #diverged(seq: number): Fault {
    return new Fault(
      'Diverged',
      `The log of run ${JSON.stringify(this.#runId)} is no longer the one that was read: Redis has lost some of it, or it was removed, and it ends at ${seq} now. Read it again.`,
    );
  }
}
