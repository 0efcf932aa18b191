import type * as t from 'io-ts';
import { errorPath, errorText, show } from '../model/explain.js';
import { Graph } from '../model/Graph.js';
import { NodeSpec } from '../model/NodeSpec.js';
import type { Findings } from './Findings.js';

/**
 * Decodes a definition. What is not of its shape goes to `findings`; the rest is given all the same, so that other
 * errors are found as well. Undefined where nothing is left.
 */
export const decodeGraph = (raw: unknown, findings: Findings): Graph | undefined => {
  const result = Graph.decode(raw);
  if (result._tag === 'Right') return result.right;
  const told = new Set<string>();
  for (const error of result.left) {
    const path = errorPath(error);
    if (told.has(path)) continue;
    told.add(path);
    tell(findings, error, path, raw);
  }
  return mendGraph(raw);
};

const tell = (findings: Findings, error: t.ValidationError, path: string, raw: unknown): void => {
  const [, first, second] = error.context;
  const id: unknown =
    first?.key === 'nodes' && second !== undefined ? (raw as Graph).nodes[Number(second.key)]?.id : undefined;
  const node = typeof id === 'string' ? id : undefined;
  const where =
    node === undefined
      ? path || 'the graph'
      : `node ${show(node)}${path.slice(path.indexOf(']') + 1).replace('.', ', ')}`;
  const type = /^a (whole )?number/.test(error.context.at(-1)!.type.name) ? 'InvalidNumber' : 'Malformed';
  findings.add(type, () => `In ${where}: ${errorText(error)}.`.replace('?.', '?'), node, path === '' ? [] : [path]);
};

/** Stands for settings in which there are errors: it finds no fault with any node. */
const anyConfig: {} = { pools: undefined, maxNodes: Number.MAX_SAFE_INTEGER, maxAttempts: Number.MAX_SAFE_INTEGER };

/** Leaves out what is not sound by itself: keys of the graph and of nodes, dependencies, inputs. */
const mendGraph = (raw: unknown): Graph | undefined => {
  if (typeof raw !== 'object' || !Array.isArray((raw as Graph | null)?.nodes)) return undefined;
  const graph = filter(raw, (key, value) => key === 'nodes' || Graph.is({ name: '?', nodes: [], [key]: value }));
  const nodes = (raw as Graph).nodes.map((node: unknown) => (NodeSpec.is(node) ? node : mendNode(node)));
  const result = Graph.decode({ name: '?', ...graph, nodes });
  if (result._tag === 'Left') return undefined;
  return (raw as Graph).config === undefined || 'config' in graph
    ? result.right
    : { ...result.right, config: anyConfig };
};

const mendNode = (node: unknown): object => {
  const isSound = (key: string, value: unknown): boolean => NodeSpec.is({ action: 'dag', [key]: value });
  const { deps, inputs } = Object(node) as { deps?: unknown; inputs?: unknown };
  return {
    action: 'human.input', // known, and without nodes of its own
    ...filter(node, isSound),
    ...(Array.isArray(deps) && { deps: deps.filter((dep) => typeof dep === 'string') }),
    ...(inputs !== undefined && { inputs: filter(inputs, (key, value) => isSound('inputs', { [key]: value })) }),
  };
};

const filter = (value: unknown, predicate: (key: string, value: unknown) => boolean): object =>
  Object.fromEntries(Object.entries(Object(value)).filter(([key, item]) => predicate(key, item)));
