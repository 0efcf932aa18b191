import { Document, isScalar, visit } from 'yaml';
import { Graph } from '../../model/Graph.js';
import { explain } from '../../model/explain.js';
import { graphForm } from './graphFile.js';
import { Seconds } from './scalars.js';

/**
 * Writes a pipeline as a file that `fromYaml` reads as the same graph: durations in seconds, Dagger's keys where it has
 * them. Left out are an empty `failureAction` and descriptions of inputs that are not there; values deeper than 59 levels
 * are read with a higher `limits.maxDepth` alone. Throws a `TypeError` for what is no `Graph`, and for nodes that an
 * expansion has made.
 */
export const toYaml = (graph: Graph): string => {
  const decoded = Graph.decode(graph);
  if (decoded._tag === 'Left') throw new TypeError(`This is no graph: ${explain(decoded.left).join('; ')}.`);
  const expanded = decoded.right.nodes.find(({ parent, item, index }) =>
    [parent, item, index].some((value) => value !== undefined),
  );
  if (expanded !== undefined)
    throw new TypeError(`Node ${JSON.stringify(expanded.id)} was made by an expansion; a file holds what expands.`);
  const document = new Document(graphForm.write(decoded.right), {
    aliasDuplicateObjects: false,
    customTags: (tags) => [secondsTag, ...tags],
  });
  visit(document, {
    Pair: (_, { key }) => {
      // Without quotes it would look like a merge key.
      if (isScalar(key) && key.value === '<<') key.type = 'QUOTE_DOUBLE';
    },
    Scalar: (place, node) => {
      if (typeof node.value === 'string' && node.value.includes('\n'))
        node.type = place !== 'key' && isBlock(node.value) ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE';
    },
  });
  // Folding, too, loses spaces.
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity });
};

/** Tells lines that a block keeps as they are; `yaml` writes some others wrongly. */
const isBlock = (text: string): boolean =>
  /^\S/.test(text) && /\S\n?$/.test(text) && !/[^\S\n]\n|[^\n\P{Cc}]/u.test(text);

const secondsTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value: unknown) => value instanceof Seconds,
  test: /^$(?!)/, // for writing alone
  resolve: Number,
  stringify: ({ value }: { readonly value: unknown }) => (value as Seconds).digits,
} as const;
