import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { NodeSpec } from '../../model/NodeSpec.js';
import { isKnownType } from '../../model/UnknownEvents.js';
import type { Plan } from '../../plan/Plan.js';
import { planOf } from '../../plan/planOf.js';
import { depsOf, outsOf } from '../../state/adjacency.js';
import { apply } from '../../state/apply.js';
import { READY, REMOVED, RETRYING } from '../../state/NodeRecord.js';
import { AttemptLog } from './Attempts.js';
import { EventLog } from './EventLog.js';
import { HeadState } from './HeadState.js';

/** What an event means to those who draw: only nodes that it touches, the look of many, or nodes and edges themselves. */
const REACH: ReadonlyMap<ExecutionEvent['type'], 'looks' | 'structure'> = new Map([
  ['RunStarted', 'structure'],
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
  plan: Plan | undefined;
  startedAt = 0;
  isOver = false;
  /** Whether since the last look nodes or edges have changed, or the looks of more nodes than were touched. */
  structure = false;
  allLooks = false;
  /** Neighbours that were asked for, until edges change. */
  #deps: (readonly number[])[] = [];
  #outs: (readonly number[])[] = [];

  /** How many nodes it knows, removed ones included. */
  get size(): number {
    return this.state.nodes.size;
  }

  /** Folds the event that follows. Throws for one that can't. */
  take(event: ExecutionEvent): void {
    const { state } = this;
    if (event.type === 'RunStarted') {
      this.plan = planOf(event.definition, event.config);
      this.startedAt = event.at;
    } else if (this.plan === undefined) throw new TypeError('The log does not begin with RunStarted.');
    const id = 'nodeId' in event ? event.nodeId : undefined;
    const index = id === undefined ? -1 : (state.find(id) ?? -1);
    if (id !== undefined && index < 0 && isKnownType(event.type))
      throw new TypeError(`Event ${event.seq} tells of a node that is not there.`);
    const before = index < 0 ? undefined : state.nodes.get(index);
    const retryAt = before?.status === RETRYING ? (before.extra?.retryAt ?? 0) : 0;
    apply(state, event, this.plan, index < 0 ? undefined : index);
    if (event.type === 'RunStarted') this.#begun(event.at);
    else if (event.type === 'NodeAdded') state.touch(this.size - 1);
    else if (event.type === 'RunSettled') this.isOver = true;
    if (index >= 0) this.attempts.hear(event, index, state, retryAt);
    const reach = REACH.get(event.type);
    if (reach !== undefined) {
      this.allLooks = true;
      if (reach === 'structure') {
        this.structure = true;
        this.#deps = [];
        this.#outs = [];
      }
    }
    this.log.add(event);
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

  #begun(at: number): void {
    const { state } = this;
    state.reserve(this.size);
    for (let index = 0; index < this.size; index++)
      if (state.nodes.get(index).status === READY) state.readyAt[index] = at;
  }
}
