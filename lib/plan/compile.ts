import * as E from '#fp-ts/Either';
import { defaultConfig, type DagConfig } from '../model/DagConfig.js';
import { show } from '../model/explain.js';
import { failureOf } from '../model/Failure.js';
import type { Graph } from '../model/Graph.js';
import { didYouMean, nearest } from '../model/nearest.js';
import { flawOf } from './checkId.js';
import { checkNodes, checkReserved } from './checkNodes.js';
import { shortestCycles } from './cycles.js';
import { decodeGraph } from './decodeGraph.js';
import { Findings } from './Findings.js';
import type { GraphError } from './GraphError.js';
import { identify } from './identify.js';
import type { Plan } from './Plan.js';
import { bindNode, type BoundNode } from './references.js';
import { adjacency, longestPaths, topological } from './topological.js';

/** Where `compile` looks up actions; the built-in ones (`dag`, `human.input`) need not be there. */
export interface ActionLookup {
  has(name: string): boolean;
  list(): readonly string[];
}

export interface CompileOptions {
  /** Settings that hold where the graph has none: its pools, `maxNodes` and `maxAttempts` matter. */
  readonly config?: Partial<DagConfig>;
}

type PlanNode = Plan['nodes'][number];

/**
 * Proves a definition sound, or finds all that is wrong with it at once, in 100 errors at most. The plan holds a frozen
 * copy of the definition. Takes time and space in proportion to nodes and dependencies.
 */
export const compile = (
  graph: unknown,
  registry: ActionLookup,
  options: CompileOptions = {},
): E.Either<ReadonlyArray<GraphError>, Plan> => {
  const findings = new Findings();
  try {
    if (isTooLarge(graph, options, findings)) return E.left(findings.list());
    return prove(graph, registry, options, findings);
  } catch (error) {
    findings.add('Malformed', () => `The definition can't be read: ${failureOf(error).message}.`);
    return E.left(findings.list());
  }
};

const HUGE = 100_000;

/** Looks at the number of nodes; of far too many nothing else is read. */
const isTooLarge = (graph: unknown, options: CompileOptions, findings: Findings): boolean => {
  const { nodes, config } = Object(graph) as Partial<Graph>;
  const allowed = config?.maxNodes ?? options.config?.maxNodes ?? defaultConfig.maxNodes;
  if (!Array.isArray(nodes) || typeof allowed !== 'number' || nodes.length <= Math.max(allowed, HUGE)) return false;
  tooMany(nodes.length, allowed, findings);
  return true;
};

const tooMany = (count: number, allowed: number, findings: Findings): void =>
  findings.add('TooManyNodes', () => `The graph has ${count} nodes; config.maxNodes allows ${allowed}.`, undefined, [
    'nodes',
  ]);

const prove = (
  graph: unknown,
  registry: ActionLookup,
  options: CompileOptions,
  findings: Findings,
): E.Either<ReadonlyArray<GraphError>, Plan> => {
  const decoded = decodeGraph(graph, findings);
  if (decoded === undefined) return E.left(findings.list());
  const config = { ...defaultConfig, ...options.config, ...decoded.config };
  const warnings: string[] = [];

  const nameFlaw = flawOf(decoded.name);
  if (nameFlaw !== undefined)
    findings.add('Malformed', () => `The graph's name ${show(decoded.name)} ${nameFlaw}.`, undefined, ['name']);
  const { nodes, indexOf } = identify(decoded.nodes, findings);
  if (nodes.length > config.maxNodes) tooMany(nodes.length, config.maxNodes, findings);
  checkNodes(nodes, registry, config, findings, warnings);
  checkReserved(nodes, indexOf, findings);
  const { depStart, deps, bound } = connect(nodes, indexOf, findings);
  const rows = adjacency(depStart, deps);
  const sequence = topological(rows);
  if (sequence.length < nodes.length) tellCycles(nodes, depStart, deps, findings);
  if (!findings.isEmpty) return E.left(findings.list());

  const order = new Int32Array(nodes.length);
  for (let at = 0; at < sequence.length; at++) order[sequence[at]!] = at;
  return E.right(
    Object.freeze<Plan>({
      name: decoded.name,
      graph: nodes === decoded.nodes ? decoded : Object.freeze({ ...decoded, nodes }),
      nodes,
      indexOf,
      ...rows,
      order,
      rank: longestPaths(rows, sequence, (node) => nodes[node]!.estimateMs ?? 1),
      labels: labelsOf(nodes),
      bound,
      warnings: Object.freeze(warnings),
    }),
  );
};

const labelsOf = (nodes: readonly PlanNode[]): ReadonlyMap<string, readonly number[]> => {
  const labels = new Map<string, number[]>();
  nodes.forEach(({ branch }, i) => {
    if (branch === undefined) return;
    const members = labels.get(branch);
    if (members === undefined) labels.set(branch, [i]);
    else members.push(i);
  });
  return labels;
};

/** Binds references and turns dependencies into indexes. */
const connect = (
  nodes: readonly PlanNode[],
  indexOf: ReadonlyMap<string, number>,
  findings: Findings,
): { readonly depStart: Int32Array; readonly deps: Int32Array; readonly bound: ReadonlyMap<number, BoundNode> } => {
  const bound = new Map<number, BoundNode>();
  const depStart = new Int32Array(nodes.length + 1);
  const lastSeen = new Int32Array(nodes.length);
  let deps = new Int32Array(nodes.length + 16);
  let count = 0;
  const lookup = (id: string): number | undefined => indexOf.get(id);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const { id } = node;
    const written = node.deps?.length ?? 0;
    let ids = node.deps ?? [];
    if (node.inputs !== undefined || node.when !== undefined || node.forEach !== undefined) {
      const binding = bindNode(node, lookup);
      if (binding.bound !== undefined) bound.set(i, binding.bound);
      for (const { key, message, target } of binding.errors)
        findings.add(
          'BadReference',
          () => `Node ${show(id)}: ${target === undefined ? message : nearMessage(message, target, id, indexOf)}`,
          id,
          [`nodes[${i}].${key}`],
        );
      ids = ids.concat(binding.deps);
    }
    for (let k = 0; k < ids.length; k++) {
      const dep = indexOf.get(ids[k]!);
      if (dep === undefined) {
        if (k >= written) continue;
        const name = ids[k]!;
        findings.add(
          'UnknownDependency',
          () =>
            `Node ${show(id)} depends on ${show(name)}, which is not defined${didYouMean(name, othersThan(id, indexOf)) || '.'}`,
          id,
          [`nodes[${i}].deps[${k}]`],
        );
      } else if (lastSeen[dep] !== i + 1) {
        lastSeen[dep] = i + 1;
        if (dep === i)
          findings.add(
            'SelfDependency',
            () => `Node ${show(id)} depends on itself; remove that dependency or reference.`,
            id,
            [k < written ? `nodes[${i}].deps[${k}]` : `nodes[${i}]`],
          );
        else {
          if (count === deps.length) {
            const wider = new Int32Array(count * 2);
            wider.set(deps);
            deps = wider;
          }
          deps[count++] = dep;
        }
      }
    }
    depStart[i + 1] = count;
  }
  return { depStart, deps: deps.slice(0, count), bound };
};

/** Ends the message about a reference to nothing with the node, or `inputs`, that may have been meant. */
const nearMessage = (message: string, target: string, id: string, indexOf: ReadonlyMap<string, number>): string => {
  const [head = ''] = target.split(/[.[]/, 1);
  const hint =
    nearest(head, ['inputs']) === undefined ? didYouMean(head, othersThan(id, indexOf)) : didYouMean(head, ['inputs']);
  return hint === '' ? message : message.replace(/\.$/, '') + hint;
};

const SHOWN_MAX = 20;

const tellCycles = (nodes: readonly PlanNode[], depStart: Int32Array, deps: Int32Array, findings: Findings): void => {
  const { cycles, groups } = shortestCycles(depStart, deps);
  for (const cycle of cycles) {
    const path = cycle.map((i) => nodes[i]!.id);
    const text = (ids: readonly string[]): string => ids.map((id) => show(id).slice(1, -1)).join(' -> ');
    const half = SHOWN_MAX / 2;
    const shown =
      path.length <= SHOWN_MAX
        ? text(path)
        : `${text(path.slice(0, half))} -> (${path.length - SHOWN_MAX} more) -> ${text(path.slice(-half))}`;
    findings.add('Cycle', () => `These nodes wait for each other: ${shown}. Remove one dependency.`, path[0], path);
  }
  findings.skip('Cycle', groups - cycles.length);
};

function* othersThan(id: string, indexOf: ReadonlyMap<string, number>): Iterable<string> {
  for (const other of indexOf.keys()) if (other !== id) yield other;
}
