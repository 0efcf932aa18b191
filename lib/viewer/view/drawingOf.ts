import { GONE, isFine } from '../theme/looks.js';
import type { Grouped, GroupedNodes } from './Groups.js';

/** What the graph draws: nodes, and groups that are folded to one box each. */
export interface Drawing {
  readonly version: number;
  readonly count: number;
  /** Item → index of its node; of a folded expansion its parent; -1 for other folded groups. */
  readonly node: Int32Array;
  /** Item → number of the folded group that it stands for, or -1. */
  readonly group: Int32Array;
  /** Item → number of the open group whose outline surrounds it, or -1. */
  readonly frame: Int32Array;
  /** Node → the item that shows it, or -1. */
  readonly itemOf: Int32Array;
  /** Edges between items from dependency to dependent, without loops and doubles. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

interface Shown {
  readonly looks: Uint8Array;
  readonly hidesDone: boolean;
}

/** Makes the items and edges that are drawn: one for each node that stands alone, one for each folded group. */
export const drawingOf = (
  nodes: GroupedNodes,
  { groups, groupOf, heads }: Grouped,
  { looks, hidesDone }: Shown,
  version: number,
): Drawing => {
  const { size } = nodes;
  const itemOf = new Int32Array(size).fill(-1);
  const itemOfGroup = new Int32Array(groups.length).fill(-1);
  const node: number[] = [];
  const group: number[] = [];
  const frame: number[] = [];
  const put = (index: number, folded: number, outline: number): number => {
    node.push(index);
    group.push(folded);
    frame.push(outline);
    return node.length - 1;
  };
  // Parents stand before their parts, so whether a node is folded away is known when it is its turn.
  for (let index = 0; index < size; index++) {
    if (looks[index] === GONE || (hidesDone && isFine(looks[index]!))) continue;
    const within = groupOf[index]!;
    const head = heads[index]!;
    const isFolded = within >= 0 && !groups[within]!.isOpen;
    if (isFolded && groups[within]!.kind !== 'expansion') {
      if (itemOfGroup[within] === -1) itemOfGroup[within] = put(-1, within, -1);
      itemOf[index] = itemOfGroup[within]!;
      continue;
    }
    const parent = within >= 0 && groups[within]!.kind === 'expansion' ? groups[within]!.members[0]! : -1;
    if (parent >= 0 && (isFolded || isHidden(parent, itemOf, group, node))) {
      itemOf[index] = itemOf[parent]!;
      continue;
    }
    const outline = within >= 0 ? within : head >= 0 && groups[head]!.isOpen ? head : -1;
    itemOf[index] = put(index, head >= 0 && !groups[head]!.isOpen ? head : -1, outline);
  }
  const { from, to } = edgesOf(nodes, { groups, groupOf }, itemOf, node.length);
  return {
    version,
    count: node.length,
    node: Int32Array.from(node),
    group: Int32Array.from(group),
    frame: Int32Array.from(frame),
    itemOf,
    from,
    to,
  };
};

/** Whether a node is drawn as a part of another's folded box. */
const isHidden = (index: number, itemOf: Int32Array, group: readonly number[], node: readonly number[]): boolean => {
  const item = itemOf[index]!;
  return item >= 0 && (node[item] !== index || group[item]! >= 0);
};

/** The edges between items, each once: item by item, with a stamp on those that it has been linked with. */
const edgesOf = (
  nodes: GroupedNodes,
  { groups, groupOf }: Pick<Grouped, 'groups' | 'groupOf'>,
  itemOf: Int32Array,
  count: number,
): Pick<Drawing, 'from' | 'to'> => {
  const start = new Int32Array(count + 1);
  for (const item of itemOf) if (item >= 0) start[item + 1]!++;
  for (let item = 0; item < count; item++) start[item + 1]! += start[item]!;
  const next = start.slice();
  const byItem = new Int32Array(start[count]!);
  itemOf.forEach((item, index) => {
    if (item >= 0) byItem[next[item]!++] = index;
  });
  const stamps = new Int32Array(count).fill(-1);
  const from: number[] = [];
  const to: number[] = [];
  for (let item = 0; item < count; item++) {
    stamps[item] = item;
    const link = (before: number): void => {
      if (before < 0 || stamps[before] === item) return;
      stamps[before] = item;
      from.push(before);
      to.push(item);
    };
    for (let k = start[item]!; k < start[item + 1]!; k++) {
      const index = byItem[k]!;
      const deps = nodes.depsOf(index);
      for (const dep of deps) link(itemOf[dep]!);
      const within = groupOf[index]!;
      if (deps.length === 0 && within >= 0 && groups[within]!.kind === 'expansion')
        link(itemOf[groups[within]!.members[0]!]!);
    }
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to) };
};
