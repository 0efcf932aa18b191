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
const ALIKE_DEPS_MAX = 8;
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
  const found = new Map<string, Omit<Group, 'counts' | 'isOpen' | 'members'> & { members: number[] }>();
  for (let index = 0; index < nodes.size; index++) {
    const spec = nodes.specOf(index);
    const parent = spec.parent === undefined ? undefined : nodes.indexOf(spec.parent);
    const named = parent === undefined ? nameOf(nodes, index, spec, by) : expansionOf(nodes, parent);
    if (named === undefined) continue;
    const group = found.get(named.key);
    if (group === undefined)
      found.set(named.key, { ...named, members: parent === undefined ? [index] : [parent, index] });
    else group.members.push(index);
  }
  for (const { members, ...named } of found.values()) {
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

type Named = Pick<Group, 'key' | 'label' | 'kind'>;

const expansionOf = (nodes: GroupedNodes, parent: number): Named => ({
  key: `e${parent}`,
  label: nodes.idOf(parent),
  kind: 'expansion',
});

const nameOf = (nodes: GroupedNodes, index: number, spec: NodeSpec, by: Grouping): Named | undefined => {
  if (by === 'branch')
    return spec.branch === undefined ? undefined : { key: `b${spec.branch}`, label: spec.branch, kind: 'branch' };
  if (by === 'prefix') {
    const prefix = /^(.+)[/.:_-][^/.:_-]*$/su.exec(nodes.idOf(index).slice(0, 200))?.[1];
    return prefix === undefined ? undefined : { key: `p${prefix}`, label: prefix, kind: 'prefix' };
  }
  const deps = nodes.depsOf(index);
  if (deps.length > ALIKE_DEPS_MAX) return undefined;
  return { key: `s${spec.action}\n${deps.join(',')}`, label: spec.action, kind: 'siblings' };
};
