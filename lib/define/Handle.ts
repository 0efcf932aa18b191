import { isRef, ref, showPath, type Ref } from '../model/Ref.js';

declare const VALUE: unique symbol;

/** Stands for a value of type `T` that is known only while the run goes on. */
export interface RefTo<out T> {
  readonly [VALUE]: T;
}

/** Not itself a reference. */
export interface NoRef {
  readonly [VALUE]?: never;
}

/**
 * A typed reference: itself the whole value, and under each key of the value a reference to what lies there. Of a value
 * that may be null or undefined it shows the keys of the rest.
 */
export type Handle<T> = 0 extends 1 & T ? any : RefTo<T> & Parts<NonNullable<T>>;

type Parts<T> = T extends readonly (infer A)[]
  ? number extends T['length']
    ? Items<A>
    : PartsByKey<T>
  : T extends object
    ? PartsByKey<T>
    : unknown;
type PartsByKey<T> = { readonly [K in keyof T]-?: Handle<T[K]> };
/** The first ten by name, so that `noUncheckedIndexedAccess` takes no offence at `rows[0]`. */
type Items<A> = { readonly [K in 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9]: Handle<A> } & {
  readonly [index: number]: Handle<A>;
};

/** What may be given where `T` is needed: a literal, a reference to one, or an object or list of such. */
export type Given<T> = 0 extends 1 & T
  ? any
  : T | RefTo<T> | Ref | (T extends object ? { readonly [K in keyof T]: Given<T[K]> } : never);

/** References to the outputs of nodes by id. */
export type Handles<Outputs> = { readonly [Id in keyof Outputs]: Handle<Outputs[Id]> };

const refs = new WeakMap<object, Ref>();

const handle = (path: readonly (string | number)[], toRef: (path: readonly (string | number)[]) => Ref): any => {
  const made = anyKey((key) => handle([...path, /^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key], toRef));
  refs.set(made, toRef(path));
  return made;
};

/** An object that has whatever key is asked for. */
const anyKey = (get: (key: string) => unknown): object => {
  const refuse = (): never => {
    throw new TypeError(
      'A handle stands for a value that is known only while the run goes on: pass it on, but do not compute with it or spread it.',
    );
  };
  return new Proxy(Object.create(null) as object, {
    get: (_, key) => (typeof key === 'string' ? get(key) : key === Symbol.toPrimitive ? refuse() : undefined),
    ownKeys: refuse,
  });
};

/** Handles of all nodes: whatever id is asked for. */
export const handles: any = /*#__PURE__*/ anyKey((node) => handle([], (path) => ref({ node, path })));

/** Refers to one of the run's inputs, by its key. */
export const input = <T = any>(key: string): Handle<T> => handle([], (path) => ref(`inputs.${key}${showPath(path)}`));

const DEPTH_MAX = 70;

/** Replaces handles by plain references. What nests too deeply for JSON is left as it is. */
export const withRefs = (value: unknown, depth = 0): unknown => {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  const found = refs.get(value);
  if (found !== undefined || isRef(value)) return found ?? value;
  if (Array.isArray(value)) return value.map((item) => withRefs(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copied: [string, unknown][] = Object.entries(value).map(([key, item]) => [key, withRefs(item, depth + 1)]);
  return Object.fromEntries(copied);
};
