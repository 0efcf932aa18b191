import { RunState } from '../../state/RunState.js';
import type { NodeRecord } from '../../state/NodeRecord.js';
import * as N from '../../state/NodeRecord.js';

/** The working state at the end of a log; it notes which nodes were touched, and since when each has been ready. */
export class HeadState extends RunState {
  /** The nodes that were touched since this was emptied, each once. */
  touched: number[] = [];
  #isTouched = new Uint8Array(64);
  /** Epoch milliseconds; 0 where a node has not been ready yet. */
  readyAt = new Float64Array(64);

  override edit(index: number): NodeRecord {
    this.touch(index);
    return super.edit(index);
  }

  override move(index: number, status: number): NodeRecord {
    if (status === N.READY) this.readyAt[index] = this.at;
    return super.move(index, status);
  }

  touch(index: number): void {
    if (index >= this.#isTouched.length) this.#grow(index + 1);
    if (this.#isTouched[index] === 1) return;
    this.#isTouched[index] = 1;
    this.touched.push(index);
  }

  /** What was touched since the last call. */
  takeTouched(): readonly number[] {
    const { touched } = this;
    for (const index of touched) this.#isTouched[index] = 0;
    this.touched = [];
    return touched;
  }

  override reserve(size: number): void {
    super.reserve(size);
    this.#grow(size);
  }

  #grow(size: number): void {
    if (size <= this.readyAt.length) return;
    const room = Math.max(size, this.readyAt.length * 2);
    const readyAt = new Float64Array(room);
    readyAt.set(this.readyAt);
    this.readyAt = readyAt;
    const isTouched = new Uint8Array(room);
    isTouched.set(this.#isTouched);
    this.#isTouched = isTouched;
  }
}
