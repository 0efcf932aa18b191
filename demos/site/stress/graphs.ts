import { ref, type Graph, type NodeSpec } from '../../../lib/index.js';

/** The graphs of this page, by name. */
export const shapes = ['layered', 'map-reduce'] as const;
export type Shape = (typeof shapes)[number];

/** Layers of a hundred nodes (or more), each of which waits for three of the layer before. */
const layered = (size: number): Graph => {
  const width = Math.max(100, Math.round(Math.sqrt(size)));
  const id = (i: number): string => `n${i}`;
  const nodes = Array.from({ length: size }, (_, i): NodeSpec => {
    const layer = Math.floor(i / width);
    if (layer === 0) return { id: id(i), action: 'work' };
    const column = i % width;
    const deps = [0, 1, 7].map((by) => id((layer - 1) * width + ((column + by) % width)));
    return { id: id(i), action: 'work', deps };
  });
  return { name: `layered-${size}`, nodes };
};

/**
 * Lanes of rounds: a split, a node for each of its thousand items, and a merge, after which the lane's next round begins. The
 * items are many, so a viewer folds them.
 */
const mapReduce = (size: number): Graph => {
  const items = 1_000;
  const rounds = Math.max(1, Math.round(size / (items + 3)));
  const lanes = Math.ceil(Math.sqrt(rounds));
  const nodes = Array.from({ length: rounds }, (_, round): readonly NodeSpec[] => [
    {
      id: `split-${round}`,
      action: 'split',
      deps: round < lanes ? [] : [`reduce-${round - lanes}`],
      inputs: { items },
    },
    { id: `map-${round}`, action: 'work', forEach: ref(`split-${round}`) },
    { id: `reduce-${round}`, action: 'count', inputs: { parts: ref(`map-${round}`) } },
  ]).flat();
  const last = Array.from({ length: lanes }, (_, lane) => `reduce-${rounds - 1 - lane}`);
  nodes.push({ id: 'report', action: 'work', deps: last });
  return { name: `map-reduce-${size}`, nodes };
};

/** A graph of about so many nodes, once all lists are expanded. */
export const graphOf = (shape: Shape, size: number): Graph => (shape === 'layered' ? layered(size) : mapReduce(size));
