import type { NodeSpec } from '../../model/NodeSpec.js';
import { looks } from '../theme/looks.js';
import { alike } from './alike.js';
import { inLayers } from './inLayers.js';
import type { Links } from './Links.js';
import type { NodeKinds } from './NodeKinds.js';
import { sameNames } from './sameNames.js';

/**
 * By what nodes are put together. 'auto': the parts of fan-outs and sub-DAGs, and many nodes that are alike; where that
 * leaves too much of a huge graph, layers.
 */
export type Grouping = 'auto' | 'branch' | 'prefix' | 'none';

/** Nodes that can be folded to one box. */
export interface Group {
  readonly key: string;
  readonly label: string;
  readonly kind: 'expansion' | 'siblings' | 'branch' | 'prefix' | 'layer';
  /** Indexes of nodes; of an expansion its parent first. */
  readonly members: Int32Array;
  readonly isOpen: boolean;
  /** How many members have each look at the moment that is shown. */
  readonly counts: Int32Array;
}

/** How many nodes a group holds at the moment that is shown, without the one that heads it. */
export const sizeOf = ({ counts }: Group): number => counts.reduce((sum, count) => sum + count, 0);

/** What groups are made from. */
export interface GroupedNodes {
  readonly size: number;
  readonly links: Links;
  readonly kinds: NodeKinds;
  specOf(index: number): NodeSpec;
  idOf(index: number): string;
}

/** Nodes in sets, before it is known which of them are groups. */
export interface Sets {
  /** Node → the number of its set, or -1. */
  readonly numberOf: Int32Array;
  /** Set → its first node. */
  readonly firsts: Int32Array;
  /** The node that heads the set of which this is the first node, or -1. */
  headOf(first: number): number;
  /** What the set of which this is the first node would be called as a group. */
  name(first: number): Pick<Group, 'key' | 'label' | 'kind'>;
}

/** More nodes than this that are alike, or more parts than this, are folded from the start. */
const OPEN_MAX = 20;
/** With more nodes than this, groups by branch or prefix are folded from the start. */
const SPREAD_MAX = 200;
/** Of a graph with more nodes than the first, at most so many boxes as the second are a picture. */
const HUGE = 100_000;
const BOXES_MAX = 2_000;

/** All groups of a run, and to which of them each node belongs: -1 for none. A parent heads its group and belongs to the one above. */
export interface Grouped {
  readonly groups: readonly Group[];
  readonly groupOf: Int32Array;
  /** Per node the group that it heads, or -1. */
  readonly heads: Int32Array;
  /** The counts of all groups, one after the other. */
  readonly counts: Int32Array;
}

/** Puts nodes together; `wishes` holds which groups somebody has opened or folded, by key. */
export const groupsOf = (nodes: GroupedNodes, by: Grouping, wishes: ReadonlyMap<string, boolean>): Grouped => {
  if (by === 'none') return made(nodes, noSets(nodes.size), wishes);
  if (by !== 'auto') return made(nodes, sameNames(nodes, by), wishes);
  const sets = alike(nodes, OPEN_MAX);
  return made(nodes, nodes.size > HUGE && boxes(nodes, sets) > BOXES_MAX ? inLayers(nodes) : sets, wishes);
};

const noSets = (size: number): Sets => ({
  numberOf: new Int32Array(size).fill(-1),
  firsts: new Int32Array(0),
  headOf: () => -1,
  name: () => ({ key: '', label: '', kind: 'siblings' }),
});

/** How many boxes there are as long as nobody opens or folds any. */
const boxes = ({ size }: GroupedNodes, sets: Sets): number => {
  let count = size;
  for (const members of sizesOf(sets)) if (members > OPEN_MAX) count -= members - 1;
  return count;
};

const sizesOf = ({ numberOf, firsts }: Sets): Int32Array => {
  const sizes = new Int32Array(firsts.length);
  for (let index = 0; index < numberOf.length; index++) if (numberOf[index]! >= 0) sizes[numberOf[index]!]!++;
  return sizes;
};

const made = ({ size }: GroupedNodes, sets: Sets, wishes: ReadonlyMap<string, boolean>): Grouped => {
  const { numberOf, firsts } = sets;
  const groupOf = new Int32Array(size).fill(-1);
  const heads = new Int32Array(size).fill(-1);
  const groups: Omit<Group, 'counts'>[] = [];
  /** Set → its group, or -1. */
  const groupOfSet = new Int32Array(firsts.length).fill(-1);
  /** Group → how many of its members are in their places. */
  const filled: number[] = [];
  sizesOf(sets).forEach((count, set) => {
    const head = sets.headOf(firsts[set]!);
    if (count < 2 && head < 0) return;
    const { key, label, kind } = sets.name(firsts[set]!);
    if (kind === 'siblings' && count <= OPEN_MAX) return;
    const isSmall = kind === 'expansion' ? count <= OPEN_MAX : kind !== 'siblings' && size <= SPREAD_MAX;
    const own = head < 0 ? 0 : 1;
    const members = new Int32Array(count + own);
    if (head >= 0) members[0] = head;
    if (head >= 0) heads[head] = groups.length;
    groupOfSet[set] = groups.length;
    filled.push(own);
    groups.push({
      key,
      label: kind === 'siblings' ? `${label} × ${count}` : label,
      kind,
      members,
      isOpen: wishes.get(key) ?? isSmall,
    });
  });
  for (let index = 0; index < size; index++) {
    const group = numberOf[index]! < 0 ? -1 : groupOfSet[numberOf[index]!]!;
    groupOf[index] = group;
    if (group >= 0) groups[group]!.members[filled[group]!++] = index;
  }
  const counts = new Int32Array(groups.length * looks.length);
  return {
    groups: groups.map((group, nth) => ({
      ...group,
      counts: counts.subarray(nth * looks.length, (nth + 1) * looks.length),
    })),
    groupOf,
    heads,
    counts,
  };
};
