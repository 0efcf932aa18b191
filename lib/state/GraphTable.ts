import type { Plan } from '../plan/Plan.js';
import { expansionBases } from '../plan/checkId.js';
import type { BoundSpec } from './NodeRecord.js';

/**
 * What a run knows about ids, labels and children. It only grows, so every snapshot of a run shares one table and looks
 * no further than its own number of nodes.
 */
export class GraphTable {
  readonly plan: Plan;
  /** How many nodes it knows, removed ones included. */
  private size: number;
  /** Ids of nodes added later. */
  readonly added = new Map<string, number>();
  /** Where an id was used again after a removal: the index that it had before. */
  readonly shadowed = new Map<number, number>();
  readonly labels = new Map<string, number[]>();
  readonly children = new Map<number, number[]>();
  /** Ids under which an expansion would put its own nodes, with an id that stands there; made on first use. */
  taken: Map<string, string> | undefined;

  constructor(plan: Plan) {
    this.plan = plan;
    this.size = plan.depStart.length - 1;
    for (const [label, members] of plan.labels) this.labels.set(label, members.slice());
  }

  /** The index of an id among the first `size` nodes. */
  find(id: string, size: number): number | undefined {
    let index = this.added.get(id) ?? this.plan.indexOf.get(id);
    while (index !== undefined && index >= size) index = this.shadowed.get(index);
    return index;
  }

  /** Takes a node in; one that it knows, because a past is looked at again, is left as it is. */
  add(spec: BoundSpec, index: number): void {
    if (index < this.size) return;
    this.size = index + 1;
    const before = this.added.get(spec.id) ?? this.plan.indexOf.get(spec.id);
    if (before !== undefined) this.shadowed.set(index, before);
    this.added.set(spec.id, index);
    if (this.taken !== undefined) this.take(spec.id);
    if (spec.branch !== undefined) this.label(spec.branch, index);
    if (spec.parent !== undefined) {
      const parent = this.find(spec.parent, index)!;
      const siblings = this.children.get(parent);
      if (siblings === undefined) this.children.set(parent, [index]);
      else siblings.push(index);
    }
  }

  /** Notes under which nodes this id would be reserved. */
  take(id: string): void {
    for (const { base, kind } of expansionBases(id)) this.taken!.set(`${kind} ${base}`, id);
  }

  private label(label: string, index: number): void {
    const members = this.labels.get(label);
    if (members === undefined) this.labels.set(label, [index]);
    else members.push(index);
  }
}
