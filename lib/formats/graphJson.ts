import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import type { Graph } from '../model/Graph.js';
import type { Json } from '../model/Json.js';
import { adjacency, topological, type Adjacency } from '../plan/topological.js';
import { drawnNodes, type DrawnNode } from './drawnNodes.js';
import { levelsOf } from './levelsOf.js';

/**
 * A definition, or a run as it stands, as plain data for other tools: nodes, edges, and the ids of each level. A node's
 * level is the longest path to it from a node without dependencies; a node on or after a cycle has none, but null.
 */
export const graphJson = (source: Graph | ExecutorSnapshot): Json => {
  const nodes = drawnNodes(source);
  const rows = rowsOf(nodes);
  const levelOf = levelsOf(rows, topological(rows));
  const edges: Json[] = [];
  const levels: string[][] = [];
  const listed = nodes.map((node, i): Json => {
    const level = levelOf[i]!;
    const deps = node.deps.map((dep) => nodes[dep]!.id);
    for (const from of deps) edges.push({ from, to: node.id });
    if (level >= 0) (levels[level] ??= []).push(node.id);
    return { id: node.id, action: node.spec.action, level: level < 0 ? null : level, deps, ...detailsOf(node) };
  });
  return { name: 'dagName' in source ? source.dagName : source.name, nodes: listed, edges, levels };
};

const detailsOf = ({ spec: { branch, pool, priority, description }, state }: DrawnNode): Record<string, Json> => ({
  ...(branch === undefined ? {} : { branch }),
  ...(pool === undefined ? {} : { pool }),
  ...(priority === undefined ? {} : { priority }),
  ...(description === undefined ? {} : { description }),
  ...(state === undefined ? {} : { status: state.status }),
  ...(state?.startedAt === undefined ? {} : { startedAt: state.startedAt }),
  ...(state?.endedAt === undefined ? {} : { endedAt: state.endedAt }),
});

const rowsOf = (nodes: readonly DrawnNode[]): Adjacency => {
  const depStart = new Int32Array(nodes.length + 1);
  nodes.forEach(({ deps }, i) => (depStart[i + 1] = depStart[i]! + deps.length));
  const all = new Int32Array(depStart[nodes.length]!);
  nodes.forEach(({ deps }, i) => all.set(deps, depStart[i]));
  return adjacency(depStart, all);
};
