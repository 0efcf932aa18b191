import { isMap, type Node } from 'yaml';
import type { Graph } from '../../model/Graph.js';
import { listOf, readFields, type Field } from './collections.js';
import { configForm } from './configFile.js';
import type { Form } from './Form.js';
import { nodeForm } from './nodeFile.js';
import { text } from './scalars.js';

/** The keys of a pipeline, in the order in which they are written. */
export const graphFields = {
  name: { form: text, isRequired: true },
  description: { form: text },
  author: { form: text },
  version: { form: text },
  signature: { form: text },
  tags: { form: listOf(text) },
  instructions: { form: listOf(text) },
  config: { form: configForm },
  nodes: { form: listOf(nodeForm), isRequired: true },
} as const satisfies Readonly<Record<keyof Graph, Field>>;

type Key = keyof Graph;
const fields: Readonly<Record<Key, Field>> = graphFields;

/** A pipeline as a file holds it. What is wrong in it is left out, so that the rest can be looked at all the same. */
export const graphForm: Form<Graph> = {
  name: 'a pipeline: a map with name and nodes',
  read: (node: Node, notes, place) => {
    const found = readFields<Key>(fields, graphForm.name, node, notes, place);
    return isMap(node) && found?.nodes !== undefined ? ({ name: '?', ...found } as Graph) : undefined;
  },
  write: (graph) => {
    const written: Record<string, unknown> = {};
    for (const key of Object.keys(fields) as Key[])
      if (graph[key] !== undefined) written[key] = fields[key].form.write(graph[key]);
    return written;
  },
};
