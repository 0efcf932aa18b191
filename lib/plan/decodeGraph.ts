import type * as t from 'io-ts';
import { errorPath, errorText, show } from '../model/explain.js';
import { Graph } from '../model/Graph.js';
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
  return decodeSound(raw, result.left);
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
  findings.add(type, () => `In ${where}: ${errorText(error)}.`.replace('?.', '?'), node, [path]);
};

/** Stands for settings in which there are errors: it finds no fault with any node. */
const anyConfig: {} = { pools: undefined, maxNodes: Number.MAX_SAFE_INTEGER, maxAttempts: Number.MAX_SAFE_INTEGER };

/** Leaves out each key of the graph or of a node in which there is an error. */
const decodeSound = (raw: unknown, errors: t.Errors): Graph | undefined => {
  const graph = { ...(raw as Graph) } as { [key: string]: unknown };
  if (!Array.isArray(graph['nodes'])) return undefined;
  const nodes = [...(graph['nodes'] as unknown[])];
  const mended = new Set<number>();
  for (const { context } of errors) {
    const [, first, second, third] = context;
    if (first!.key !== 'nodes') delete graph[first!.key];
    else {
      const i = Number(second!.key);
      if (!mended.has(i)) nodes[i] = typeof nodes[i] === 'object' ? { ...nodes[i] } : {};
      mended.add(i);
      const node = nodes[i] as { [key: string]: unknown };
      if (third?.key === 'action' || third === undefined) node['action'] = 'human.input';
      else delete node[third.key];
    }
  }
  const result = Graph.decode({ name: '?', ...graph, nodes });
  if (result._tag === 'Left') return undefined;
  return errors.some(({ context }) => context[1]!.key === 'config')
    ? { ...result.right, config: anyConfig }
    : result.right;
};
