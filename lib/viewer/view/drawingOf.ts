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
  const isFoldedAnywhere = groups.some(({ isOpen }) => !isOpen);
  const from: number[] = [];
  const to: number[] = [];
  const known = new Set<number>();
  const link = (a: number, b: number): void => {
    if (a < 0 || b < 0 || a === b) return;
    if (isFoldedAnywhere) {
      const key = a * node.length + b;
      if (known.has(key)) return;
      known.add(key);
    }
    from.push(a);
    to.push(b);
  };
  for (let index = 0; index < size; index++) {
    const item = itemOf[index]!;
    if (item < 0) continue;
    const deps = nodes.depsOf(index);
    for (const dep of deps) link(itemOf[dep]!, item);
    const within = groupOf[index]!;
    if (deps.length === 0 && within >= 0 && groups[within]!.kind === 'expansion')
      link(itemOf[groups[within]!.members[0]!]!, item);
  }
  return {
    version,
    count: node.length,
    node: Int32Array.from(node),
    group: Int32Array.from(group),
    frame: Int32Array.from(frame),
    itemOf,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
  };
};

/** Whether a node is drawn as a part of another's folded box. */
const isHidden = (index: number, itemOf: Int32Array, group: readonly number[], node: readonly number[]): boolean => {
  const item = itemOf[index]!;
  return item >= 0 && (node[item] !== index || group[item]! >= 0);
};
