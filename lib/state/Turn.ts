import type { EventBody, EventHead, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { ActionLookup } from '../plan/compile.js';
import type { Plan } from '../plan/Plan.js';
import { bindNode } from '../plan/references.js';
import { apply } from './apply.js';
import type { Agenda } from './Agenda.js';
import { MASK, maskEvent } from './redact.js';
import type { RunState } from './RunState.js';

/** What the pure core may ask about the world; the same for a whole run. */
export interface World {
  readonly actions: ActionLookup;
  /** Another loaded DAG, for the built-in action `dag`. */
  readonly library: (name: string) => Plan | undefined;
  /** Whether a node runs elsewhere, and goes on when this process does not. */
  readonly isElsewhere: (spec: NodeSpec) => boolean;
  /** Whether any hook has a gate. */
  readonly gates: boolean;
}

/** Who caused the events of a turn: goes into each event's head. */
export interface Origin {
  readonly by?: string;
  readonly cause?: number;
  readonly nth?: number;
  /** The node whose event was answered. */
  readonly after?: string | undefined;
}

const NONE: never[] = [];

/** The transition in the making: events are stamped, folded and collected as they are emitted. One serves a whole run. */
export class Turn {
  events: ExecutionEvent[] = [];
  /** Nodes whose actions are to be called once this turn is published. */
  launches: number[] = [];
  at = 0;
  origin: Origin | undefined;
  /** How many more of the slots that runs share may help, after a Schedule that came to its end. */
  wants: number | undefined;
  readonly state: RunState;
  readonly agenda: Agenda;
  readonly world: World;

  constructor(state: RunState, agenda: Agenda, world: World) {
    this.state = state;
    this.agenda = agenda;
    this.world = world;
  }

  /** Begins the next transition. Time never goes back. */
  begin(at: number, origin: Origin | undefined): void {
    this.events = NONE;
    this.launches = NONE;
    this.at = Math.max(at, this.state.at);
    this.origin = origin;
    this.wants = undefined;
  }

  /** Stamps, folds and collects an event. The body is the turn's from here on: it becomes the event itself. */
  emit(body: EventBody, plan?: Plan): void {
    const { state, origin } = this;
    const { vault } = state;
    if (vault !== undefined) {
      this.keepReal(body);
      vault.lost?.hear(body);
      if (body.type === 'NodeAdded' && this.isItemHidden(body.node))
        body = { ...body, node: { ...body.node, item: MASK } };
      body = maskEvent(body, vault.test, vault.secrets);
    }
    const event = body as EventBody & { -readonly [K in keyof EventHead]: EventHead[K] } & { after?: string };
    event.seq = state.seq + 1;
    event.at = this.at;
    if (origin !== undefined) {
      if (origin.by !== undefined) event.by = origin.by;
      if (origin.cause !== undefined) event.cause = origin.cause;
      if (origin.nth !== undefined) event.nth = origin.nth;
      if (origin.after !== undefined && body.type === 'NodeAdded') event.after = origin.after;
    }
    this.collect(event);
    apply(state, event, plan);
  }

  /** Has the action of a node called, or waited for. */
  launch(index: number): void {
    if (this.launches.length === 0) this.launches = [index];
    else this.launches.push(index);
  }

  /** The frequent start, born as one literal; its action is to be called. */
  emitStarted(index: number, nodeId: string, attempt: number): void {
    this.launch(index);
    const event: ExecutionEvent = { seq: this.state.seq + 1, at: this.at, type: 'NodeStarted', nodeId, attempt };
    this.collect(event);
    apply(this.state, event, undefined, index);
  }

  /** The frequent end; the rest of `emit` only where values are masked. */
  emitSucceeded(index: number, nodeId: string, attempt: number, output: Json, durationMs: number): void {
    if (this.state.vault !== undefined)
      return this.emit({ type: 'NodeSucceeded', nodeId, attempt, output, durationMs, cached: false });
    const event: ExecutionEvent = {
      seq: this.state.seq + 1,
      at: this.at,
      type: 'NodeSucceeded',
      nodeId,
      attempt,
      output,
      durationMs,
      cached: false,
    };
    this.collect(event);
    apply(this.state, event, undefined, index);
  }

  /** A list of one has room for one, a first push makes room for 17. */
  private collect(event: ExecutionEvent): void {
    Object.freeze(event);
    if (this.events.length === 0) this.events = [event];
    else this.events.push(event);
  }

  /** Whether an item comes from a list that lies under a masked key. */
  private isItemHidden({ parent, item }: NodeSpec): boolean {
    if (item === undefined || parent === undefined) return false;
    const from = this.state.boundOf(this.state.find(parent)!)?.forEach;
    return from?.path.some((key) => this.state.vault!.test.test(String(key))) ?? false;
  }

  /** Puts the real values of an event beside the state before they are masked. */
  keepReal(body: EventBody): void {
    const { state } = this;
    const vault = state.vault!;
    if (body.type === 'NodeSucceeded') vault.outputs.set(state.find(body.nodeId)!, body.output);
    else if (body.type === 'NodeSkipped' && body.output !== undefined)
      vault.outputs.set(state.find(body.nodeId)!, body.output);
    else if (body.type === 'NodeFailed') vault.errors.set(state.find(body.nodeId)!, body.error);
    else if (body.type === 'NodeAdded' || body.type === 'NodeInputsSet') {
      const index = body.type === 'NodeAdded' ? state.nodes.size : state.find(body.nodeId)!;
      const spec = body.type === 'NodeAdded' ? body.node : { ...state.realSpec(index), inputs: body.inputs };
      vault.specs.set(index, spec);
      const { bound } = bindNode(spec, (id) => state.find(id));
      if (bound === undefined) vault.bound.delete(index);
      else vault.bound.set(index, bound);
    }
  }
}
