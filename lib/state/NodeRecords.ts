import type { NodeList } from './NodeList.js';
import type { NodeRecord } from './NodeRecord.js';
import { CHANGES_MAX, SharedNodes, withChanges, type Change } from './SharedNodes.js';
import { Vector, newOwner } from './Vector.js';

/** At least so many changes are noted while nobody shares; above, and above an eighth of the nodes, all is shared anew. */
const UNSHARED_MAX = 1_024;

/**
 * The nodes of a working state: an array, in which they are found at once. What it shares is kept beside it from the
 * first share on: a persistent list, and what was put since. As long as nobody shares that costs nothing.
 */
export class NodeRecords implements NodeList {
  private readonly records: NodeRecord[] = [];
  private list: Vector<NodeRecord> | undefined;
  private last: Change | undefined;
  private length = 0;

  get size(): number {
    return this.records.length;
  }

  get(index: number): NodeRecord {
    return this.records[index]!;
  }

  set(index: number, record: NodeRecord): void {
    this.records[index] = record;
    if (this.list === undefined) return;
    this.last = { index, record, before: this.last };
    if (++this.length <= UNSHARED_MAX || this.length * 8 <= this.records.length) return;
    this.list = this.last = undefined;
    this.length = 0;
  }

  push(record: NodeRecord): void {
    this.set(this.records.length, record);
  }

  share(): SharedNodes {
    const { records } = this;
    if (this.list === undefined) this.list = Vector.build(records.length, (index) => records[index]!, newOwner());
    else if (this.length > CHANGES_MAX) {
      this.list = withChanges(this.list, this.last);
      this.last = undefined;
      this.length = 0;
    }
    return new SharedNodes(this.list, this.last, this.length, records.length);
  }
}
