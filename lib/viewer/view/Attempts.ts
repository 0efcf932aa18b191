import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import * as L from '../theme/looks.js';
import type { HeadState } from './HeadState.js';

/** All attempts of a run in columns, in the order in which they began; also the times in which nodes waited for people or parts. */
export interface Attempts {
  readonly size: number;
  readonly node: Int32Array;
  readonly attempt: Int32Array;
  /** When nothing but a slot held the node, epoch milliseconds. */
  readonly readyAt: Float64Array;
  readonly startAt: Float64Array;
  /** NaN while it goes on. */
  readonly endAt: Float64Array;
  /** The look that it ended with, RUNNING or WAITING while it goes on. */
  readonly end: Uint8Array;
  /** 1 where the node only waited, for a person or for its parts. */
  readonly isWait: Uint8Array;
  readonly startSeq: Int32Array;
  /** 0 while it goes on. */
  readonly endSeq: Int32Array;
  /** How many ran at once at most, up to when it began. */
  readonly peak: Int32Array;
}

/** Keeps the attempts of a log up to its end. */
export class AttemptLog implements Attempts {
  size = 0;
  node = new Int32Array(64);
  attempt = new Int32Array(64);
  readyAt = new Float64Array(64);
  startAt = new Float64Array(64);
  endAt = new Float64Array(64);
  end = new Uint8Array(64);
  isWait = new Uint8Array(64);
  startSeq = new Int32Array(64);
  endSeq = new Int32Array(64);
  peak = new Int32Array(64);
  #running = 0;
  /** Since when no process has had the run, while that is told of what it interrupted. */
  #lostAt: number | undefined;
  /** Per node: its attempt that goes on and one, or 0; and what all its attempts took that have ended. */
  #open = new Int32Array(64);
  #spentMs = new Float64Array(64);
  /** Per node: when its first attempt began, and when the last one ended; NaN for what was not yet. */
  #begunAt = new Float64Array(64).fill(NaN);
  #endedAt = new Float64Array(64).fill(NaN);

  /** Hears that nothing is known of what was under way after this time, because the run's process was lost; or that this is over. */
  lost(at: number | undefined): void {
    this.#lostAt = at;
  }

  /** Hears of an event that was folded, with the index of its node. */
  hear(event: ExecutionEvent, index: number, state: HeadState, retryAt: number): void {
    switch (event.type) {
      case 'NodeStarted':
        return this.#begin(index, event, event.attempt, L.RUNNING, Math.max(state.readyAt[index]!, retryAt));
      case 'NodeWaiting':
        return this.#begin(index, event, state.nodes.get(index).attempt, L.WAITING, state.readyAt[index]!);
      case 'NodeSucceeded':
        return this.#finish(index, event, event.cached ? L.CACHED : L.SUCCEEDED);
      case 'NodeFailed':
        return this.#finish(index, event, event.error.name === 'TimeoutError' ? L.TIMED_OUT : L.FAILED);
      case 'NodeRetryScheduled':
        return this.#finish(index, event, L.RETRYING);
      case 'NodeCancelled':
        return this.#finish(index, event, L.CANCELLED);
      case 'NodeInterrupted':
        return this.#finish(index, { seq: event.seq, at: this.#lostAt ?? event.at }, L.CANCELLED);
      case 'NodeSkipped':
        return this.#finish(index, event, L.SKIPPED);
      default:
    }
  }

  /** What a node's attempts took up to a time, milliseconds. */
  spentMs(index: number, at: number): number {
    if (index >= this.#open.length) return 0;
    const open = this.#open[index]! - 1;
    return this.#spentMs[index]! + (open < 0 ? 0 : Math.max(0, at - this.startAt[open]!));
  }

  /** When the attempt of a node that goes on began. */
  openSince(index: number): number | undefined {
    const open = index < this.#open.length ? this.#open[index]! - 1 : -1;
    return open < 0 ? undefined : this.startAt[open];
  }

  /** When the first attempt of a node began, and when the last one that is over ended; NaN for what was not yet. */
  span(index: number): readonly [begunAt: number, endedAt: number] {
    return index < this.#open.length ? [this.#begunAt[index]!, this.#endedAt[index]!] : [NaN, NaN];
  }

  #begin(index: number, { seq, at }: ExecutionEvent, attempt: number, look: number, readyAt: number): void {
    if (this.size === this.node.length) this.#growColumns();
    if (index >= this.#open.length) this.#growNodes(index + 1);
    const i = this.size++;
    this.node[i] = index;
    this.attempt[i] = attempt;
    this.readyAt[i] = readyAt === 0 || readyAt > at ? at : readyAt;
    this.startAt[i] = at;
    this.endAt[i] = NaN;
    this.end[i] = look;
    this.isWait[i] = look === L.WAITING ? 1 : 0;
    this.startSeq[i] = seq;
    this.endSeq[i] = 0;
    if (look !== L.WAITING) this.#running++;
    this.peak[i] = Math.max(i === 0 ? 0 : this.peak[i - 1]!, this.#running);
    this.#open[index] = i + 1;
    if (Number.isNaN(this.#begunAt[index])) this.#begunAt[index] = at;
  }

  #finish(index: number, { seq, at }: Pick<ExecutionEvent, 'seq' | 'at'>, look: number): void {
    const i = index < this.#open.length ? this.#open[index]! - 1 : -1;
    if (i < 0) return;
    this.#open[index] = 0;
    if (this.isWait[i] === 0) this.#running--;
    this.#spentMs[index]! += at - this.startAt[i]!;
    this.endAt[i] = at;
    this.end[i] = look;
    this.endSeq[i] = seq;
    this.#endedAt[index] = at;
  }

  #growColumns(): void {
    const room = this.node.length * 2;
    const ints = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(room);
      grown.set(old);
      return grown;
    };
    const times = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(room);
      grown.set(old);
      return grown;
    };
    this.node = ints(this.node);
    this.attempt = ints(this.attempt);
    this.startSeq = ints(this.startSeq);
    this.endSeq = ints(this.endSeq);
    this.peak = ints(this.peak);
    this.readyAt = times(this.readyAt);
    this.startAt = times(this.startAt);
    this.endAt = times(this.endAt);
    const codes = (old: Uint8Array): Uint8Array<ArrayBuffer> => {
      const grown = new Uint8Array(room);
      grown.set(old);
      return grown;
    };
    this.end = codes(this.end);
    this.isWait = codes(this.isWait);
  }

  #growNodes(size: number): void {
    const room = Math.max(size, this.#open.length * 2);
    const open = new Int32Array(room);
    open.set(this.#open);
    this.#open = open;
    const times = (old: Float64Array, none: number): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(room).fill(none);
      grown.set(old);
      return grown;
    };
    this.#spentMs = times(this.#spentMs, 0);
    this.#begunAt = times(this.#begunAt, NaN);
    this.#endedAt = times(this.#endedAt, NaN);
  }
}

/** How many attempts ran on average in each of some equal parts of a time, as far as a seq tells. */
export const parallelismOf = (
  attempts: Attempts,
  seq: number,
  at: number,
  from: number,
  to: number,
  buckets: number,
): Float32Array => {
  const found = new Float32Array(buckets);
  const width = (to - from) / buckets;
  if (!(width > 0)) return found;
  for (let i = 0; i < attempts.size && attempts.startSeq[i]! <= seq; i++) {
    if (attempts.isWait[i] === 1) continue;
    const isOpen = attempts.endSeq[i] === 0 || attempts.endSeq[i]! > seq;
    const start = Math.max(from, attempts.startAt[i]!);
    const end = Math.min(to, isOpen ? at : attempts.endAt[i]!);
    if (end <= start) continue;
    const first = Math.min(buckets - 1, Math.floor((start - from) / width));
    const last = Math.min(buckets - 1, Math.floor((end - from) / width));
    for (let bucket = first; bucket <= last; bucket++) {
      const left = from + bucket * width;
      found[bucket]! += Math.max(0, Math.min(end, left + width) - Math.max(start, left)) / width;
    }
  }
  return found;
};
