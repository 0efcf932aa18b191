import type { NodeList } from './NodeList.js';
import type { NodeRecord } from './NodeRecord.js';
import { newOwner, type Vector } from './Vector.js';

/** A record that was put, and those that were put before it. */
export interface Change {
  readonly index: number;
  readonly record: NodeRecord;
  readonly before: Change | undefined;
}

/** Above so many changes they are put into the list. */
export const CHANGES_MAX = 32;

/** The nodes of one state: a persistent list, and what was put since. Whoever shares it shares both, and copies neither. */
export class SharedNodes implements NodeList {
  size: number;
  private list: Vector<NodeRecord>;
  private last: Change | undefined;
  private length: number;
  private looks = 0;

  constructor(list: Vector<NodeRecord>, last: Change | undefined, length: number, size: number) {
    this.list = list;
    this.last = last;
    this.length = length;
    this.size = size;
  }

  get(index: number): NodeRecord {
    // One who looks at many nodes looks at them in the list.
    if (this.last !== undefined && ++this.looks > CHANGES_MAX) this.settle();
    for (let change = this.last; change !== undefined; change = change.before)
      if (change.index === index) return change.record;
    return this.list.get(index);
  }

  set(index: number, record: NodeRecord): void {
    this.last = { index, record, before: this.last };
    if (++this.length > CHANGES_MAX) this.settle();
  }

  push(record: NodeRecord): void {
    this.set(this.size++, record);
  }

  share(): SharedNodes {
    return new SharedNodes(this.list, this.last, this.length, this.size);
  }

  private settle(): void {
    this.list = withChanges(this.list, this.last);
    this.last = undefined;
    this.length = 0;
  }
}

/** The list with these changes, beside the one without. */
export const withChanges = (list: Vector<NodeRecord>, last: Change | undefined): Vector<NodeRecord> => {
  const changes: Change[] = [];
  for (let change = last; change !== undefined; change = change.before) changes.push(change);
  const changed = list.share();
  const owner = newOwner();
  for (const { index, record } of changes.reverse())
    if (index === changed.size) changed.push(record, owner);
    else changed.set(index, record, owner);
  return changed;
};
