import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { parsePath, ref, type Ref } from '../../model/Ref.js';
import { Whole } from '../../model/strict.js';
import { readFields, type Field } from './collections.js';
import { expected, type Form, type Place } from './Form.js';
import type { FileNotes } from './FileNotes.js';
import { numberOf, text } from './scalars.js';
import { sourceOf } from './sourceOf.js';

const key = numberOf(Whole);

/** A path as a text, `rows[0].x`, or as a list of keys and indexes. */
const pathForm: Form<string | readonly (string | number)[]> = {
  name: 'a path such as rows[0].x, or a list of keys and indexes',
  read: (node: Node, notes: FileNotes, place: Place) => {
    if (!isSeq(node)) {
      const path = text.read(node, notes, place);
      return path === undefined || parsePath(path) !== undefined ? path : expected(pathForm.name, node, notes, place);
    }
    const keys: (string | number)[] = [];
    for (const item of node.items as Node[]) {
      const isIndex = typeof (item as { value?: unknown }).value === 'number';
      const read = isIndex ? key.read(item, notes, place) : text.read(item, notes, place);
      if (read === undefined) return undefined;
      keys.push(read);
    }
    return keys;
  },
  write: (path) => path,
};

const refFields = {
  node: { form: text, isRequired: true },
  path: { form: pathForm },
} satisfies Readonly<Record<string, Field>>;

/** A reference: `node.key[0]`, `inputs.key`, or, where ids hold dots, a map of node and path. */
export const refForm: Form<Ref> = {
  name: 'a reference such as node.key or inputs.key',
  read: (node, notes, place) => {
    if (!isMap(node)) {
      return isScalar(node) ? { $ref: sourceOf(node) } : expected(refForm.name, node, notes, place);
    }
    const found = readFields(refFields, refForm.name, node, notes, place);
    return found?.node === undefined
      ? undefined
      : ref({ node: found.node, ...('path' in found ? { path: found.path } : {}) });
  },
  write: ({
    $ref,
    node,
    path = node !== undefined && $ref.startsWith(node) ? parsePath($ref.slice(node.length)) : [],
  }) => (node === undefined ? $ref : { node, ...(path === undefined || path.length === 0 ? {} : { path }) }),
};
