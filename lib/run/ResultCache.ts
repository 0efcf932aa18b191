import * as E from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import type { NodeAction } from '../define/NodeAction.js';
import type { Json } from '../model/Json.js';
import type { StoreError } from './EventStore.js';

/**
 * Outputs that were come to before, in any run: what a node with `cache` is served from. A cache that fails is no fault
 * of a node: its action runs then.
 */
export interface ResultCache {
  /** What is kept under a key, and since when, epoch milliseconds; undefined if nothing is. */
  get(key: string): TaskEither<StoreError, { readonly output: Json; readonly at: number } | undefined>;
  set(key: string, output: Json, at: number): TaskEither<StoreError, void>;
}

/** A cache that serves nothing and keeps what comes out: for what is to run again. */
export const keepOnly = (results: ResultCache): ResultCache => ({
  get: () => () => Promise.resolve(E.right(undefined)),
  set: (key, output, at) => results.set(key, output, at),
});

/** What an output rests on: the action by name and version, and its inputs, whatever the order of their keys. */
export const resultKey = (
  { name, version }: Pick<NodeAction, 'name' | 'version'>,
  inputs: Readonly<Record<string, Json>>,
  item: Json | undefined,
): string => canonical([name, version, inputs, ...(item === undefined ? [] : [item])]);

/** JSON in which the keys of objects are sorted; how deep a value lies is limited. */
const canonical = (value: Json): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  const entries = Object.entries(value as Readonly<Record<string, Json>>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
};
