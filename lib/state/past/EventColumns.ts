import type { Json } from '../../model/Json.js';
import type { EventBlock } from './EventBlock.js';

/** A whole log in columns, block by block. */
export class EventColumns {
  readonly #blocks: EventBlock[] = [];

  /** The seq of the last event. */
  get size(): number {
    const last = this.#blocks[this.#blocks.length - 1];
    return last === undefined ? 0 : last.firstSeq + last.count - 1;
  }

  /** Takes the events that follow. */
  add(block: EventBlock): void {
    if (block.firstSeq !== this.size + 1) throw new RangeError(`event ${this.size + 1} is not there`);
    this.#blocks.push(block);
  }

  /** The block that holds an event. */
  at(seq: number): EventBlock {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#blocks[middle]!.firstSeq <= seq) low = middle;
      else high = middle - 1;
    }
    return this.#blocks[low]!;
  }

  timeOf(seq: number): number {
    const block = this.at(seq);
    return block.ats[seq - block.firstSeq]!;
  }

  outputOf(seq: number): Json {
    const block = this.at(seq);
    return block.output(seq - block.firstSeq);
  }
}
