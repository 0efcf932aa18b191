import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { didYouMean } from '../../model/nearest.js';
import { at, expected, type Form, type Place } from './Form.js';
import type { FileNotes } from './FileNotes.js';
import { isNothing } from './scalars.js';
import { sourceOf } from './sourceOf.js';

/** A list of the same; a key without anything behind it is an empty one. */
export const listOf = <A>(item: Form<A>): Form<readonly A[]> => {
  const name = `a list of ${plural(item.name)}`;
  return {
    name,
    read: (node, notes, place) => {
      if (isNothing(node)) return [];
      if (!isSeq(node)) return expected(name, node, notes, place);
      const items: A[] = [];
      for (const [i, one] of node.items.entries()) {
        const read = item.read(one as Node, notes, { ...place, key: `${place.key}[${i}]` });
        if (read !== undefined) items.push(read);
      }
      return items;
    },
    write: (items) => items.map((one) => item.write(one)),
  };
};

const plural = (name: string): string => `${name.replace(/^an? /, '')}s`;

/** Names that the user chose, each with a value; `standIn` is taken for one that is not right, so that its name is known. */
export const recordOf = <A>(value: Form<A>, standIn: A): Form<Readonly<Record<string, A>>> => {
  const name = `a map from names to ${plural(value.name)}`;
  return {
    name,
    read: (node, notes, place) => {
      if (isNothing(node)) return {};
      if (!isMap(node)) return expected(name, node, notes, place);
      const entries: [string, A][] = [];
      for (const [key, one] of pairsOf(node)) {
        const inner = { ...place, key: `${place.key}.${key.slice(0, 100)}` };
        entries.push([key, value.read(one, notes, inner) ?? standIn]);
      }
      return Object.fromEntries(entries);
    },
    write: (record) => new Map(Object.entries(record).map(([key, one]) => [key, value.write(one)])),
  };
};

/** What a map may hold under one key. */
export interface Field<A = any> {
  readonly form: Form<A>;
  readonly isRequired?: boolean;
  /** Why the key is read for nothing: a sentence's end. */
  readonly noEffect?: string;
  /** What the key is called elsewhere: named where somebody writes that. */
  readonly alsoCalled?: readonly string[];
}

/** Reads the keys of a map that `fields` know, and warns of the others; undefined if it is none. */
export const readFields = <K extends string>(
  fields: Readonly<Record<K, Field>>,
  what: string,
  node: Node,
  notes: FileNotes,
  place: Place,
): Partial<Record<K, any>> | undefined => {
  if (!isMap(node)) return expected(what, node, notes, place);
  const found: Partial<Record<K, unknown>> = {};
  const prefix = place.key === '' ? '' : `${place.key}.`;
  for (const [key, value, keyNode] of pairsOf(node)) {
    const field = Object.hasOwn(fields, key) ? fields[key as K] : undefined;
    if (field === undefined) {
      notes.warn('UnknownKey', () => unknownKey(key, fields, place), keyNode, place.node);
      continue;
    }
    if (field.noEffect !== undefined) {
      notes.warn('NoEffect', `${at(place)}: ${key} has no effect here; ${field.noEffect}`, keyNode, place.node);
      continue;
    }
    const read: unknown = field.form.read(value, notes, { ...place, key: prefix + key });
    if (read !== undefined) found[key as K] = read;
  }
  for (const key of Object.keys(fields) as K[])
    if (fields[key].isRequired === true && pairOf(node, key) === undefined)
      notes.error(
        'Malformed',
        `${at(place)}: the key ${key} is missing; write ${fields[key].form.name}.`,
        node,
        place.node,
      );
  return found;
};

const unknownKey = (key: string, fields: Readonly<Record<string, Field>>, place: Place): string => {
  const names = Object.keys(fields);
  const meant = names.find((name) => fields[name]!.alsoCalled?.includes(key.toLowerCase()));
  const hint = meant === undefined ? didYouMean(key, names) : `; here it is called "${meant}".`;
  return `${at(place)}: the key "${key.slice(0, 100)}" is not known${hint || '; it is left out.'}`;
};

/** A map's keys and values, with the node of each key. */
export function* pairsOf(map: YAMLMap): Iterable<[key: string, value: Node, keyNode: Node]> {
  for (const { key, value } of map.items as Pair<Node, Node | null>[])
    if (isScalar(key)) yield [sourceOf(key), value ?? key, key];
}

/** The pair of a map that has this key. */
export const pairOf = (map: YAMLMap, name: string): Pair<Node, Node | null> | undefined =>
  (map.items as Pair<Node, Node | null>[]).find(({ key }) => isScalar(key) && sourceOf(key) === name);
