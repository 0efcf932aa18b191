import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { parsePath } from '../../model/Ref.js';
import type { GraphError } from '../../plan/GraphError.js';
import { pairOf } from './collections.js';
import { configFields } from './configFile.js';
import { nodeFields } from './nodeFile.js';
import { sourceOf } from './sourceOf.js';

type Names = Readonly<Record<string, string>>;
const namesIn = (fields: Readonly<Record<string, object>>): Names =>
  Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [(field as { readonly to?: string }).to ?? key, key]),
  );

/** What the parts of a definition are called in a file. */
const names = { nodes: namesIn(nodeFields), config: namesIn(configFields) };

/** Where in the file an error of the definition stands: the deepest part of its path that is there. */
export const locate = (root: Node, { type, path = [] }: GraphError): Node => {
  if (type === 'Cycle') return cycleEdge(root, path) ?? root;
  const keys = keysOf(path[path.length - 1] ?? '');
  let here = root;
  for (const [i, key] of keys.entries()) {
    const [first] = keys;
    const name =
      i === 1 && first === 'config'
        ? (names.config[key] ?? key)
        : i === 2 && first === 'nodes'
          ? (names.nodes[key] ?? key)
          : key;
    const next = child(here, name);
    if (next === undefined) break;
    here = next;
  }
  // Of a whole node its id is shown.
  return keys.length === 2 && isMap(here) ? (pairOf(here, 'id')?.value ?? here) : here;
};

/** A path's keys. An input's name may look like a path itself. */
const keysOf = (path: string): readonly (string | number)[] => {
  const [, node, input] = /^nodes\[(\d+)\]\.inputs\.([^]*)$/.exec(path) ?? [];
  return input === undefined ? (parsePath(path) ?? []) : ['nodes', Number(node), 'inputs', input];
};

const child = (node: Node, key: string | number): Node | undefined => {
  if (isMap(node)) {
    const pair = pairOf(node, String(key));
    return pair === undefined ? undefined : (pair.value ?? pair.key);
  }
  if (!isSeq(node)) return undefined;
  const items = node.items as Node[];
  if (typeof key === 'number') return items[key];
  const input = items.find((item) => isMap(item) && textAt(item, 'name') === key);
  return input && (child(input, 'reference') ?? child(input, 'value') ?? input);
};

const textAt = (node: Node, key: string): string | undefined => {
  const value = isMap(node) ? pairOf(node, key)?.value : undefined;
  return isScalar(value) ? sourceOf(value) : undefined;
};

/** The cycle's first dependency, or else, where that is a reference, the id of its first node. */
const cycleEdge = (root: Node, ids: readonly string[]): Node | undefined => {
  const nodes = child(root, 'nodes');
  if (!isSeq(nodes)) return undefined;
  const first = (nodes.items as Node[]).find((node) => textAt(node, 'id') === ids[0]);
  if (first === undefined) return undefined;
  const deps = child(first, 'dependencies');
  const edge = isSeq(deps)
    ? (deps.items as Node[]).find((dep) => isScalar(dep) && sourceOf(dep) === ids[1])
    : undefined;
  return edge ?? child(first, 'id');
};

/** Says the words of a definition as a file has them; what stands in quotes, or in a cycle, is the user's own. */
export const inWordsOfFile = ({ type, message }: Partial<GraphError> & { readonly message: string }): string =>
  type === 'Cycle' ? message : translated(message);

const translated = (message: string): string =>
  message
    .replace(
      /^(Node "(?:[^"\\]|\\.)*": )"(when|forEach)"/,
      (_, before: string, key: string) => before + (names.nodes[key] ?? key),
    )
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/\b(config\.)?([a-z]+[A-Z]\w*)\b/g, wordOfFile)))
    .join('');

const wordOfFile = (whole: string, config: string | undefined, word: string): string => {
  const name = config === undefined ? (names.nodes[word] ?? names.config[word]) : names.config[word];
  return name === undefined ? whole : (config ?? '') + name;
};
