import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { setOwn, type Json } from '../../model/Json.js';
import { pairsOf } from './collections.js';
import { at, type Form, type Place } from './Form.js';
import type { FileNotes } from './FileNotes.js';

/** Any value that JSON can hold, by YAML's core schema. How deep it lies is limited before, for the whole file. */
export const jsonForm: Form<Json> = {
  name: 'a value',
  read: (node, notes, place) => read(node, notes, place),
  write: (value) => value,
};

const WHOLE = /^(?:[-+]?\d+|0x[\da-f]+|0o[0-7]+)$/i;

const read = (node: Node, notes: FileNotes, place: Place): Json | undefined => {
  if (isMap(node)) {
    const copied: Record<string, Json> = {};
    for (const [key, value] of pairsOf(node)) setOwn(copied, key, read(value, notes, place) ?? null);
    return copied;
  }
  if (isSeq(node)) return node.items.map((item) => read(item as Node, notes, place) ?? null);
  if (!isScalar(node)) return null;
  const { value, source = '' } = node;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'number') return null;
  const isExact = !WHOLE.test(source) || Number.isSafeInteger(value) || String(value) === source;
  if (Number.isFinite(value) && isExact) return value;
  notes.error(
    'InvalidNumber',
    `${at(place)}: the number ${source.slice(0, 56)} can't be kept exactly; write it in quotes.`,
    node,
    place.node,
  );
  return undefined;
};
