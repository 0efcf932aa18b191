import { fromYaml, showFileError, type FromYaml, type FromYamlOptions } from '../../../lib/formats/yaml/index.js';
import type { Graph } from '../../../lib/model/Graph.js';

/** What a file holds; throws for one that is not sound. */
export const read = (text: string, options?: FromYamlOptions): FromYaml => {
  const result = fromYaml(text, options);
  if (result._tag === 'Left') throw new Error(result.left.map(showFileError).join('\n'));
  return result.right;
};

export const graphIn = (text: string, options?: FromYamlOptions): Graph => read(text, options).graph;

/** What is wrong with a file, as a terminal shows it. */
export const errorsIn = (text: string, options?: FromYamlOptions): string => {
  const result = fromYaml(text, options);
  if (result._tag === 'Right') throw new Error('This file is taken.');
  return result.left.map(showFileError).join('\n');
};

/** Lines of a file. */
export const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

/** A file with one node that has more keys, one a line. */
export const fileWith = (...keys: readonly string[]): string =>
  lines('name: f', 'config: { pools: { db: 1 } }', 'nodes:', '- id: n', '  action: a', ...keys.map((key) => `  ${key}`), '- { id: other, action: a }'); // prettier-ignore
