import type { DagConfig } from '../model/DagConfig.js';
import type { Graph } from '../model/Graph.js';
import { compile } from './compile.js';
import type { Plan } from './Plan.js';

const anything = { has: () => true, list: () => [] };
const plans = new WeakMap<Graph, Plan>();

/** The plan of a definition that was found sound before and comes out of a log; throws if it is not sound after all. */
export const planOf = (graph: Graph, config: DagConfig): Plan => {
  const known = plans.get(graph);
  if (known !== undefined) return known;
  const compiled = compile(graph, anything, { config });
  if (compiled._tag === 'Left') throw new TypeError(`The log's definition is not sound: ${compiled.left[0]!.message}`);
  plans.set(graph, compiled.right);
  return compiled.right;
};
