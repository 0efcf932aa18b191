import type { NodeRecord } from '../NodeRecord.js';
import { RunState } from '../RunState.js';
import type { PastNodes } from './PastNodes.js';

/** A working state over columns, in which the statuses of records stand as well, once `note` has been called. */
export class ColumnState extends RunState {
  readonly #edited: number[] = [];

  override edit(index: number): NodeRecord {
    this.#edited.push(index);
    return super.edit(index);
  }

  /** Writes down what the records have become that were edited. */
  note(): void {
    const nodes = this.nodes as PastNodes;
    for (let index = this.#edited.pop(); index !== undefined; index = this.#edited.pop()) nodes.note(index);
  }
}
