import type { NodeSpec } from '../../model/NodeSpec.js';
import { looks } from '../theme/looks.js';

/** By what nodes are put together. 'auto': the parts of fan-outs and sub-DAGs, and many nodes that are alike. */
export type Grouping = 'auto' | 'branch' | 'prefix' | 'none';

/** Nodes that can be folded to one box. */
export interface Group {
  readonly key: string;
  readonly label: string;
  readonly kind: 'expansion' | 'siblings' | 'branch' | 'prefix';
  /** Indexes of nodes; of an expansion its parent first. */
  readonly members: readonly number[];
  readonly isOpen: boolean;
  /** How many members have each look at the moment that is shown. */
  readonly counts: Int32Array;
}

/** What groups are made from. */
export interface GroupedNodes {
  readonly size: number;
  specOf(index: number): NodeSpec;
  idOf(index: number): string;
  indexOf(id: string): number | undefined;
  depsOf(index: number): readonly number[];
}

/** More nodes than this that are alike, or more parts than this, are folded from the start. */
const OPEN_MAX = 20;
/** A node with more dependencies is like no other. */
const ALIKE_DEPS_MAX = 2;
/** More than any index. */
const INDEX_END = 2 ** 26;
/** With more nodes than this, groups by branch or prefix are folded from the start. */
const SPREAD_MAX = 200;

/** All groups of a run, and to which of them each node belongs: -1 for none. A parent heads its group and belongs to the one above. */
export interface Grouped {
  readonly groups: readonly Group[];
  readonly groupOf: Int32Array;
  /** Per node the group that it heads, or -1. */
  readonly heads: Int32Array;
}

/** Puts nodes together; `wishes` holds which groups somebody has opened or folded, by key. */
export const groupsOf = (nodes: GroupedNodes, by: Grouping, wishes: ReadonlyMap<string, boolean>): Grouped => {
  const groupOf = new Int32Array(nodes.size).fill(-1);
  const heads = new Int32Array(nodes.size).fill(-1);
  const groups: Group[] = [];
  if (by === 'none') return { groups, groupOf, heads };
  for (const { members, ...named } of by === 'auto' ? alikes(nodes) : sameNames(nodes, by)) {
    const isExpansion = named.kind === 'expansion';
    if (named.kind === 'siblings' ? members.length <= OPEN_MAX : members.length < 2) continue;
    const isSmall = isExpansion
      ? members.length <= OPEN_MAX + 1
      : named.kind !== 'siblings' && nodes.size <= SPREAD_MAX;
    const number = groups.length;
    groups.push({
      ...named,
      label: named.kind === 'siblings' ? `${named.label} × ${members.length}` : named.label,
      members,
      isOpen: wishes.get(named.key) ?? isSmall,
      counts: new Int32Array(looks.length),
    });
    members.forEach((index, i) => {
      if (isExpansion && i === 0) heads[index] = number;
      else groupOf[index] = number;
    });
  }
  return { groups, groupOf, heads };
};

type Found = Pick<Group, 'key' | 'label' | 'kind'> & { readonly members: number[] };

/** The parts of each expansion, and nodes of one action that wait for the same one or two, or for none. */
const alikes = (nodes: GroupedNodes): Iterable<Found> => {
  const expansions = new Map<number, Found>();
  const actions = new Map<string, Map<number, Found>>();
  for (let index = 0; index < nodes.size; index++) {
    const { parent: parentId, action } = nodes.specOf(index);
    const parent = parentId === undefined ? undefined : nodes.indexOf(parentId);
    if (parent !== undefined) {
      const found = expansions.get(parent);
      if (found === undefined)
        expansions.set(parent, {
          key: `e${parent}`,
          label: nodes.idOf(parent),
          kind: 'expansion',
          members: [parent, index],
        });
      else found.members.push(index);
      continue;
    }
    const deps = nodes.depsOf(index);
    if (deps.length > ALIKE_DEPS_MAX) continue;
    const key = ((deps[0] ?? -1) + 1) * INDEX_END + (deps[1] ?? -1) + 1;
    let alike = actions.get(action);
    if (alike === undefined) actions.set(action, (alike = new Map()));
    const found = alike.get(key);
    if (found === undefined)
      alike.set(key, { key: `s${key} ${action}`, label: action, kind: 'siblings', members: [index] });
    else found.members.push(index);
  }
  return [...expansions.values(), ...[...actions.values()].flatMap((alike) => [...alike.values()])];
};

/** Nodes of one branch, or whose ids begin alike. The parts of an expansion go with their ids and branches, too. */
const sameNames = (nodes: GroupedNodes, by: 'branch' | 'prefix'): Iterable<Found> => {
  const found = new Map<string, Found>();
  for (let index = 0; index < nodes.size; index++) {
    const label =
      by === 'branch'
        ? nodes.specOf(index).branch
        : /^(.+)[/.:_-][^/.:_-]*$/su.exec(nodes.idOf(index).slice(0, 200))?.[1];
    if (label === undefined) continue;
    const group = found.get(label);
    if (group === undefined) found.set(label, { key: `${by} ${label}`, label, kind: by, members: [index] });
    else group.members.push(index);
  }
  return found.values();
};
