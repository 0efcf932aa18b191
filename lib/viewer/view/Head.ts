import type { EventOf, ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { NodeSpec } from '../../model/NodeSpec.js';
import { isKnownType } from '../../model/UnknownEvents.js';
import type { Plan } from '../../plan/Plan.js';
import { loggedPlan } from '../../plan/loggedPlan.js';
import { depsOf, outsOf } from '../../state/adjacency.js';
import { apply } from '../../state/apply.js';
import { firstNodes } from '../../state/begin.js';
import { REMOVED, RETRYING } from '../../state/NodeRecord.js';
import { NodeRecords } from '../../state/NodeRecords.js';
import { AttemptLog } from './Attempts.js';
import { EventLog } from './EventLog.js';
import { HeadState } from './HeadState.js';
import { linksOf, type Links } from './Links.js';
import { NodeKinds } from './NodeKinds.js';

/** So many nodes are made between two pauses. */
const STRIDE = 8_192;

/** What an event means to those who draw: only nodes that it touches, the look of many, or nodes and edges themselves. */
const REACH: ReadonlyMap<ExecutionEvent['type'], 'looks' | 'structure'> = new Map([
  ['NodeAdded', 'structure'],
  ['NodeRemoved', 'structure'],
  ['DependencyAdded', 'structure'],
  ['RunPaused', 'looks'],
  ['RunResumed', 'looks'],
  ['RunRecovered', 'looks'],
  ['RunSettled', 'looks'],
  ['BranchPaused', 'looks'],
  ['BranchResumed', 'looks'],
  ['BranchCancelled', 'looks'],
]);

/** A run as far as its log is known: the log, the state after it, and all attempts. */
export class Head {
  readonly state = new HeadState();
  readonly log = new EventLog(this);
  readonly attempts = new AttemptLog();
  readonly kinds = new NodeKinds();
  plan: Plan | undefined;
  startedAt = 0;
  isOver = false;
  /** Whether since the last look nodes or edges have changed, or the looks of more nodes than were touched. */
  structure = false;
  allLooks = false;
  /** What was asked for of nodes and edges, until they change. */
  #links: Links | undefined;
  #deps: (readonly number[])[] = [];
  #outs: (readonly number[])[] = [];

  /** How many nodes it knows, removed ones included. */
  get size(): number {
    return this.state.nodes.size;
  }

  /** Begins a run, which takes long where it has very many nodes: pauses after some thousand of them each. */
  *begin(event: EventOf<'RunStarted'>): Generator<undefined, void> {
    const { state } = this;
    const plan = yield* loggedPlan(event.definition);
    const nodes = new NodeRecords();
    const { length } = plan.nodes;
    this.kinds.reserve(length);
    for (let from = 0; from < length; from = nodes.size) {
      firstNodes(nodes, event, plan, state.owner, Math.min(length, from + STRIDE));
      for (let index = from; index < nodes.size; index++) {
        const spec = plan.nodes[index]!;
        this.kinds.add(index, spec, spec.parent === undefined ? undefined : plan.indexOf.get(spec.parent));
      }
      yield;
    }
    apply(state, event, plan, undefined, nodes);
    this.plan = plan;
    this.startedAt = event.at;
    for (let index = 0; index < this.size; index++) if (state.open[index] === 0) state.readyAt[index] = event.at;
    this.#changed();
    this.log.add(event);
  }

  /** Folds the event that follows. Throws for one that can't. */
  take(event: ExecutionEvent): void {
    if (event.type === 'RunStarted') {
      for (const _ of this.begin(event));
      return;
    }
    const { state } = this;
    if (this.plan === undefined) throw new TypeError('The log does not begin with RunStarted.');
    const id = 'nodeId' in event ? event.nodeId : undefined;
    const index = id === undefined ? -1 : (state.find(id) ?? -1);
    if (id !== undefined && index < 0 && isKnownType(event.type))
      throw new TypeError(`Event ${event.seq} tells of a node that is not there.`);
    const before = index < 0 ? undefined : state.nodes.get(index);
    const retryAt = before?.status === RETRYING ? (before.extra?.retryAt ?? 0) : 0;
    if (event.type !== 'NodeInterrupted') this.attempts.lost(event.type === 'RunRecovered' ? state.at : undefined);
    apply(state, event, this.plan, index < 0 ? undefined : index);
    if (event.type === 'NodeAdded') this.#added(this.size - 1, event.node);
    else if (event.type === 'RunSettled') this.isOver = true;
    if (index >= 0) this.attempts.hear(event, index, state, retryAt);
    const reach = REACH.get(event.type);
    if (reach === 'structure') this.#changed();
    else if (reach !== undefined) this.allLooks = true;
    this.log.add(event);
  }

  /** Who waits for whom. */
  get links(): Links {
    return (this.#links ??= linksOf(this.state));
  }

  idOf(index: number): string {
    return this.state.nodes.get(index).spec.id;
  }

  /** The index of the node that bears this id, or bore it last. */
  indexOf(id: string): number | undefined {
    return this.state.table?.find(id, this.size);
  }

  specOf(index: number): NodeSpec {
    return this.state.nodes.get(index).spec;
  }

  isRemoved(index: number): boolean {
    return this.state.nodes.get(index).status === REMOVED;
  }

  depsOf(index: number): readonly number[] {
    return (this.#deps[index] ??= index < this.size ? Array.from(depsOf(this.state, index)) : []);
  }

  outsOf(index: number): readonly number[] {
    return (this.#outs[index] ??= index < this.size ? outsOf(this.state, index) : []);
  }

  #added(index: number, spec: NodeSpec): void {
    this.state.touch(index);
    this.kinds.add(index, spec, spec.parent === undefined ? undefined : this.indexOf(spec.parent));
  }

  #changed(): void {
    this.allLooks = this.structure = true;
    this.#links = undefined;
    this.#deps = [];
    this.#outs = [];
  }
}
