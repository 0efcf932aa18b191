import type { GroupedNodes, Sets } from './Groups.js';
import type { Links } from './Links.js';
import { numbered, type Numbered } from './numbered.js';

/** So many sets are a picture that can be taken in. */
const SETS_MAX = 1_000;
/** Where layers times actions are more, actions are not looked at. */
const ROOM = 1_000_000;
/** So many nodes can be drawn when a set of them is opened. */
const MEMBERS_MAX = 50_000;

/**
 * A graph that has nothing else in common, as a few sets: by the longest way that leads to a node, and by action where these
 * are few; of a graph that is long, several layers to a set. What is more than can be drawn together is cut into pieces.
 */
export const inLayers = (nodes: GroupedNodes): Sets => {
  const depth = depthsOf(nodes.links);
  let layers = 1;
  for (let index = 0; index < depth.length; index++) layers = Math.max(layers, depth[index]! + 1);
  const byAction = inActions(nodes, depth, layers);
  const thick = byAction === undefined ? Math.ceil(layers / SETS_MAX) : 1;
  const whole =
    byAction ??
    numbered(
      depth.map((layer) => Math.floor(layer / thick)),
      layers,
    );

  const pieces = Math.ceil(depth.length / MEMBERS_MAX);
  const counts = new Int32Array(whole.firsts.length);
  const piece = whole.numberOf.map((set) => set * pieces + Math.floor(counts[set]!++ / MEMBERS_MAX));
  return {
    ...numbered(piece, counts.length * pieces),
    headOf: () => -1,
    name: (first) => {
      const from = depth[first]! - (depth[first]! % thick) + 1;
      const place = thick === 1 ? `layer ${from}` : `layers ${from} to ${Math.min(layers, from + thick - 1)}`;
      const what = byAction === undefined ? place : `${nodes.specOf(first).action}, ${place}`;
      const isWhole = counts[whole.numberOf[first]!]! <= MEMBERS_MAX;
      const label = isWhole ? what : `${what} (${(piece[first]! % pieces) + 1})`;
      return { key: `l ${label}`, label, kind: 'layer' };
    },
  };
};

/** By layer and action; undefined where that would be too many. */
const inActions = ({ kinds }: GroupedNodes, depth: Int32Array, layers: number): Numbered | undefined => {
  const actions = kinds.actionNames.size + 1;
  if (layers * actions > ROOM) return undefined;
  const sets = numbered(
    depth.map((layer, index) => layer * actions + kinds.actions[index]! + 1),
    layers * actions,
  );
  return sets.firsts.length > SETS_MAX ? undefined : sets;
};

/** How many nodes are before each on the longest way to it; of those that wait for each other, on the ways that lead there. */
const depthsOf = ({ depStart, outStart, outs }: Links): Int32Array => {
  const size = depStart.length - 1;
  const depth = new Int32Array(size);
  const open = new Int32Array(size);
  const order = new Int32Array(size);
  let known = 0;
  for (let index = 0; index < size; index++) {
    open[index] = depStart[index + 1]! - depStart[index]!;
    if (open[index] === 0) order[known++] = index;
  }
  for (let at = 0; at < known; at++) {
    const index = order[at]!;
    for (let k = outStart[index]!; k < outStart[index + 1]!; k++) {
      const out = outs[k]!;
      if (depth[out]! <= depth[index]!) depth[out] = depth[index]! + 1;
      if (--open[out]! === 0) order[known++] = out;
    }
  }
  return depth;
};
