import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { DagError } from '../index.js';
import { failureOf } from '../model/Failure.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { Flood } from './Flood.js';
import { encodedParts, type Encode } from './encodedParts.js';
import { Pages, type EncodedPage } from './Pages.js';
import type { LogFollower, Moment, RunLog } from './RunLog.js';
import { eventsMessage, StreamClient } from './StreamClient.js';

const BATCH_MS = 16;
/** Whoever lags behind a run that goes on by more events than this sees its present state first. */
const FAR = 20_000;
/** For so long one look at the run is the answer to all who ask. */
const LOOK_MS = 100;

/**
 * One run, told to all who watch it. Only while somebody does is the run listened to. Its events are collected for some
 * milliseconds and encoded once for all clients that are at the same place; others are brought there by pages of the log.
 * In a flood of events, and after a client was too slow, there is a state instead, and the client reads the rest later.
 */
export class RunFeed implements LogFollower {
  readonly log: RunLog;
  readonly pages: Pages;
  readonly #encode: Encode;
  readonly #clients = new Set<StreamClient>();
  readonly #flood = new Flood();
  /** The seq up to which clients that keep up have been told. */
  #sent = 0;
  #pending: ExecutionEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #trouble: string | undefined;
  #stop: () => void = () => undefined;
  #looked: { readonly at: number; readonly seq: number; readonly json: string } | undefined;

  constructor(log: RunLog, encode: Encode) {
    this.log = log;
    this.#encode = encode;
    this.pages = new Pages(log, encode);
  }

  get isWatched(): boolean {
    return this.#clients.size > 0;
  }

  /** Streams to a client from a seq on, until one of them goes; `left` is called then. */
  join(response: ServerResponse, from: number, left: () => void): void {
    if (!this.isWatched) this.#start();
    const client = new StreamClient(response, from - 1, () => this.#drained(client));
    this.#clients.add(client);
    if (!this.#isOver) client.owner(this.log.owner);
    response.on('close', () => {
      this.#clients.delete(client);
      if (!this.isWatched) this.#halt();
      left();
    });
    void this.#bring(client);
  }

  /** How the run looks, as JSON, at most so many milliseconds ago; undefined where that is not at hand. */
  get state(): string | undefined {
    const { log } = this;
    if (log.moment === undefined) return undefined;
    const known = this.#looked;
    const now = performance.now();
    if (known !== undefined && (known.seq === log.head || (!log.isOver && now - known.at <= LOOK_MS)))
      return known.json;
    const moment = log.moment();
    const json = stateText(moment);
    this.#looked = { at: now, seq: moment.seq, json };
    return json;
  }

  beat(): void {
    for (const client of this.#clients) client.beat();
  }

  close(): void {
    for (const client of this.#clients) client.cut();
  }

  event(event: ExecutionEvent): void {
    this.#flood.hear();
    if (!this.#flood.isOn) this.#pending.push(event);
    this.#timer ??= setTimeout(this.#flush, this.#flood.isOn ? this.#flood.everyMs : BATCH_MS);
  }

  grown(): void {
    this.#sent = this.log.head;
    this.#bringAll();
  }

  owned(): void {
    for (const client of this.#clients) client.owner(this.log.owner);
  }

  over(trouble?: string): void {
    this.#flush();
    this.#isOver = true;
    this.#trouble = trouble;
    this.#sent = Math.max(this.#sent, this.log.head);
    this.#bringAll();
  }

  #start(): void {
    this.#sent = this.log.head;
    this.#isOver = this.log.isOver;
    this.#stop = this.log.follow(this);
  }

  #halt(): void {
    this.#stop();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = [];
    this.pages.forget();
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#pending;
    this.#pending = [];
    try {
      const wasFlood = this.#flood.isOn;
      this.#flood.look();
      if (wasFlood || this.#flood.isOn) this.#tellState();
      else this.#tell(batch);
    } catch (error) {
      // Whatever goes wrong here is the viewers' trouble: the run hears nothing of it.
      for (const client of this.#clients) client.cut(failureOf(error).message);
    }
  };

  /** Sends a batch to all who are where it begins; brings the others there. */
  #tell(batch: readonly ExecutionEvent[]): void {
    const last = batch.at(-1)?.seq;
    if (last === undefined) return;
    this.#sent = Math.max(this.#sent, last);
    const waiting: StreamClient[] = [];
    for (const client of this.#clients) {
      if (client.isBusy || client.isClogged) continue;
      if (client.place === batch[0]!.seq - 1) waiting.push(client);
      else void this.#bring(client);
    }
    if (waiting.length === 0) return;
    for (const part of encodedParts(batch, this.#encode)) {
      const message = eventsMessage(part.json, part.last);
      for (const client of waiting)
        if (client.place === part.first - 1 && !client.isClogged) client.send(message, part.last);
    }
  }

  /** Tells clients that keep up how the run looks; the events until then they read when it is quieter. */
  #tellState(): void {
    const message = this.#stateMessage();
    for (const client of this.#clients) {
      if (client.isBusy || client.isClogged || client.place >= this.#sent) continue;
      if (client.place > 0) client.skip(message, this.#sent);
      else void this.#bring(client); // without the beginning of the log it could make nothing of a state
    }
  }

  #stateMessage(): Buffer {
    const moment = this.log.moment!();
    this.#flood.size = moment.looks.length;
    this.#sent = Math.max(this.#sent, moment.seq);
    return Buffer.from(`id: ${moment.seq}\nevent: state\ndata: ${stateText(moment)}\n\n`);
  }

  #drained(client: StreamClient): void {
    if (client.isLive && !client.isBusy && client.place < this.#sent && this.#canSkip())
      client.skip(this.#stateMessage(), this.#sent);
    void this.#bring(client);
  }

  #canSkip(): boolean {
    return this.log.moment !== undefined && !this.#isOver;
  }

  #bringAll(): void {
    for (const client of this.#clients) void this.#bring(client);
  }

  /** Brings a client to where the others are; one that is clogged goes on once it has drained. */
  async #bring(client: StreamClient): Promise<void> {
    if (client.isBusy) return;
    client.isBusy = true;
    try {
      while (client.place < this.#sent && !client.isClogged && !client.isClosed) {
        if (client.place > 0 && this.#sent - client.place > FAR && this.#canSkip())
          client.skip(this.#stateMessage(), this.#sent);
        else {
          const { json, last } = await this.#page(client.place + 1);
          client.send(eventsMessage(json, last), last);
          await turn();
        }
      }
      if (client.isClosed || client.isClogged) return;
      if (!this.#isOver) return client.live();
      // What was skipped may not be kept any more: the end is told all the same.
      if (client.hasSkipped && this.log.moment !== undefined) client.skip(this.#stateMessage(), this.#sent);
      client.over(this.#trouble);
    } catch (error) {
      const { message } = failureOf(error);
      if (client.place === 0 && error instanceof DagError) client.over(message); // no other try would find the beginning
      else client.cut(message);
    } finally {
      client.isBusy = false;
    }
  }

  #page(first: number): Promise<EncodedPage> {
    return this.pages.from(first, this.#sent);
  }
}

const stateText = ({ seq, at, status, looks }: Moment): string =>
  JSON.stringify({ seq, at, status, looks: Buffer.from(looks).toString('base64') });
