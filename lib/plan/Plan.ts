import type { Graph } from '../model/Graph.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { BoundNode } from './references.js';

/**
 * A definition that has been proved sound: ids unique, dependencies known, no cycle. Every node has a dense index, its
 * place in the definition; adjacency is in compressed sparse rows, so a million nodes cost a few flat arrays.
 */
export interface Plan {
  readonly name: string;
  /** The definition as it was decoded and copied, with every id filled in. */
  readonly graph: Graph;
  readonly nodes: readonly (NodeSpec & { readonly id: string })[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** `deps[depStart[i] .. depStart[i + 1]]` are the indexes of what node i depends on, in the order written. */
  readonly depStart: Int32Array;
  readonly deps: Int32Array;
  /** `outs[outStart[i] .. outStart[i + 1]]` are the indexes of what depends on node i, in definition order. */
  readonly outStart: Int32Array;
  readonly outs: Int32Array;
  /** The place of node i in the topological order; of nodes that are free at once, the first defined comes first. */
  readonly order: Int32Array;
  /** The length of the longest path from node i to an end, itself included, in estimated milliseconds (1 if unknown). */
  readonly rank: Float64Array;
  /** The nodes of each branch label, in definition order. */
  readonly labels: ReadonlyMap<string, readonly number[]>;
  /** References of nodes that have any, bound to node and path. */
  readonly bound: ReadonlyMap<number, BoundNode>;
  readonly warnings: readonly string[];
}
