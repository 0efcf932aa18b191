import type { BranchState, ExecutionMetrics, ExecutorSnapshot, NodeState, Waiting } from '../model/ExecutorSnapshot.js';
import { toJson, type Json } from '../model/Json.js';
import { nodeStatuses, type NodeStatus, type RunStatus } from '../model/Status.js';
import type { UnknownEvents } from '../model/UnknownEvents.js';
import { depsOf, outsOf } from './adjacency.js';
import { find, graphOf, type Frame, type Inner } from './Inner.js';
import * as N from './NodeRecord.js';
import type { RunState } from './RunState.js';
import { newOwner } from './Vector.js';
import { whyNotStarted } from './whyNotStarted.js';

/** The state after one transition, as others see it. Shares its chunks with the working state and with other snapshots. */
export class Snapshot implements ExecutorSnapshot {
  readonly seq: number;
  readonly at: number;
  readonly status: RunStatus;
  readonly maxParallelNodes: number;
  /** What the views below are made from. Internal. */
  readonly inner: Inner;

  constructor(state: RunState) {
    this.seq = state.seq;
    this.at = state.at;
    this.status = state.status;
    this.maxParallelNodes = state.maxParallelNodes;
    this.inner = {
      frame: (state.frame ??= frameOf(state)),
      nodes: state.nodes.share(),
      tallies: state.counts.slice(),
      retries: state.retries,
      cacheHits: state.cacheHits,
      runningMs: state.runningMs,
    };
    Object.freeze(this);
  }

  get runId(): string {
    return this.inner.frame.runId;
  }

  get dagName(): string {
    return this.inner.frame.dagName;
  }

  get unknownEvents(): UnknownEvents | undefined {
    return this.inner.frame.unknown;
  }

  get counts(): Readonly<Record<NodeStatus, number>> {
    const [pending, ready, starting, running, waiting, retrying, succeeded, failed, skipped, cancelled] = this.inner
      .tallies as [number, number, number, number, number, number, number, number, number, number];
    return { pending, ready, starting, running, waiting, retrying, succeeded, failed, skipped, cancelled };
  }

  get metrics(): ExecutionMetrics {
    const { tallies, retries, cacheHits, runningMs, frame } = this.inner;
    return {
      nodesTotal: tallies.reduce((sum, n, code) => (code === N.REMOVED ? sum : sum + n), 0),
      nodesSucceeded: tallies[N.SUCCEEDED]!,
      nodesFailed: tallies[N.FAILED]!,
      nodesSkipped: tallies[N.SKIPPED]!,
      nodesCancelled: tallies[N.CANCELLED]!,
      retries,
      cacheHits,
      runningMs,
      custom: frame.custom,
    };
  }

  node(id: string): NodeState | undefined {
    const index = find(this.inner, id);
    return index === undefined ? undefined : new NodeView(this.inner, index);
  }

  *nodes(): Iterable<NodeState> {
    const { nodes } = this.inner;
    for (let index = 0; index < nodes.size; index++)
      if (nodes.get(index).status !== N.REMOVED) yield new NodeView(this.inner, index);
  }

  branch(id: string): BranchState | undefined {
    const { branches, branchIndex } = this.inner.frame;
    const named = branchIndex.get(id);
    const record = named === undefined || named >= branches.size ? undefined : branches.get(named);
    const members = branchMembers(this.inner, id);
    if (record === undefined && members.length === 0) return undefined;
    const over = members.every((index) => N.kindOf(this.inner.nodes.get(index)) !== N.OPEN);
    return Object.freeze({
      id,
      status: record !== undefined && record.status !== 'running' ? record.status : over ? 'completed' : 'running',
      ...(record?.reason === undefined ? {} : { reason: record.reason }),
      ...(record === undefined ? {} : { since: record.since }),
    });
  }

  *branches(): Iterable<BranchState> {
    const { table, branches } = this.inner.frame;
    const ids = new Set(table?.labels.keys());
    for (let i = 0; i < branches.size; i++) ids.add(branches.get(i).id);
    for (const id of ids) {
      const branch = this.branch(id);
      if (branch !== undefined) yield branch;
    }
  }

  whyNotStarted(id: string): Waiting | undefined {
    const index = find(this.inner, id);
    return index === undefined ? undefined : whyNotStarted(this, index);
  }

  /** What console.log shows in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): Json {
    return this.toJSON();
  }

  toJSON(): Json {
    const { frame } = this.inner;
    const nodes: Json[] = [];
    for (const node of this.nodes()) nodes.push((node as NodeView).toJSON());
    const branches: Json[] = [];
    for (let i = 0; i < frame.branches.size; i++) branches.push(plain(frame.branches.get(i)));
    return {
      seq: this.seq,
      at: this.at,
      runId: this.runId,
      dagName: this.dagName,
      status: this.status,
      maxParallelNodes: this.maxParallelNodes,
      counts: this.counts,
      metrics: toJson(this.metrics),
      inputs: frame.inputs,
      ...(frame.cancelling === undefined ? {} : { cancelling: frame.cancelling }),
      ...(frame.success === undefined ? {} : { success: frame.success }),
      ...(frame.error === undefined ? {} : { error: frame.error }),
      branches,
      nodes,
    };
  }
}

const frameOf = (state: RunState): Frame => ({
  runId: state.runId,
  dagName: state.dagName,
  state,
  table: state.table,
  branches: state.branches.share(),
  branchIndex: state.branchIndex,
  custom: state.custom,
  config: state.config,
  inputs: state.inputs,
  startedAt: state.startedAt,
  endedAt: state.endedAt,
  success: state.success,
  error: state.error,
  cancelling: state.cancelling,
  pauseReason: state.pauseReason,
  unknown: state.unknown,
  iterations: state.iterations,
  quiet: state.quiet,
});

/** Hands out the present state. From here on the working state copies what it changes. */
export const capture = (state: RunState): Snapshot => {
  const snapshot = new Snapshot(state);
  state.owner = newOwner();
  return snapshot;
};

/** The same state with another note of who holds a node's dependants back: no event tells of that, so none makes a snapshot. */
export const withHolders = (snapshot: Snapshot, index: number, heldBy: readonly string[] | undefined): Snapshot => {
  const nodes = snapshot.inner.nodes.share();
  const owner = newOwner();
  const record = nodes.get(index);
  nodes.set(index, { ...record, owner, extra: { ...record.extra, heldBy } }, owner);
  const copy = Object.create(Snapshot.prototype) as Snapshot;
  return Object.freeze(Object.assign(copy, snapshot, { inner: { ...snapshot.inner, nodes } }));
};

const branchMembers = (inner: Inner, id: string): readonly number[] => {
  const { table } = inner.frame;
  if (table === undefined) return [];
  const alive = (index: number): boolean => index < inner.nodes.size && inner.nodes.get(index).status !== N.REMOVED;
  const members = new Set<number>((table.labels.get(id) ?? []).filter(alive));
  const root = find(inner, id);
  const work = [...members];
  const closed = new Set<number>();
  if (root !== undefined) {
    work.push(root);
    closed.add(root);
  }
  const graph = graphOf(inner);
  while (work.length > 0) {
    const index = work.pop()!;
    members.add(index);
    const next = (table.children.get(index) ?? []).concat(closed.has(index) ? outsOf(graph, index) : []);
    for (const n of next) {
      if (!alive(n) || closed.has(n) || (!closed.has(index) && members.has(n))) continue;
      if (closed.has(index)) closed.add(n);
      work.push(n);
    }
  }
  return [...members];
};

/** One node of a snapshot; its lists are made when they are read. */
class NodeView implements NodeState {
  readonly id: string;
  readonly nodeId: string;
  readonly action: string;
  readonly status: NodeStatus;
  readonly attempt: number;
  readonly cached: boolean;
  readonly spec: N.BoundSpec;
  declare readonly branch?: string;
  declare readonly startedAt?: number;
  declare readonly endedAt?: number;
  declare readonly output?: Json;
  declare readonly error?: NonNullable<NodeState['error']>;
  declare readonly progress?: Json;
  declare readonly becauseOf?: string;
  readonly #inner: Inner;
  readonly #index: number;

  constructor(inner: Inner, index: number) {
    const { spec, status, attempt, startedAt, endedAt, output, extra } = inner.nodes.get(index);
    this.#inner = inner;
    this.#index = index;
    this.id = this.nodeId = spec.id;
    this.action = spec.action;
    this.status = nodeStatuses[status]!;
    this.attempt = attempt;
    this.cached = extra?.cached === true;
    this.spec = spec;
    if (spec.branch !== undefined) this.branch = spec.branch;
    if (startedAt !== undefined) this.startedAt = startedAt;
    if (endedAt !== undefined) this.endedAt = endedAt;
    if (output !== undefined) this.output = output;
    if (extra?.error !== undefined) this.error = extra.error;
    if (extra?.progress !== undefined) this.progress = extra.progress;
    if (extra?.becauseOf !== undefined) this.becauseOf = extra.becauseOf;
    Object.freeze(this);
  }

  get deps(): readonly string[] {
    const { nodes } = this.#inner;
    return Array.from(depsOf(graphOf(this.#inner), this.#index), (i) => nodes.get(i).spec.id);
  }

  get dependents(): readonly string[] {
    const { nodes } = this.#inner;
    const ids: string[] = [];
    for (const i of outsOf(graphOf(this.#inner), this.#index))
      if (nodes.get(i).status !== N.REMOVED) ids.push(nodes.get(i).spec.id);
    return ids;
  }

  toJSON(): Json {
    return plain(Object.assign({}, this, { deps: this.deps, dependents: this.dependents }));
  }
}

const plain = (value: object): Json => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
