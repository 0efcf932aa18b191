import type { EventBody, ExecutionEvent } from '../model/ExecutionEvent.js';
import { jsonEquals, type Json } from '../model/Json.js';
import type { Plan } from '../plan/Plan.js';
import { bindNode, resolve, walk, type BoundRef } from '../plan/references.js';
import { isCut } from './branches.js';
import { isFailureNode, itemsOf, nodesOf } from './expand.js';
import { holdsMask } from './holdsMask.js';
import * as N from './NodeRecord.js';
import type { BoundSpec } from './NodeRecord.js';
import { MASK, mask, maskSecrets } from './redact.js';
import type { Lost, Vault } from './Vault.js';
import type { RunState } from './RunState.js';
import type { Turn } from './Turn.js';
import { ReferenceError, isMet, resolvable, valueOf } from './values.js';

/** A redacted value is read that is gone with the process that had it; `node` is the one whose output it was. */
class LostError extends ReferenceError {
  override readonly isLost = true;
  readonly node: number | undefined;
  constructor(message: string, node?: number) {
    super(message);
    this.node = node;
  }
}

/**
 * What a resumed run's log does not tell. Before a node reads a redacted value, the node whose output that was runs
 * again; what expansion had put into specs is worked out anew. What can't be had fails the node that reads it.
 */
export class LostValues implements Lost {
  /** Nodes whose outputs are known only as they are shown. */
  private readonly outputs = new Set<number>();
  /** Nodes whose specs are; true: by a NodeInputsSet. */
  private readonly specs = new Map<number, boolean>();
  /** Nodes that wait until another one has run again. */
  private readonly waiting = new Map<number, number[]>();
  private readonly turn: Turn;
  private readonly state: RunState;
  private readonly vault: Vault;

  /** @param plan - The run's definition, with its real values. */
  constructor(turn: Turn, plan: Plan) {
    this.turn = turn;
    this.state = turn.state;
    this.vault = turn.state.vault!;
    const { test, secrets, inputs } = this.vault;
    maskSecrets(inputs, test, secrets);
    for (const spec of plan.nodes) maskSecrets(spec.inputs, test, secrets);
  }

  recall(event: ExecutionEvent): void {
    const { state, vault } = this;
    if (event.type === 'NodeAdded') {
      if (this.isMasked(event.node as BoundSpec)) this.specs.set(state.nodes.size, false);
    } else if (event.type === 'NodeInputsSet') {
      const index = state.find(event.nodeId)!;
      if (this.isMasked({ ...state.nodes.get(index).spec, inputs: event.inputs })) this.specs.set(index, true);
      else this.specs.delete(index);
    } else if ((event.type === 'NodeSucceeded' || event.type === 'NodeSkipped') && event.output !== undefined) {
      const index = state.find(event.nodeId)!;
      if (holdsMask(event.output, vault.test)) this.outputs.add(index);
      else this.outputs.delete(index);
    }
  }

  hear(body: EventBody): void {
    const { state } = this;
    switch (body.type) {
      case 'NodeAdded': {
        const [first] = body.node.deps ?? [];
        const base = first === undefined ? undefined : state.find(first);
        if (body.node.id === `${first}.failure` && this.specs.has(base!)) this.specs.set(state.nodes.size, false);
        return;
      }
      case 'NodeInputsSet': {
        const index = state.find(body.nodeId)!;
        if (this.specs.has(index) && this.isItemMasked(state.nodes.get(index).spec)) this.specs.set(index, true);
        else this.specs.delete(index);
        return;
      }
      case 'NodeSucceeded': {
        const index = state.find(body.nodeId)!;
        this.outputs.delete(index);
        if (state.table!.children.get(index)?.some((child) => this.outputs.has(child)) === true)
          this.outputs.add(index);
        return this.release(index);
      }
      case 'NodeSkipped':
      case 'NodeFailed':
      case 'NodeCancelled': {
        const index = state.find(body.nodeId)!;
        if (body.type === 'NodeSkipped' && body.output !== undefined) this.outputs.delete(index);
        return this.release(index);
      }
      default:
    }
  }

  stands(ref: BoundRef): boolean {
    if (!this.outputs.has(ref.index)) return false;
    const { test, outputs } = this.vault;
    const value = walk(outputs.get(ref.index)!, ref);
    const isUnder = ref.path.some((key) => test.test(String(key))) || test.test(ref.path.join('.'));
    if (value !== undefined && holdsMask(value, test, isUnder))
      throw new LostError(
        `Reference "${ref.text.slice(0, 200)}" leads to a redacted value, which is gone with the process that had it.`,
        ref.index,
      );
    return N.kindOf(this.state.nodes.get(ref.index)) === N.OPEN;
  }

  lacksSpec(index: number): boolean {
    return this.specs.has(index);
  }

  findSpec(index: number): void {
    if (!this.specs.has(index)) return;
    const { state } = this;
    const { spec } = state.nodes.get(index);
    if (isFailureNode(state, index)) {
      const base = state.find(spec.deps![0]!)!;
      this.findSpec(base);
      this.keepSpec(index, {
        ...spec,
        inputs: { error: spec.inputs!['error']!, inputs: resolvable(state, base) },
      });
    } else if (spec.parent !== undefined) {
      const parent = state.find(spec.parent)!;
      this.findSpec(parent);
      const { forEach } = state.nodes.get(parent).spec;
      const found =
        forEach === undefined
          ? nodesOf(state, this.turn.world.library, parent)
          : itemsOf(state, parent, state.nodes.get(parent).spec);
      // All of them at once: the next one is sure to ask too.
      const byId = new Map(found.map((one) => [one.id, one]));
      for (const child of state.table!.children.get(parent)!) {
        const one = byId.get(state.nodes.get(child).spec.id);
        if (one !== undefined && this.specs.has(child)) this.keepSpec(child, one);
      }
    }
    if (this.specs.has(index))
      throw new LostError(
        `Node "${spec.id.slice(0, 200)}" was given redacted inputs, which are gone with the process that had them.`,
      );
  }

  holdsBack(index: number): boolean {
    const { state } = this;
    const missing = this.missing(index);
    if (missing.size === 0) return false;
    for (const at of missing) if (!this.canRunAgain(at)) return false;
    for (const at of missing) {
      if (N.kindOf(state.nodes.get(at)) !== N.OPEN) this.runAgain(at);
      const waiting = this.waiting.get(at);
      if (waiting === undefined) this.waiting.set(at, [index]);
      else waiting.push(index);
    }
    return true;
  }

  /** The nodes that must run again before this one can read all that it is about to read. */
  private missing(index: number): ReadonlySet<number> {
    const { state } = this;
    const { spec, status } = state.nodes.get(index);
    const missing = new Set<number>();
    const tried = (read: () => unknown): boolean => {
      try {
        return read() !== false;
      } catch (error) {
        if (error instanceof LostError && error.node !== undefined) missing.add(error.node);
        return false;
      }
    };
    if (spec.when !== undefined && status === N.READY && !tried(() => isMet(state, index))) return missing;
    tried(() => this.findSpec(index));
    const bound = state.boundOf(index);
    if (missing.size > 0 || bound === undefined) return missing;
    if (bound.forEach !== undefined) tried(() => valueOf(state, bound.forEach!));
    else if (bound.inputs !== undefined)
      // A person is asked with masked values anyway; only the default is read.
      resolve(spec.action === 'human.input' ? (bound.inputs['default'] ?? null) : bound.inputs, (ref) => {
        tried(() => valueOf(state, ref));
        return null;
      });
    return missing;
  }

  private canRunAgain(index: number): boolean {
    const { state } = this;
    const record = state.nodes.get(index);
    if (N.kindOf(record) !== N.OPEN && (record.status !== N.SUCCEEDED || isCut(state, index))) return false;
    const { parent } = record.spec;
    return parent === undefined || this.isAlive(state.find(parent)!);
  }

  private isAlive(index: number): boolean {
    const { status } = this.state.nodes.get(index);
    return status === N.WAITING || (status === N.SUCCEEDED && this.canRunAgain(index));
  }

  /** Lets a succeeded node run again: its parents wait again, and of what it was expanded into runs what is lost. */
  private runAgain(index: number): void {
    const { state, turn } = this;
    const again = (at: number): void => {
      const { spec, extra } = state.nodes.get(at);
      turn.emit({ type: 'NodeRetried', nodeId: spec.id, revived: Object.freeze([]) });
      if (state.table!.children.has(at) && extra?.waitingOn !== undefined)
        turn.emit({ type: 'NodeWaiting', nodeId: spec.id, on: extra.waitingOn });
    };
    const parents: number[] = [];
    for (let { parent } = state.nodes.get(index).spec; parent !== undefined;) {
      const up = state.find(parent)!;
      if (state.nodes.get(up).status === N.SUCCEEDED) parents.unshift(up);
      ({ parent } = state.nodes.get(up).spec);
    }
    for (const up of parents) again(up);
    const work = [index];
    for (const at of work) {
      again(at);
      for (const child of state.table!.children.get(at) ?? [])
        if (this.outputs.has(child) && state.nodes.get(child).status === N.SUCCEEDED) work.push(child);
    }
  }

  /** What waited for a node looks again. */
  private release(index: number): void {
    const waiting = this.waiting.get(index);
    this.waiting.delete(index);
    waiting?.forEach((at) => this.turn.agenda.ready(at));
  }

  /** Takes a spec that was worked out anew, if it is the one that the log shows. */
  private keepSpec(index: number, found: BoundSpec): void {
    const { state, vault } = this;
    const { test } = vault;
    const shown = state.nodes.get(index).spec;
    const isSet = this.specs.get(index) === true;
    const inputs = isSet ? state.realSpec(index).inputs : found.inputs;
    if (isSet ? holdsMask(inputs, test) : !isSame(mask(inputs, test), shown.inputs)) return;
    if (shown.item !== MASK && !isSame(mask(found.item, test), shown.item)) return;
    const spec: BoundSpec = {
      ...shown,
      ...(inputs === undefined ? {} : { inputs }),
      ...(found.item === undefined ? {} : { item: found.item }),
    };
    this.specs.delete(index);
    vault.specs.set(index, spec);
    maskSecrets(inputs, test, vault.secrets);
    const { bound } = bindNode(spec, (id) => state.find(id));
    if (bound === undefined) vault.bound.delete(index);
    else vault.bound.set(index, bound);
  }

  private isMasked(spec: BoundSpec): boolean {
    return holdsMask(spec.inputs, this.vault.test) || this.isItemMasked(spec);
  }

  private isItemMasked({ item }: BoundSpec): boolean {
    return item === MASK || holdsMask(item, this.vault.test);
  }
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : jsonEquals(a as Json, b as Json);
