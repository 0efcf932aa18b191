import * as t from 'io-ts';
import type { Json } from './Json.js';
import { Whole, either, list, strict } from './strict.js';

/**
 * Points at a value that is known only while the run goes on: `inputs.key` at the run's inputs, `node`, `node.key` or
 * `node.a.b[0]` at a node's output. It may stand anywhere inside a node's inputs. With `node` it is unambiguous even if
 * ids contain dots; `path` then is what follows the node.
 */
export interface Ref {
  readonly $ref: string;
  readonly node?: string;
  readonly path?: readonly (string | number)[];
  /** Set by expansion, not by users: the sub-DAG node whose inputs `inputs.…` means. */
  readonly scope?: string;
}

/** In place, or taken from elsewhere by a reference anywhere inside; `{ $literal: x }` is `x`, whatever it looks like. */
export type InputValue = Json | Ref | readonly InputValue[] | { readonly [key: string]: InputValue };

/** The keys that a reference may have beside `$ref`, shared with `when`. */
export const refKeys = { node: t.string, path: list<string | number>(either(t.string, Whole)), scope: t.string };

export const Ref: t.Type<Ref, Ref, unknown> = strict<Ref>('Ref', { $ref: t.string }, refKeys);

/**
 * Makes a reference: `ref('fetch.rows[0]')`, or, where ids hold dots or brackets, `ref({ node: 'a.b', path: ['rows', 0] })`;
 * a `path` given as text is read as `rows[0].x`.
 */
export const ref = (
  target: string | { readonly node: string; readonly path?: string | readonly (string | number)[] },
): Ref => {
  if (typeof target === 'string') return Object.freeze({ $ref: target });
  const path = typeof target.path === 'string' ? parsePath(target.path) : (target.path ?? []);
  if (path === undefined) throw new TypeError(`The path "${target.path as string}" is not of the form a.b[0].`);
  return Object.freeze({ $ref: target.node + showPath(path), node: target.node, path: Object.freeze([...path]) });
};

/** Reads `.a.b[0]` (the leading dot may be absent); undefined if it is malformed. */
export const parsePath = (text: string): readonly (string | number)[] | undefined => {
  const path: (string | number)[] = [];
  const part = /\.([^.[\]]+)|\[(\d{1,15})\]/y;
  const source = text === '' || text[0] === '.' || text[0] === '[' ? text : `.${text}`;
  while (part.lastIndex < source.length) {
    const match = part.exec(source);
    if (match === null) return undefined;
    path.push(match[1] ?? Number(match[2]));
  }
  return path;
};

export const showPath = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');

/** Tells whether a value stands for another one: an object with an own string `$ref`. */
export const isRef = (value: unknown): value is Ref =>
  typeof value === 'object' &&
  value !== null &&
  Object.hasOwn(value, '$ref') &&
  typeof (value as Ref).$ref === 'string';

/** Tells whether a value is an escaped literal. */
export const isLiteral = (value: unknown): value is { readonly $literal: Json } =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, '$literal');
