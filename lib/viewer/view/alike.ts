import type { GroupedNodes, Sets } from './Groups.js';
import type { Numbered } from './numbered.js';

/** A node with more dependencies is like no other. */
const DEPS_MAX = 2;
/** In place of an action: a part of an expansion. */
const PART = 2 ** 30;

/**
 * The parts of each expansion, and nodes of one action that wait for the same one or two, or for none; of these only such as
 * may be more than `least`. What they wait for is looked at first: where few wait for it, few are alike.
 */
export const alike = (nodes: GroupedNodes, least: number): Sets => {
  const { size, kinds } = nodes;
  const { depStart, deps, outStart } = nodes.links;
  const what = new Int32Array(size).fill(-1);
  const first = new Int32Array(size).fill(-1);
  const second = new Int32Array(size).fill(-1);
  const isShared = (dep: number): boolean => outStart[dep + 1]! - outStart[dep]! > least;
  for (let index = 0; index < size; index++) {
    const parent = kinds.parents[index]!;
    const from = depStart[index]!;
    const count = depStart[index + 1]! - from;
    if (parent >= 0) {
      what[index] = PART;
      first[index] = parent;
    } else if (
      count <= DEPS_MAX &&
      (count < 1 || isShared((first[index] = deps[from]!))) &&
      (count < 2 || isShared((second[index] = deps[from + 1]!)))
    )
      what[index] = kinds.actions[index]!;
  }
  const headOf = (index: number): number => (what[index] === PART ? first[index]! : -1);
  return {
    ...sameKeys(what, first, second),
    headOf,
    name: (index) => {
      const head = headOf(index);
      if (head >= 0) return { key: `e${head}`, label: nodes.idOf(head), kind: 'expansion' };
      const { action } = nodes.specOf(index);
      return { key: `s${first[index]} ${second[index]} ${action}`, label: action, kind: 'siblings' };
    },
  };
};

/** Puts together whose three keys are all the same, and leaves out whose first one is negative. Nothing is made for a key. */
const sameKeys = (a: Int32Array, b: Int32Array, c: Int32Array): Numbered => {
  const numberOf = new Int32Array(a.length).fill(-1);
  const firsts: number[] = [];
  let room = 16;
  while (room < 2 * a.length) room *= 2;
  /** Set + 1, in the first free place from that of its keys on. */
  const table = new Int32Array(room);
  for (let node = 0; node < a.length; node++) {
    if (a[node]! < 0) continue;
    let hash = Math.imul(a[node]!, 0x9e3779b1) ^ Math.imul(b[node]!, 0x85ebca6b) ^ Math.imul(c[node]!, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let place = (hash ^ (hash >>> 13)) & (room - 1);
    for (let set; (set = table[place]!) > 0; place = (place + 1) & (room - 1)) {
      const first = firsts[set - 1]!;
      if (a[first] === a[node] && b[first] === b[node] && c[first] === c[node]) break;
    }
    if (table[place] === 0) table[place] = firsts.push(node);
    numberOf[node] = table[place]! - 1;
  }
  return { numberOf, firsts: Int32Array.from(firsts) };
};
