import type { GroupedNodes, Sets } from './Groups.js';
import { Names, numbered } from './numbered.js';

/** So much of an id is looked at. */
const ID_MAX = 200;

/** Nodes of one branch, or whose ids begin alike. The parts of an expansion go with their ids and branches, too. */
export const sameNames = (nodes: GroupedNodes, by: 'branch' | 'prefix'): Sets => {
  const { size, kinds } = nodes;
  let numbers: Int32Array = kinds.branches.subarray(0, size);
  let names = kinds.branchNames;
  if (by === 'prefix') {
    numbers = new Int32Array(size);
    names = new Names(Infinity);
    for (let index = 0; index < size; index++) {
      const prefix = prefixOf(nodes.idOf(index));
      numbers[index] = prefix === undefined ? -1 : names.numberOf(prefix);
    }
  }
  return {
    ...numbered(numbers, names.size),
    headOf: () => -1,
    name: (index) => {
      const label = (by === 'branch' ? nodes.specOf(index).branch : prefixOf(nodes.idOf(index))) ?? '';
      return { key: `${by} ${label}`, label, kind: by };
    },
  };
};

/** What stands before the last mark in an id. */
const prefixOf = (id: string): string | undefined => {
  for (let at = Math.min(id.length, ID_MAX) - 1; at > 0; at--) if (MARKS.includes(id[at]!)) return id.slice(0, at);
  return undefined;
};

const MARKS = '/.:_-';
