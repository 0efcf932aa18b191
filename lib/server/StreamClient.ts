import type { ServerResponse } from 'node:http';
import type { RunOwner } from '../viewer/source/RunSource.js';
import { headers } from './headers.js';

/** A client of which so much waits to be sent is too slow: it gets nothing more until all of that has gone. */
const CLOGGED_BYTES = 1_000_000;

/** One that reads a run's stream, as server-sent events. */
export class StreamClient {
  /** The seq up to which it was told, of events or of the state. */
  place: number;
  /** Whether it is being brought to where the others are. */
  isBusy = false;
  isClogged = false;
  /** Whether it has had all there was once. */
  isLive = false;
  /** Whether it was told a state instead of events. */
  hasSkipped = false;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse, place: number, drained: () => void) {
    this.#response = response;
    this.place = place;
    // By it a page knows how far its clock is from the one that events are told by.
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-now': String(Date.now()) });
    response.flushHeaders();
    response.on('drain', () => {
      this.isClogged = false;
      drained();
    });
  }

  get isClosed(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  /** Sends a message that ends at a seq. */
  send(message: Buffer, last: number): void {
    this.place = last;
    this.#write(message);
  }

  /** Sends a state, which stands for the events up to a seq. */
  skip(message: Buffer, last: number): void {
    this.hasSkipped = true;
    this.send(message, last);
  }

  /** Tells who goes on with the run. */
  owner(owner: RunOwner): void {
    this.#write(`event: owner\ndata: ${JSON.stringify(owner)}\n\n`);
  }

  /** Tells once that it has all there is: what comes from now on is new. */
  live(): void {
    if (this.isLive) return;
    this.isLive = true;
    this.#write('event: live\ndata: {}\n\n');
  }

  /** Keeps the connection from being taken for a dead one. */
  beat(): void {
    if (!this.isClogged) this.#write(': \n\n');
  }

  /** Tells that nothing more comes, and ends. */
  over(trouble?: string): void {
    this.#write(`event: over\ndata: ${JSON.stringify(trouble === undefined ? {} : { text: trouble })}\n\n`);
    this.#response.end();
  }

  /** Ends in the middle: the client may come again. */
  cut(trouble?: string): void {
    if (trouble === undefined) this.#response.destroy();
    else {
      this.#write(`event: trouble\ndata: ${JSON.stringify({ text: trouble })}\n\n`);
      this.#response.end();
    }
  }

  #write(message: Buffer | string): void {
    if (this.isClosed) return;
    this.#response.write(message);
    if (this.#response.writableLength > CLOGGED_BYTES) this.isClogged = true;
  }
}

/** Events as a message, from their JSON. */
export const eventsMessage = (json: Buffer | string, last: number): Buffer => {
  const head = `id: ${last}\nevent: events\ndata: `;
  return typeof json === 'string'
    ? Buffer.from(`${head}${json}\n\n`)
    : Buffer.concat([Buffer.from(head), json, Buffer.from('\n\n')]);
};
