import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import type { Graph } from '../model/Graph.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { Findings } from '../plan/Findings.js';
import { identify } from '../plan/identify.js';
import { bindNode } from '../plan/references.js';

/** A node as drawings show it. */
export interface DrawnNode {
  readonly id: string;
  readonly spec: NodeSpec;
  /** What it depends on, by reference too, as places in the list of drawn nodes. */
  readonly deps: readonly number[];
  /** How it stands; undefined in a definition. */
  readonly state: NodeState | undefined;
}

/**
 * The nodes of a definition or of a run, in the order defined, each id once. A definition need not be sound: of nodes with
 * the same id the first is drawn, dependencies on unknown nodes are left out.
 */
export const drawnNodes = (source: Graph | ExecutorSnapshot): readonly DrawnNode[] => {
  const nodes = 'dagName' in source ? nodesOfRun(source) : nodesOfGraph(source);
  const placeOf = new Map(nodes.map(({ id }, place) => [id, place]));
  return nodes.map(({ depIds, ...node }) => {
    const deps: number[] = [];
    for (const dep of depIds) {
      const place = placeOf.get(dep);
      if (place !== undefined) deps.push(place);
    }
    return { ...node, deps };
  });
};

type NamedNode = Omit<DrawnNode, 'deps'> & { readonly depIds: readonly string[] };

const nodesOfRun = (snapshot: ExecutorSnapshot): readonly NamedNode[] =>
  Array.from(snapshot.nodes(), (state) => ({ id: state.id, spec: state.spec, state, depIds: state.deps }));

const nodesOfGraph = (graph: Graph): readonly NamedNode[] => {
  const { nodes, indexOf } = identify(graph.nodes, new Findings());
  return nodes
    .filter(({ id }, i) => indexOf.get(id) === i)
    .map((spec) => ({
      id: spec.id,
      spec,
      state: undefined,
      depIds: bindNode(spec, (id) => indexOf.get(id)).deps,
    }));
};
