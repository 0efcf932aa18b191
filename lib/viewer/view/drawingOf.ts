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
  /** By index; GONE where a node is not to be drawn. */
  readonly looks: Uint8Array;
  readonly hidesDone: boolean;
}

/** Makes the items and edges that are drawn: one for each node that stands alone, one for each folded group. */
export const drawingOf = (
  nodes: GroupedNodes,
  grouped: Grouped,
  { looks, hidesDone }: Shown,
  version: number,
): Drawing => {
  const { groups, groupOf, heads } = grouped;
  const { size } = nodes;
  const itemOf = new Int32Array(size).fill(-1);
  const itemOfGroup = new Int32Array(groups.length).fill(-1);
  const node = new Int32Array(size);
  const group = new Int32Array(size);
  const frame = new Int32Array(size);
  let count = 0;
  const put = (index: number, folded: number, outline: number): number => {
    node[count] = index;
    group[count] = folded;
    frame[count] = outline;
    return count++;
  };
  /** Whether a node is drawn as a part of another's folded box. */
  const isHidden = (index: number): boolean => {
    const item = itemOf[index]!;
    return item >= 0 && (node[item] !== index || group[item]! >= 0);
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
    if (parent >= 0 && (isFolded || isHidden(parent))) {
      itemOf[index] = itemOf[parent]!;
      continue;
    }
    const outline = within >= 0 ? within : head >= 0 && groups[head]!.isOpen ? head : -1;
    itemOf[index] = put(index, head >= 0 && !groups[head]!.isOpen ? head : -1, outline);
  }
  return {
    version,
    count,
    node: node.slice(0, count),
    group: group.slice(0, count),
    frame: frame.slice(0, count),
    itemOf,
    ...edgesOf(nodes, grouped, itemOf, count),
  };
};

/** The edges between items, each once: item by item, with a stamp on those that it has been linked with. */
const edgesOf = (
  { size, links: { depStart, deps } }: GroupedNodes,
  { groups, groupOf }: Grouped,
  itemOf: Int32Array,
  count: number,
): Pick<Drawing, 'from' | 'to'> => {
  if (count === size && groups.length === 0) return { from: deps, to: endsOf(depStart, deps.length) };
  const start = new Int32Array(count + 1);
  for (let index = 0; index < size; index++) if (itemOf[index]! >= 0) start[itemOf[index]! + 1]!++;
  for (let item = 0; item < count; item++) start[item + 1]! += start[item]!;
  const next = start.slice();
  const byItem = new Int32Array(start[count]!);
  for (let index = 0; index < size; index++) if (itemOf[index]! >= 0) byItem[next[itemOf[index]!]!++] = index;
  const stamps = new Int32Array(count).fill(-1);
  // A part of an expansion that waits for no other part waits for its parent.
  const from = new Int32Array(deps.length + size);
  const to = new Int32Array(deps.length + size);
  let edges = 0;
  const link = (before: number, item: number): void => {
    if (before < 0 || stamps[before] === item) return;
    stamps[before] = item;
    from[edges] = before;
    to[edges++] = item;
  };
  for (let item = 0; item < count; item++) {
    stamps[item] = item;
    for (let k = start[item]!; k < start[item + 1]!; k++) {
      const index = byItem[k]!;
      for (let d = depStart[index]!; d < depStart[index + 1]!; d++) link(itemOf[deps[d]!]!, item);
      const within = groupOf[index]!;
      if (depStart[index] === depStart[index + 1] && within >= 0 && groups[within]!.kind === 'expansion')
        link(itemOf[groups[within]!.members[0]!]!, item);
    }
  }
  return { from: from.slice(0, edges), to: to.slice(0, edges) };
};

/** Which row each entry of flat rows stands in. */
const endsOf = (start: Int32Array, length: number): Int32Array => {
  const ends = new Int32Array(length);
  for (let row = 1; row < start.length; row++) ends.fill(row - 1, start[row - 1], start[row]);
  return ends;
};
