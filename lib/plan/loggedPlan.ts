import type { Graph } from '../model/Graph.js';
import type { Plan } from './Plan.js';
import { bindNode, type BoundNode } from './references.js';
import { adjacency, longestPaths, topological } from './topological.js';

/** So many nodes are read between two pauses. */
const STRIDE = 4_096;

/**
 * The plan of a definition out of a log: it was proved sound when its run began, so nothing is proved again but what folding
 * and drawing rest on. Pauses after some thousand nodes each, for those who have other things to do; the order of the nodes
 * is found when it is read. Throws a `TypeError` for what can be no plan.
 */
export function* loggedPlan(graph: Graph): Generator<undefined, Plan> {
  const { name } = graph;
  const nodes = graph.nodes as Plan['nodes'];
  if (typeof name !== 'string' || !Array.isArray(nodes)) throw unsound('it has no name or no list of nodes');
  const indexOf = new Map<string, number>();
  const labels = new Map<string, number[]>();
  for (let i = 0; i < nodes.length; i++) {
    const { id, action, branch } = Object(nodes[i]) as Partial<Plan['nodes'][number]>;
    if (typeof id !== 'string' || typeof action !== 'string') throw unsound(`node ${i + 1} has no id or no action`);
    indexOf.set(id, i);
    if (branch !== undefined) {
      const members = labels.get(branch);
      if (members === undefined) labels.set(branch, [i]);
      else members.push(i);
    }
    if (i % STRIDE === STRIDE - 1) yield;
  }
  if (indexOf.size < nodes.length) throw unsound('several nodes have the same id');
  const { depStart, deps, bound } = yield* connected(nodes, indexOf);
  yield;
  const rows = adjacency(depStart, deps);
  yield;
  let order: Int32Array | undefined;
  let rank: Float64Array | undefined;
  const sort = (): { readonly order: Int32Array; readonly rank: Float64Array } => {
    if (order === undefined || rank === undefined) {
      const sequence = topological(rows);
      if (sequence.length < nodes.length) throw unsound('some of its nodes wait for each other');
      order = new Int32Array(nodes.length);
      for (let at = 0; at < sequence.length; at++) order[sequence[at]!] = at;
      rank = longestPaths(rows, sequence, (node) => nodes[node]!.estimateMs ?? 1);
    }
    return { order, rank };
  };
  return {
    name,
    graph,
    nodes,
    indexOf,
    ...rows,
    get order() {
      return sort().order;
    },
    get rank() {
      return sort().rank;
    },
    labels,
    bound,
    warnings: [],
  };
}

function* connected(
  nodes: Plan['nodes'],
  indexOf: ReadonlyMap<string, number>,
): Generator<undefined, Pick<Plan, 'depStart' | 'deps' | 'bound'>> {
  const bound = new Map<number, BoundNode>();
  const depStart = new Int32Array(nodes.length + 1);
  const lastSeen = new Int32Array(nodes.length);
  const lookup = (id: string): number | undefined => indexOf.get(id);
  let deps = new Int32Array(nodes.length + 16);
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    let ids = node.deps ?? [];
    if (node.inputs !== undefined || node.when !== undefined || node.forEach !== undefined) {
      const binding = bindNode(node, lookup);
      if (binding.bound !== undefined) bound.set(i, binding.bound);
      ids = ids.concat(binding.deps);
    }
    for (const id of ids) {
      const dep = indexOf.get(id);
      if (dep === undefined || dep === i) throw unsound(`node ${i + 1} depends on itself or on what is not there`);
      if (lastSeen[dep] === i + 1) continue;
      lastSeen[dep] = i + 1;
      if (count === deps.length) {
        const wider = new Int32Array(count * 2);
        wider.set(deps);
        deps = wider;
      }
      deps[count++] = dep;
    }
    depStart[i + 1] = count;
    if (i % STRIDE === STRIDE - 1) yield;
  }
  return { depStart, deps: deps.slice(0, count), bound };
}

const unsound = (why: string): TypeError => new TypeError(`The log's definition is not sound: ${why}.`);
