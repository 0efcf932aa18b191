import { createHash } from 'node:crypto';
import type { Graph, NodeSpec } from '../../lib/index.js';

export const LAYERS = 50;
export const WIDTH = 20;

const id = (layer: number, place: number): string => `n${layer}-${place}`;

/** The three nodes of the layer before that a node waits for. */
const depsOf = (layer: number, place: number): readonly string[] =>
  layer === 0 ? [] : [0, 1, 7].map((step) => id(layer - 1, (place + step) % WIDTH));

/** What a node makes of the values before it. */
export const valueOf = (nodeId: string, values: readonly string[]): string =>
  createHash('sha256')
    .update([nodeId, ...values].join(' '))
    .digest('hex')
    .slice(0, 16);

const nodes: readonly NodeSpec[] = Array.from({ length: LAYERS * WIDTH }, (_, i) => {
  const [layer, place] = [Math.floor(i / WIDTH), i % WIDTH];
  const deps = depsOf(layer, place);
  return {
    id: id(layer, place),
    action: 'hash',
    placement: 'pool:fleet',
    deps,
    inputs: { values: deps.map((node) => ({ $ref: node })) },
  };
});

/** A thousand nodes in fifty layers, each of which waits for three of the layer before. */
export const graph: Graph = { name: 'fleet', nodes, config: { maxParallelNodes: 32 } };

/** Every value, worked out here. */
export const expected = (): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  for (const { id: nodeId, deps = [] } of nodes)
    values.set(
      nodeId!,
      valueOf(
        nodeId!,
        deps.map((dep) => values.get(dep)!),
      ),
    );
  return values;
};

/** Whether a hook puts a node behind one: behind the first of each layer. */
export const isAudited = (nodeId: string): boolean => /^n\d+-0$/.test(nodeId);
