import * as t from 'io-ts';
import { setOwn } from './Json.js';
import { didYouMean } from './nearest.js';

type RequiredKey<T> = { [K in keyof T]-?: {} extends Pick<T, K> ? never : K }[keyof T];
type Codecs<T> = { readonly [K in keyof T]-?: t.Type<Required<T>[K], any, unknown> };

const FAILED: unique symbol = Symbol('failed');
/**
 * Copies what is valid and ends at the first fault. With `errors`, where there is a fault, it goes on to the end and
 * collects them all; what it gives is of no use then.
 */
type Copy<T> = (u: unknown, context?: t.Context, errors?: t.Errors) => T | typeof FAILED;

/** A codec that asks what is wrong only once something is: sound data is decoded without building any context. */
class Copied<T> extends t.Type<T, T, unknown> {
  readonly copy: Copy<T>;
  constructor(name: string, copy: Copy<T>) {
    super(
      name,
      (u): u is T => copy(u) !== FAILED,
      (u, context) => {
        const copied = copy(u);
        if (copied !== FAILED) return t.success(copied);
        const errors: t.Errors = [];
        copy(u, context, errors);
        if (errors.length === 0) fail(u, context, errors, 'changes while it is read');
        return t.failures(errors);
      },
      (a) => a,
    );
    this.copy = copy;
  }
}

const copyOf = <T>(codec: t.Type<T, any, unknown>): Copy<T> =>
  codec instanceof Copied
    ? (codec.copy as Copy<T>)
    : (u, context, errors) => {
        if (codec instanceof t.StringType && typeof u === 'string') return u as T;
        const result = codec.validate(u, context ?? []);
        if (result._tag === 'Right') return result.right;
        if (errors !== undefined) for (const error of result.left) errors.push(error);
        return FAILED;
      };

const fail = (
  value: unknown,
  context: t.Context = [],
  errors: t.Errors | undefined,
  message: string,
): typeof FAILED => {
  errors?.push({ value, context, message });
  return FAILED;
};

/** Nobody reads further; each costs something. */
const HINTS_MAX = 100;

const isObject = (u: unknown): u is Record<string, unknown> => typeof u === 'object' && u !== null && !Array.isArray(u);

/**
 * The codec of a plain object with exactly these keys. Unlike `t.strict` it refuses unknown keys (naming the nearest
 * known one), treats an optional key that is `undefined` as absent, and copies into a frozen object of its own, so that
 * what was decoded can no longer be changed from outside.
 */
export const strict = <T extends object>(
  name: string,
  required: Codecs<Pick<T, RequiredKey<T>>>,
  optional: Codecs<Omit<T, RequiredKey<T>>>,
): t.Type<T, T, unknown> => {
  const codecs = new Map<string, t.Mixed>(Object.entries({ ...required, ...optional }));
  const copies = new Map([...codecs].map(([key, codec]) => [key, copyOf(codec)]));
  const musts = Object.keys(required);
  return new Copied(name, (u, context, errors) => {
    if (!isObject(u)) return fail(u, context, errors, 'expected an object');
    const copied: Record<string, unknown> = {};
    for (const key of Object.keys(u)) {
      const value = u[key];
      if (value === undefined) continue;
      const copy = copies.get(key);
      const inner = errors && [...context!, { key, type: codecs.get(key) ?? t.unknown, actual: value }];
      const result = copy === undefined ? FAILED : copy(value, inner, errors);
      if (result !== FAILED) copied[key] = result;
      else if (!errors) return FAILED;
      else if (copy === undefined)
        fail(
          value,
          inner,
          errors,
          `unknown key "${key.slice(0, 100)}"${errors.length < HINTS_MAX ? didYouMean(key, codecs.keys()) : ''}`,
        );
    }
    for (const key of musts)
      if (u[key] === undefined) {
        if (!errors) return FAILED;
        fail(undefined, [...context!, { key, type: codecs.get(key)! }], errors, `"${key}" is missing`);
      }
    return errors ? FAILED : (Object.freeze(copied) as T);
  });
};

/** The codec of a union told apart by its `type` field: errors speak of that one case alone. */
export const tagged = <T extends { readonly type: string }>(
  name: string,
  cases: { readonly [K in T['type']]: t.Type<Extract<T, { type: K }>, any, unknown> },
): t.Type<T, T, unknown> => {
  const copies = new Map<unknown, Copy<T>>();
  for (const [type, codec] of Object.entries(cases)) copies.set(type, copyOf(codec as t.Type<T, any, unknown>));
  return new Copied<T>(name, (u, context, errors) => {
    const type = (u as { type?: unknown } | null | undefined)?.type;
    const copy = copies.get(type);
    if (copy !== undefined) return copy(u, context, errors);
    const what = typeof type === 'string' ? `"${type.slice(0, 100)}"` : 'this';
    return errors
      ? fail(u, context, errors, `${what} is no ${name}${didYouMean(String(type), copies.keys() as Iterable<string>)}`)
      : FAILED;
  });
};

/** The codec of what one of these takes, the first that does. What none takes is told as a whole. */
export const either = <C extends readonly [t.Mixed, ...t.Mixed[]]>(
  ...codecs: C
): t.Type<t.TypeOf<C[number]>, t.TypeOf<C[number]>, unknown> => {
  const copies = codecs.map((codec) => copyOf<t.TypeOf<C[number]>>(codec));
  const name = `(${codecs.map((codec) => codec.name).join(' | ')})`;
  return new Copied(name, (u, context, errors) => {
    for (const copy of copies) {
      const copied = copy(u);
      if (copied !== FAILED) return copied;
    }
    return fail(u, context, errors, `expected ${name}`);
  });
};

/** A number codec: finite, and `min` or more (above it, with `whole` false), up to `max`. */
export const numberFrom = (
  min: number,
  whole: boolean,
  max = Number.MAX_SAFE_INTEGER,
): t.Type<number, number, unknown> => {
  const is = (u: unknown): u is number =>
    typeof u === 'number' && (whole ? Number.isInteger(u) : Number.isFinite(u)) && u >= min && u <= max;
  const from = min === Number.MIN_VALUE ? ' above 0' : min === -Number.MAX_VALUE ? '' : ` from ${min}`;
  const to = max >= Number.MAX_SAFE_INTEGER ? '' : `${from === ' above 0' ? ' up' : ''} to ${max}`;
  const name = `a ${whole ? 'whole ' : ''}number${from}${to}`;
  return new Copied(name, (u, context, errors) =>
    is(u) ? u : fail(u, context, errors, `expected ${numberName(name, u)}`),
  );
};

/** What a number codec of this name expects instead of a value: the limit of whole numbers is told where it matters. */
export const numberName = (name: string, u: unknown): string =>
  typeof u === 'number' && u > Number.MAX_SAFE_INTEGER && / from \d+$/.test(name)
    ? `${name} to ${Number.MAX_SAFE_INTEGER}`
    : name;

/** The longest duration that one timer can carry, in milliseconds: 24.8 days. */
export const DURATION_MS_MAX = 2_147_483_647;
export const Count = numberFrom(1, true);
export const Whole = numberFrom(0, true);
export const Duration = numberFrom(0, false, DURATION_MS_MAX);
export const PositiveDuration = numberFrom(Number.MIN_VALUE, false, DURATION_MS_MAX);
export const Finite = numberFrom(-Number.MAX_VALUE, false, Number.MAX_VALUE);

/** An array codec that copies and freezes. */
export const list = <A>(item: t.Type<A, any, unknown>): t.Type<readonly A[], readonly A[], unknown> => {
  const copy = copyOf(item);
  return new Copied(`list of ${item.name}`, (u, context, errors) => {
    if (!Array.isArray(u)) return fail(u, context, errors, 'expected a list');
    const items: A[] = [];
    for (let i = 0; i < u.length; i++) {
      const copied = copy(u[i], errors && [...context!, { key: String(i), type: item }], errors);
      if (copied !== FAILED) items.push(copied);
      else if (!errors) return FAILED;
    }
    return errors ? FAILED : Object.freeze(items);
  });
};

/** A codec of an object that maps user-chosen names to values; `__proto__` is a name like any other. */
export const recordOf = <A>(
  value: t.Type<A, any, unknown>,
): t.Type<Readonly<Record<string, A>>, Readonly<Record<string, A>>, unknown> => {
  const copy = copyOf(value);
  return new Copied(`record of ${value.name}`, (u, context, errors) => {
    if (!isObject(u)) return fail(u, context, errors, 'expected an object');
    const copied: Record<string, A> = {};
    for (const key of Object.keys(u)) {
      const result = copy(u[key], errors && [...context!, { key, type: value }], errors);
      if (result !== FAILED) setOwn(copied, key, result);
      else if (!errors) return FAILED;
    }
    return errors ? FAILED : Object.freeze(copied);
  });
};
