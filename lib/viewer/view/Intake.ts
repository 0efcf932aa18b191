import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { RunStatus } from '../../model/Status.js';
import { unknownText } from '../../model/UnknownEvents.js';
import { macrotask } from '../../testing/macrotask.js';
import type { RunOwner, SourceMessage } from '../source/RunSource.js';
import { noChanges, type Changes } from './Changes.js';
import type { Head } from './Head.js';

/** How a view is connected with its run. */
export interface Connection {
  readonly state: 'live' | 'connecting' | 'retrying' | 'ended' | 'file';
  /** How old the newest event was when it arrived, milliseconds; of a log that is read, 0. */
  readonly lagMs: number;
  /** Events that are known to exist and have not come yet. */
  readonly missing: number;
  /** What is wrong, in a sentence. */
  readonly text?: string;
}

/** A state that a source told of before the events that lead to it. */
interface Ahead {
  readonly seq: number;
  readonly at: number;
  readonly status: RunStatus;
  readonly looks: Uint8Array;
}

/** How long events are folded before others get their turn, milliseconds. */
const SLICE_MS = 12;
/** After so many events the clock is looked at. */
const STRIDE = 256;

/** Takes what a source tells, in order, and folds it slice by slice, so that a long log does not stop the page. */
export class Intake {
  ahead: Ahead | undefined;
  owner: RunOwner = { where: 'here' };
  readonly #head: Head;
  readonly #isFile: boolean;
  readonly #hear: (arrived: Changes) => void;
  #queue: (readonly ExecutionEvent[])[] = [];
  #at = 0;
  /** A run that is being begun. */
  #begun: Generator<undefined, void> | undefined;
  /** Events that came before some that lead to them, by seq. */
  readonly #early = new Map<number, ExecutionEvent>();
  /** The greatest seq among them, ever. */
  #latest = 0;
  #isWaiting = false;
  #state: Connection['state'];
  #lagMs = 0;
  #text: string | undefined;
  #isBroken = false;

  constructor(head: Head, isFile: boolean, hear: (arrived: Changes) => void) {
    this.#head = head;
    this.#isFile = isFile;
    this.#hear = hear;
    this.#state = isFile ? 'file' : 'connecting';
  }

  /** Whether a state has told of the end. */
  get isOver(): boolean {
    const status = this.ahead?.status;
    return status === 'succeeded' || status === 'failed' || status === 'cancelled';
  }

  /** Whether all that has come is folded. */
  get isDone(): boolean {
    return this.#begun === undefined && this.#queue.length === 0;
  }

  get connection(): Connection {
    const { size } = this.#head.log;
    const missing = Math.max(0, Math.max(this.ahead?.seq ?? 0, this.#latest) - size - this.#early.size);
    const isAll = this.#state !== 'ended' && this.#state !== 'file';
    const lack =
      isAll || missing === 0 || this.#queue.length > 0
        ? undefined
        : `Of the log ${missing} events are missing after event ${size}.`;
    const { unknown } = this.#head.state;
    const odd = unknown && `This log has ${unknownText(unknown)}.`;
    const text = this.#text ?? lack ?? (this.#state === 'retrying' ? undefined : odd);
    return { state: this.#state, lagMs: this.#lagMs, missing, ...(text !== undefined && { text }) };
  }

  /** Folds no more. */
  close(): void {
    this.#isBroken = true;
    this.#begun = undefined;
    this.#queue = [];
    this.#early.clear();
  }

  take(message: SourceMessage): void {
    if (this.#isBroken) return;
    switch (message.type) {
      case 'events':
      case 'fill': {
        if (message.events.length === 0) return;
        this.#queue.push(message.events);
        if (!this.#isWaiting) this.#work();
        return;
      }
      case 'state':
        if (message.seq > this.#head.log.size) this.ahead = message;
        return this.#hear({ ...noChanges, nodes: 'all', moved: true });
      case 'connection':
        this.#state = this.#isFile ? 'file' : message.state;
        if (message.lagMs !== undefined) this.#lagMs = message.lagMs;
        this.#text = message.text;
        return this.#hear({ ...noChanges, connection: true });
      case 'owner':
        this.owner = message;
        return this.#hear({ ...noChanges, connection: true });
    }
  }

  /** Folds what waits, for a slice of time. */
  #work(): void {
    if (this.#isBroken) return;
    this.#isWaiting = false;
    const until = performance.now() + SLICE_MS;
    try {
      for (let count = 1; this.#step(); count++) {
        this.#isWaiting = (this.#begun !== undefined || count % STRIDE === 0) && performance.now() > until;
        if (this.#isWaiting) break;
      }
    } catch (error) {
      this.#isBroken = true;
      this.#queue = [];
      this.#begun = undefined;
      this.#state = 'ended';
      this.#text = `The log can’t be read further than event ${this.#head.log.size}: ${(error as Error).message}`;
    }
    if (this.ahead !== undefined && this.ahead.seq <= this.#head.log.size) this.ahead = undefined;
    const { structure } = this.#head;
    this.#head.structure = false;
    this.#hear({ ...noChanges, log: true, structure, connection: this.#isBroken });
    // A timer would come once a second in a page that nobody looks at.
    if (this.#isWaiting) void macrotask().then(() => this.#work());
  }

  /** Takes the next event, or a piece of a long one; false where there is none. */
  #step(): boolean {
    if (this.#begun !== undefined) {
      if (this.#begun.next().done === true) this.#begun = undefined;
      return true;
    }
    const next = this.#early.size > 0 ? this.#early.get(this.#head.log.size + 1) : undefined;
    if (next !== undefined) {
      this.#early.delete(next.seq);
      this.#fold(next);
      return true;
    }
    const events = this.#queue[0];
    if (events === undefined) return false;
    const event = events[this.#at++];
    if (event !== undefined) this.#fold(event);
    else {
      this.#queue.shift();
      this.#at = 0;
    }
    return true;
  }

  #fold(event: ExecutionEvent): void {
    const { log } = this.#head;
    if (event.seq > log.size + 1) {
      this.#early.set(event.seq, event);
      this.#latest = Math.max(this.#latest, event.seq);
      return;
    }
    if (event.seq <= log.size) return;
    if (event.type === 'RunStarted' && event.seq !== 1) throw new Error('a run begins only once.');
    if (event.type === 'RunStarted') this.#begun = this.#head.begin(event);
    else this.#head.take(event);
  }
}
