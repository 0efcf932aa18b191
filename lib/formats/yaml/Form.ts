import { Scalar, isMap, isScalar, isSeq, type Node } from 'yaml';
import { show } from '../../model/explain.js';
import type { FileNotes } from './FileNotes.js';
import { sourceOf } from './sourceOf.js';

/** How one kind of value stands in a file: reads it where it is, and gives what a file is to hold for it. */
export interface Form<A> {
  /** What is expected, for messages: 'a text', 'a list of texts', …. */
  readonly name: string;
  /** Undefined where it is not right; why stands in the notes then. */
  read(node: Node, notes: FileNotes, place: Place): A | undefined;
  /** As plain data, or as a node that knows how it wants to be written. */
  write(value: A): unknown;
}

/** Where a reader is, for messages. */
export interface Place {
  /** The key, or what stands for it: 'timeout', 'config.pools'. */
  readonly key: string;
  /** The node of the pipeline around it, if it has an id. */
  readonly node: string | undefined;
}

/** Tells that something else was expected at a place. */
export const expected = (
  what: string,
  node: Node,
  notes: FileNotes,
  place: Place,
  hint = (): string => '',
): undefined => {
  notes.error(
    /number/.test(what) ? 'InvalidNumber' : 'Malformed',
    () => `${at(place)}: expected ${what}, got ${shown(node)}${hint() || '.'}`,
    node,
    place.node,
  );
  return undefined;
};

/** Begins a sentence about a place. */
export const at = ({ key, node }: Place): string =>
  node === undefined ? `In ${key === '' ? 'the file' : key}` : `In node ${show(node)}${key === '' ? '' : `, ${key}`}`;

const shown = (node: Node): string => {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node)) return 'something else';
  const source = sourceOf(node);
  if (source === '') return node.type === Scalar.PLAIN ? 'nothing' : 'an empty text';
  return node.type === Scalar.PLAIN ? source.slice(0, 56) : show(source);
};
