import { defaultConfig, type DagConfig } from '../model/DagConfig.js';
import type { Json } from '../model/Json.js';
import type { RunStatus } from '../model/Status.js';
import type { UnknownEvents } from '../model/UnknownEvents.js';
import type { Plan } from '../plan/Plan.js';
import type { BoundNode } from '../plan/references.js';
import type { Control } from './branches.js';
import type { Frame } from './Inner.js';
import type { GraphTable } from './GraphTable.js';
import type { NodeList } from './NodeList.js';
import { NodeRecords } from './NodeRecords.js';
import * as N from './NodeRecord.js';
import type { BoundSpec, Extra, NodeRecord } from './NodeRecord.js';
import type { Vault } from './Vault.js';
import { Vector, newOwner } from './Vector.js';

/** A branch that a command has named. Never changed in place. */
export interface BranchRecord {
  readonly id: string;
  readonly status: 'running' | 'paused' | 'cancelled';
  readonly reason: string | undefined;
  readonly since: number;
}

/** Who wants to hear, while events are folded, what has become possible: the scheduler of a live run. */
export interface Listener {
  /** A node may start (it is ready, or was parked when it became so). */
  ready(index: number): void;
  /** A pending node can no longer run. */
  doomed(index: number): void;
  failed(index: number): void;
  /** All nodes that this one was expanded into are at their end. */
  expanded(index: number): void;
}

/**
 * The working form of a run's state: what `apply` folds events into. It owns its chunks and changes them in place; a
 * snapshot that is handed out shares them, and from then on they are copied where they change.
 */
export class RunState {
  owner = newOwner();
  seq = 0;
  at = 0;
  runId: string;
  dagName: string;
  status: RunStatus = 'running';
  config: DagConfig = defaultConfig;
  inputs: Readonly<Record<string, Json>> = {};
  maxParallelNodes = defaultConfig.maxParallelNodes;
  readonly counts: number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  retries = 0;
  cacheHits = 0;
  runningMs = 0;
  iterations = 0;
  custom: Readonly<Record<string, number>> = Object.freeze({});
  startedAt = 0;
  endedAt: number | undefined;
  success: boolean | undefined;
  error: string | undefined;
  cancelling: { readonly reason: string; readonly origin: 'user' | 'deadline' | 'policy' } | undefined;
  pauseReason: string | undefined;
  /** Events that were folded without being understood. */
  unknown: UnknownEvents | undefined;
  /** RunQuiescent has been said and nothing was added since. */
  quiet = false;
  nodes: NodeList = new NodeRecords();
  branches: Vector<BranchRecord> = Vector.empty();
  readonly branchIndex = new Map<string, number>();
  table: GraphTable | undefined;
  /** What seldom changes, as the latest snapshot showed it; undefined once it has changed. */
  frame: Frame | undefined;
  listener: Listener | undefined;
  /** Real values where the log shows masked ones; a run without `redact` has none. */
  vault: Vault | undefined;

  /** Per node: dependencies not at their end, bad ones, ones skipped on purpose. Derived, never in a snapshot. */
  open = new Int32Array(0);
  bad = new Int32Array(0);
  purpose = new Int32Array(0);
  /** Slots in use per pool, branches under a command, children not at their end; derived as well. */
  readonly poolUse = new Map<string, number>();
  /** Nodes that stand skipped because of a failure, also of one that was mended since. */
  badSkips = 0;
  /** How far generated ids have counted, per action. */
  readonly generated = new Map<string, number>();
  readonly starting = new Set<number>();
  readonly openChildren = new Map<number, number>();
  readonly controls = new Map<string, Control>();
  readonly memberOf = new Map<number, readonly { readonly control: Control; readonly closed: boolean }[]>();

  constructor(runId = '', dagName = '') {
    this.runId = runId;
    this.dagName = dagName;
  }

  /** Slots in use. */
  get slots(): number {
    return this.counts[N.RUNNING]! + this.counts[N.STARTING]!;
  }

  get plan(): Plan {
    return this.table!.plan;
  }

  find(id: string): number | undefined {
    const index = this.table?.find(id, this.nodes.size);
    return index === undefined || this.nodes.get(index).status === N.REMOVED ? undefined : index;
  }

  /** The record of a node, for change. */
  edit(index: number): NodeRecord {
    const record = this.nodes.get(index);
    if (record.owner === this.owner) return record;
    const copy: NodeRecord = {
      owner: this.owner,
      spec: record.spec,
      status: record.status,
      attempt: record.attempt,
      startedAt: record.startedAt,
      endedAt: record.endedAt,
      output: record.output,
      extra: record.extra,
    };
    this.nodes.set(index, copy, this.owner);
    return copy;
  }

  extend(index: number, change: Extra): void {
    const record = this.edit(index);
    record.extra = record.extra === undefined ? change : { ...record.extra, ...change };
  }

  /** Moves a node to a status, and keeps all counts that depend on it. */
  move(index: number, status: number): NodeRecord {
    const record = this.edit(index);
    const from = record.status;
    if (from === status) return record;
    const before = N.kindOf(record);
    record.status = status;
    this.counts[from]!--;
    this.counts[status]!++;
    if (record.spec.pool !== undefined) this.usePool(record.spec.pool, holdsSlot(from), holdsSlot(status));
    if (from === N.STARTING) this.starting.delete(index);
    else if (status === N.STARTING) this.starting.add(index);
    const after = N.kindOf(record);
    if (from === N.SKIPPED && before === N.BAD) this.badSkips--;
    if (status === N.SKIPPED && after === N.BAD) this.badSkips++;
    if (before !== after) {
      this.shift(index, record, before, after);
      if (record.spec.parent !== undefined && (before === N.OPEN) !== (after === N.OPEN))
        this.childMoved(record.spec.parent, after === N.OPEN ? 1 : -1);
    }
    return record;
  }

  /** Tells a node's dependants that it has become something else to them. */
  shift(index: number, record: NodeRecord, from: number, to: number): void {
    const { outStart, outs } = this.plan;
    if (index < outStart.length - 1)
      for (let k = outStart[index]!, end = outStart[index + 1]!; k < end; k++) this.bump(outs[k]!, from, to);
    const extra = record.extra;
    if (extra?.outs !== undefined) for (let k = 0; k < extra.outsLength!; k++) this.bump(extra.outs[k]!, from, to);
  }

  private bump(index: number, from: number, to: number): void {
    this.tally(index, from, -1);
    this.tally(index, to, 1);
    if (this.open[index] === 0 || to !== N.GOOD || from !== N.OPEN) this.settle(index);
  }

  tally(index: number, kind: number, by: number): void {
    if (kind === N.OPEN) {
      this.open[index]! += by;
      return;
    }
    if (kind === N.GOOD) return;
    if (kind === N.BAD) this.bad[index]! += by;
    else this.purpose[index]! += by;
  }

  /** Makes a pending node ready, or a ready one pending again, as its dependencies say. */
  settle(index: number): void {
    const record = this.nodes.get(index);
    if (record.status === N.PENDING) {
      if (this.isSatisfied(index, record)) {
        this.move(index, N.READY);
        this.listener?.ready(index);
      } else if (this.isDoomed(index, record)) this.listener?.doomed(index);
    } else if (record.status === N.READY && !this.isSatisfied(index, record)) {
      this.move(index, N.PENDING);
      if (this.isDoomed(index, this.nodes.get(index))) this.listener?.doomed(index);
    }
  }

  private isSatisfied(index: number, record: NodeRecord): boolean {
    if (this.open[index] !== 0) return false;
    const runIf = record.spec.runIf;
    if (runIf === undefined || runIf === 'allSucceeded') return this.bad[index] === 0 && this.purpose[index] === 0;
    return runIf === 'allDone' || this.degree(index) === 0 || this.goodDeps(index) > 0;
  }

  /** Tells that a node can't run any more as things stand, so that it will be skipped. */
  isDoomed(index: number, record: NodeRecord): boolean {
    const runIf = record.spec.runIf;
    if (runIf === undefined || runIf === 'allSucceeded') return this.bad[index]! > 0 || this.purpose[index]! > 0;
    return runIf === 'anySucceeded' && this.open[index] === 0 && this.degree(index) > 0 && this.goodDeps(index) === 0;
  }

  goodDeps(index: number): number {
    return this.degree(index) - this.open[index]! - this.bad[index]! - this.purpose[index]!;
  }

  degree(index: number): number {
    const deps = this.nodes.get(index).extra?.deps;
    if (deps !== undefined) return deps.length;
    const { depStart } = this.plan;
    return index < depStart.length - 1 ? depStart[index + 1]! - depStart[index]! : 0;
  }

  private usePool(pool: string, before: boolean, after: boolean): void {
    if (before !== after) this.poolUse.set(pool, (this.poolUse.get(pool) ?? 0) + (after ? 1 : -1));
  }

  private childMoved(parentId: string, by: number): void {
    const parent = this.table!.find(parentId, this.nodes.size)!;
    const left = (this.openChildren.get(parent) ?? 0) + by;
    this.openChildren.set(parent, left);
    if (left === 0) this.listener?.expanded(parent);
  }

  /** The references of a node, bound. */
  boundOf(index: number): BoundNode | undefined {
    if (this.vault !== undefined) return this.vault.bound.get(index);
    const extra = this.nodes.get(index).extra;
    return extra !== undefined && 'bound' in extra ? extra.bound : this.plan.bound.get(index);
  }

  /** A node's spec with its real inputs and item, where the log shows masked ones. */
  realSpec(index: number): BoundSpec {
    const { spec } = this.nodes.get(index);
    if (this.vault === undefined) return spec;
    const { inputs, item } = this.vault.specs.get(index) ?? this.plan.nodes[index] ?? spec;
    return { ...spec, ...(inputs !== undefined && { inputs }), ...(item !== undefined && { item }) };
  }

  /** Makes room in the derived arrays for `size` nodes. */
  reserve(size: number): void {
    if (size <= this.open.length) return;
    const room = Math.max(size, this.open.length * 2, 16);
    const grow = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(room);
      grown.set(old);
      return grown;
    };
    this.open = grow(this.open);
    this.bad = grow(this.bad);
    this.purpose = grow(this.purpose);
  }
}

export const holdsSlot = (status: number): boolean => status === N.RUNNING || status === N.STARTING;
