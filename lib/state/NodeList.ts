import type { NodeRecord } from './NodeRecord.js';

/** The nodes of a state by index, as `Vector` and `PastNodes` hold them. */
export interface NodeList {
  readonly size: number;
  get(index: number): NodeRecord;
  set(index: number, record: NodeRecord, owner: number): void;
  push(record: NodeRecord, owner: number): void;
  /** A second handle on the same nodes; the two diverge from here. */
  share(): NodeList;
}
