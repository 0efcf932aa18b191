import type { Subscriber } from 'rxjs';
import type { SourceMessage } from './RunSource.js';
import { eventsIn, parsed, stateIn, type State } from './decodeMessage.js';
import { Gaps } from './Gaps.js';
import { pause } from './pause.js';
import { NoAnswer, type ServerClient } from './ServerClient.js';
import { SseReader, type SseMessage } from './SseReader.js';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** The server gives a sign of life every 5 seconds: without one for so long there is no connection any more. */
const SILENCE_MS = 15_000;
/** How often the delay of the connection is told at the most. */
const LAG_EVERY_MS = 500;

/** Follows one run of a server, from its first event to its last, however often the connection is lost. */
export class ServerFollower {
  readonly #client: ServerClient;
  readonly #out: Subscriber<SourceMessage>;
  readonly #gaps: Gaps;
  readonly #stopped = new AbortController();
  /** The seq up to which events or a state were handed on. */
  #place = 0;
  /** Of the latest state that was handed on. */
  #stateSeq = 0;
  #retryMs = FIRST_RETRY_MS;
  #isOver = false;
  #isLive = false;
  #hasAnswer = false;
  #lagToldAt = -Infinity;
  /** How far the clock here is ahead of the server's. */
  #skewMs = 0;
  #text: string | undefined;
  /** Why events can't be had any more. */
  #lost: string | undefined;

  constructor(client: ServerClient, out: Subscriber<SourceMessage>) {
    this.#client = client;
    this.#out = out;
    this.#gaps = new Gaps(client, this.#stopped.signal, {
      fill: (events) => out.next({ type: 'fill', events }),
      state: (state) => this.#tellState(state),
      lost: (text) => {
        this.#lost = text;
        this.#tell('live', text);
      },
    });
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<void> {
    let refused: number | undefined;
    this.#tell('connecting');
    while (!this.#isOver && !this.#isStopped) {
      try {
        await this.#connect();
      } catch (error) {
        this.#text = (error as Error).message;
        if (error instanceof NoAnswer && error.isFinal) {
          if (!this.#hasAnswer) refused = error.status;
          break;
        }
      }
      if (this.#isOver || this.#isStopped) break;
      this.#tell('retrying', this.#text ?? 'The connection was lost.');
      await pause(this.#retryMs, this.#stopped.signal);
      this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
    }
    if (this.#isOver) await this.#gaps.closed();
    if (this.#isStopped) return;
    this.#tell('ended', this.#text ?? this.#lost, refused);
    this.#out.complete();
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Reads one stream to its end. Rejects where there is none. */
  async #connect(): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#stopped.signal, lost.signal]);
    const asked = Date.now();
    const answer = await this.#client.get(`stream?from=${this.#place + 1}`, signal);
    const began = performance.now();
    this.#skewMs = skewOf(Number(answer.headers.get('x-now')), asked, Date.now());
    this.#isLive = false;
    this.#hasAnswer = true;
    this.#text = undefined;
    this.#tell('live');
    const reader = answer.body!.getReader();
    const decoder = new TextDecoder();
    const messages = new SseReader();
    let silence = setTimeout(() => lost.abort(), SILENCE_MS);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#isStopped) return;
        clearTimeout(silence);
        silence = setTimeout(() => lost.abort(), SILENCE_MS);
        for (const message of messages.read(decoder.decode(value, { stream: true }))) if (!this.#hear(message)) return;
      }
    } catch (error) {
      if (!this.#isStopped) throw new NoAnswer(0, 'The connection was lost.');
      throw error;
    } finally {
      clearTimeout(silence);
      if (performance.now() - began > LAST_RETRY_MS) this.#retryMs = FIRST_RETRY_MS;
      if (!this.#isOver) lost.abort();
    }
  }

  /** Hands a message on; tells whether the stream is still of use. */
  #hear({ event, data }: SseMessage): boolean {
    const value = parsed(data);
    switch (event) {
      case 'events':
        return this.#hearEvents(value);
      case 'state':
        return this.#hearState(value);
      case 'live':
        this.#isLive = true;
        this.#tell('live');
        return true;
      case 'owner':
        this.#hearOwner(value);
        return true;
      case 'over':
        this.#isOver = true;
        this.#text = textIn(value);
        return false;
      case 'trouble':
        this.#text = textIn(value);
        return false;
      default:
        return true;
    }
  }

  #hearEvents(value: unknown): boolean {
    const all = eventsIn(value);
    if (all === undefined) return this.#malformed();
    const events = all[0]!.seq > this.#place ? all : all.filter(({ seq }) => seq > this.#place);
    const [first] = events;
    if (first === undefined) return true; // all of it is known
    if (first.seq !== this.#place + 1) return this.#malformed();
    const last = events[events.length - 1]!;
    this.#place = last.seq;
    this.#retryMs = FIRST_RETRY_MS;
    // Behind events that can't be had any more none is of use: there are states instead.
    if (this.#lost === undefined) this.#out.next({ type: 'events', events });
    this.#gaps.calm();
    this.#gaps.passed(last.seq);
    this.#tellLag(last.at);
    return true;
  }

  #hearState(value: unknown): boolean {
    const state = stateIn(value);
    if (state === undefined) return this.#malformed();
    if (state.seq < this.#place) return true;
    this.#tellState(state);
    if (state.seq === this.#place) return true; // of use where events before it are lost
    const from = this.#place + 1;
    this.#place = state.seq;
    this.#retryMs = FIRST_RETRY_MS;
    this.#gaps.add(from, state.seq);
    this.#tellLag(state.at);
    return true;
  }

  /** Only one that is newer than what was told before. */
  #tellState(state: State): void {
    if (state.seq <= this.#stateSeq) return;
    this.#stateSeq = state.seq;
    this.#out.next(state);
  }

  #hearOwner(value: unknown): void {
    const { where, pid, text } = Object(value) as Readonly<Record<string, unknown>>;
    if (where !== 'here' && where !== 'elsewhere' && where !== 'nowhere') return;
    this.#out.next({
      type: 'owner',
      where,
      ...(typeof pid === 'number' ? { pid } : {}),
      ...(typeof text === 'string' ? { text } : {}),
    });
  }

  /** The stream is begun anew where it was good. */
  #malformed(): false {
    this.#text = 'The server sent what can not be read.';
    return false;
  }

  /** Only what is new when it comes tells how long it took. */
  #tellLag(at: number): void {
    const now = performance.now();
    if (!this.#isLive || now - this.#lagToldAt < LAG_EVERY_MS) return;
    this.#lagToldAt = now;
    this.#out.next({ type: 'connection', state: 'live', lagMs: Math.max(0, Date.now() - this.#skewMs - at) });
  }

  #tell(state: 'live' | 'connecting' | 'retrying' | 'ended', text?: string, refused?: number): void {
    this.#out.next({
      type: 'connection',
      state,
      ...(text === undefined ? {} : { text }),
      ...(refused === undefined ? {} : { refused }),
    });
  }
}

/** How far the clock here is ahead of one that showed `there` at some time from `asked` to `now`; 0 where they may show the same. */
const skewOf = (there: number, asked: number, now: number): number =>
  !(there > 0) || (there >= asked && there <= now) ? 0 : (asked + now) / 2 - there;

const textIn = (value: unknown): string | undefined => {
  const { text } = Object(value) as { readonly text?: unknown };
  return typeof text === 'string' ? text : undefined;
};
