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
  /** Item → number of the innermost open group whose outline surrounds it, or -1; a parent is in that of its parts. */
  readonly frame: Int32Array;
  /** Group → number of the group whose outline surrounds its own, or -1. */
  readonly frameAround: Int32Array;
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
  // Nodes may have come since groups were made; they are drawn with the next ones.
  const size = groupOf.length;
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
    const outline = head >= 0 && groups[head]!.isOpen ? head : within;
    itemOf[index] = put(index, head >= 0 && !groups[head]!.isOpen ? head : -1, outline);
  }
  return {
    version,
    count,
    node: node.slice(0, count),
    group: group.slice(0, count),
    frame: frame.slice(0, count),
    frameAround: Int32Array.from(groups, ({ kind, members }) => (kind === 'expansion' ? groupOf[members[0]!]! : -1)),
    itemOf,
    ...edgesOf(nodes, grouped, itemOf, count),
  };
};

/** The edges between items, each once. */
const edgesOf = (
  { size: all, links: { depStart, deps } }: GroupedNodes,
  { groups, groupOf }: Grouped,
  itemOf: Int32Array,
  count: number,
): Pick<Drawing, 'from' | 'to'> => {
  const size = itemOf.length;
  if (count === all && groups.length === 0) return { from: deps, to: rowsOf(depStart, deps.length) };
  // A part of an expansion that waits for no other part waits for its parent.
  const from = new Int32Array(deps.length + size);
  const to = new Int32Array(deps.length + size);
  let edges = 0;
  const isNew = count <= FEW ? inTable(count) : byStamp(count);
  const link = (before: number, item: number): void => {
    if (before < 0 || before === item || !isNew(before, item)) return;
    from[edges] = before;
    to[edges++] = item;
  };
  const linkAll = (index: number): void => {
    const item = itemOf[index]!;
    if (item < 0) return;
    for (let d = depStart[index]!; d < depStart[index + 1]!; d++) link(itemOf[deps[d]!] ?? -1, item);
    const within = groupOf[index]!;
    if (depStart[index] === depStart[index + 1] && within >= 0 && groups[within]!.kind === 'expansion')
      link(itemOf[groups[within]!.members[0]!]!, item);
  };
  if (count <= FEW) for (let index = 0; index < size; index++) linkAll(index);
  else for (const index of byItem(itemOf, count)) linkAll(index);
  return { from: from.slice(0, edges), to: to.slice(0, edges) };
};

/** Up to so many items there is a table of all pairs of them. */
const FEW = 2_048;

const inTable = (count: number): ((before: number, item: number) => boolean) => {
  const known = new Uint8Array(count * count);
  return (before, item) => {
    if (known[before * count + item] === 1) return false;
    known[before * count + item] = 1;
    return true;
  };
};

/** For one item after the other: those that it has been linked with bear its stamp. */
const byStamp = (count: number): ((before: number, item: number) => boolean) => {
  const stamps = new Int32Array(count).fill(-1);
  return (before, item) => {
    if (stamps[before] === item) return false;
    stamps[before] = item;
    return true;
  };
};

/** The nodes of one item after the other. */
const byItem = (itemOf: Int32Array, count: number): Int32Array => {
  const next = new Int32Array(count + 1);
  for (let index = 0; index < itemOf.length; index++) if (itemOf[index]! >= 0) next[itemOf[index]! + 1]!++;
  for (let item = 0; item < count; item++) next[item + 1]! += next[item]!;
  const nodes = new Int32Array(next[count]!);
  for (let index = 0; index < itemOf.length; index++) if (itemOf[index]! >= 0) nodes[next[itemOf[index]!]!++] = index;
  return nodes;
};

/** Which row each entry of flat rows stands in. */
const rowsOf = (start: Int32Array, length: number): Int32Array => {
  const rows = new Int32Array(length);
  for (let row = 1; row < start.length; row++) rows.fill(row - 1, start[row - 1], start[row]);
  return rows;
};
