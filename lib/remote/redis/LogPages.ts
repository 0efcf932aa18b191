import { crc32 } from 'node:zlib';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { Fault } from '../../stores/Fault.js';
import type { RunKeys } from './keys.js';
import type { RedisLink } from './RedisLink.js';
import { damagedAt, newerRun } from './runFaults.js';
import { page } from './scripts.js';

const PAGE_BYTES = 2 ** 20;
const PAGE_EVENTS = 2_000;

/** An entry of a log as Redis has it: `<seq>-<epoch>`, and the event's JSON. */
interface Entry {
  readonly id: string;
  readonly text: string;
}

/** Reads a log in pages, from one event on, for as long as it is the same log. */
export class LogPages {
  readonly #link: RedisLink;
  readonly #runId: string;
  readonly #keys: RunKeys;
  /** The seq of the next event. */
  #next: number;
  /** The entry before it, by its id and the checksum of its text; and who owned the log when it was read. */
  #last: { readonly id: string; readonly sum: number } | undefined;
  #token: string | undefined;

  constructor(link: RedisLink, runId: string, keys: RunKeys, fromSeq: number) {
    this.#link = link;
    this.#runId = runId;
    this.#keys = keys;
    this.#next = fromSeq;
  }

  /** The id behind which the next entry will be. */
  get behind(): string {
    return this.#last?.id ?? `${this.#next - 1}-18446744073709551615`;
  }

  /** The next events, none at the log's present end. Rejects with a `Fault`. */
  async next(): Promise<readonly ExecutionEvent[]> {
    const { seq, token, entries } = await this.#page(`${this.#next}-0`, PAGE_EVENTS);
    if (seq < this.#next - 1 && this.#last !== undefined) throw this.#diverged(seq);
    // Another owner may have come after events were lost that were read here.
    if (this.#token !== undefined && token !== this.#token) await this.#checkLast();
    this.#token = token;
    if (entries.length === 0 && this.#next <= seq) throw damagedAt(this.#runId, this.#next);
    const events = entries.map((entry, i) => this.#decode(entry, this.#next + i, seq));
    const last = entries[entries.length - 1];
    if (last !== undefined) {
      this.#last = { id: last.id, sum: crc32(last.text) };
      this.#next += entries.length;
    }
    return events;
  }

  async #page(
    from: string,
    count: number,
  ): Promise<{ readonly seq: number; readonly token: string; readonly entries: readonly Entry[] }> {
    const { run, log } = this.#keys;
    const [word, seq = '', token = '', ...rest] = await this.#link.run(page, [run, log], [from, PAGE_BYTES, count], {
      bytes: PAGE_BYTES,
    });
    if (word === 'newer') throw newerRun(this.#runId, seq);
    const entries: Entry[] = [];
    for (let i = 0; i < rest.length; i += 2) entries.push({ id: rest[i]!, text: rest[i + 1]! });
    return { seq: Number(seq), token, entries };
  }

  async #checkLast(): Promise<void> {
    if (this.#last === undefined) return;
    const { seq, entries } = await this.#page(this.#last.id, 1);
    const [found] = entries;
    if (found?.id !== this.#last.id || crc32(found.text) !== this.#last.sum) throw this.#diverged(seq);
  }

  #decode({ id, text }: Entry, seq: number, end: number): ExecutionEvent {
    if (seq > end || !id.startsWith(`${seq}-`)) throw damagedAt(this.#runId, seq);
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
