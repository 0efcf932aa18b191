import type { Json } from '../../model/Json.js';
import type { NodeList } from '../NodeList.js';
import * as N from '../NodeRecord.js';
import type { BoundSpec, NodeRecord } from '../NodeRecord.js';
import { Vector } from '../Vector.js';
import type { EventColumns } from './EventColumns.js';
import type { PastPlan } from './PastPlan.js';

/** Added to the status of a node of which more is to be told than columns hold: it has a record. */
export const RECORDED = 128;
/** In place of statuses, for records that tell so: a node that was served from the cache, and one whose time was up. */
export const CACHED = 32;
export const TIMED_OUT = 33;

/**
 * Nodes of a stored run at one moment. Of most there is a status; everything else is read in the plan and in the log when it
 * is looked at. The others have records, as in a live run.
 */
export class PastNodes implements NodeList {
  size: number;
  statuses: Uint8Array;
  /**
   * The seq of a node's NodeStarted and of its NodeSucceeded, where its status tells that it has come to them. There is one
   * of each in a log, so all moments share these columns.
   */
  readonly starts: Int32Array;
  readonly successes: Int32Array;
  readonly #plan: PastPlan;
  readonly #columns: EventColumns;
  readonly #records: Vector<NodeRecord>;
  #isShared = false;

  private constructor(
    plan: PastPlan,
    columns: EventColumns,
    of: Pick<PastNodes, 'size' | 'statuses' | 'starts' | 'successes'>,
    records: Vector<NodeRecord>,
  ) {
    this.#plan = plan;
    this.#columns = columns;
    this.size = of.size;
    this.statuses = of.statuses;
    this.starts = of.starts;
    this.successes = of.successes;
    this.#records = records;
  }

  /** The nodes of a plan before anything has happened. */
  static of(plan: PastPlan, columns: EventColumns, owner: number): PastNodes {
    const size = plan.isPlain.length;
    const statuses = new Uint8Array(size);
    for (let i = 0; i < size; i++) statuses[i] = plan.depStart[i] === plan.depStart[i + 1] ? N.READY : N.PENDING;
    const records = Vector.build<NodeRecord>(size, () => undefined as never, owner);
    return new PastNodes(
      plan,
      columns,
      { size, statuses, starts: new Int32Array(size), successes: new Int32Array(size) },
      records,
    );
  }

  share(): PastNodes {
    const copy = new PastNodes(this.#plan, this.#columns, this, this.#records.share());
    this.#isShared = copy.#isShared = true;
    return copy;
  }

  /** Makes the statuses this handle's own, for change. */
  own(): void {
    if (!this.#isShared) return;
    this.#isShared = false;
    this.statuses = this.statuses.slice();
  }

  get(index: number): NodeRecord {
    const status = index < this.statuses.length ? this.statuses[index]! : RECORDED;
    if (status >= RECORDED) return this.#records.get(index);
    const start = status >= N.RUNNING ? this.starts[index]! : 0;
    const success = status === N.SUCCEEDED ? this.successes[index]! : 0;
    return new PastRecord(this.#plan, this.#columns, index, status, start, success);
  }

  set(index: number, record: NodeRecord, owner: number): void {
    this.own();
    if (index < this.statuses.length) this.statuses[index] = RECORDED + statusIn(record);
    this.#records.set(index, record, owner);
  }

  /** A node's record may have become another. */
  note(index: number): void {
    if (index >= this.statuses.length || this.statuses[index]! < RECORDED) return;
    this.own();
    this.statuses[index] = RECORDED + statusIn(this.#records.get(index));
  }

  push(record: NodeRecord, owner: number): void {
    this.#records.push(record, owner);
    this.size = this.#records.size;
  }
}

/** A node of which columns hold all there is. */
class PastRecord implements NodeRecord {
  readonly owner = 0;
  readonly extra = undefined;
  readonly status: number;
  readonly attempt: number;
  readonly #plan: PastPlan;
  readonly #columns: EventColumns;
  readonly #index: number;
  readonly #start: number;
  readonly #success: number;

  constructor(plan: PastPlan, columns: EventColumns, index: number, status: number, start: number, success: number) {
    this.#plan = plan;
    this.#columns = columns;
    this.#index = index;
    this.#start = start;
    this.#success = success;
    this.status = status;
    this.attempt = start === 0 ? 0 : 1;
  }

  get startedAt(): number | undefined {
    return this.#start === 0 ? undefined : this.#columns.timeOf(this.#start);
  }

  get endedAt(): number | undefined {
    return this.#success === 0 ? undefined : this.#columns.timeOf(this.#success);
  }

  get spec(): BoundSpec {
    return this.#plan.specAt(this.#index);
  }

  get output(): Json | undefined {
    return this.#success === 0 ? undefined : this.#columns.outputOf(this.#success);
  }
}

const statusIn = ({ status, extra }: NodeRecord): number => {
  if (status === N.SUCCEEDED && extra?.cached === true) return CACHED;
  if (status === N.FAILED && extra?.error?.name === 'TimeoutError') return TIMED_OUT;
  return status;
};
