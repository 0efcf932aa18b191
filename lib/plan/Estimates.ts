import type { NodeSpec } from '../model/NodeSpec.js';

/** How long nodes are likely to run, in milliseconds: by node id, and by action for nodes that are not known. */
export interface Estimates {
  readonly nodes: ReadonlyMap<string, number>;
  readonly actions: ReadonlyMap<string, number>;
}

/** What a node says itself, else what is known of it, else of its action; undefined where nothing is. */
export const estimateOf = (
  { id, action, estimateMs }: NodeSpec,
  { nodes, actions }: Estimates = nothingKnown,
): number | undefined => estimateMs ?? nodes.get(id!) ?? actions.get(action);

const nothingKnown: Estimates = { nodes: new Map(), actions: new Map() };
