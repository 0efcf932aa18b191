import * as t from 'io-ts';
import { setOwn } from './Json.js';
import { nearest } from './nearest.js';

type RequiredKey<T> = { [K in keyof T]-?: {} extends Pick<T, K> ? never : K }[keyof T];
type Codecs<T> = { readonly [K in keyof T]-?: t.Type<Required<T>[K], any, unknown> };

const FAILED: unique symbol = Symbol('failed');
/** Copies what is valid; `FAILED` where it is not. */
type Copy<T> = (u: unknown) => T | typeof FAILED;
type Explain = (u: unknown, context: t.Context) => t.Errors;

/** A codec that copies first and asks what is wrong only if that fails: sound data is decoded without any context. */
class Copied<T> extends t.Type<T, T, unknown> {
  readonly copy: Copy<T>;
  constructor(name: string, copy: Copy<T>, explain: Explain) {
    super(
      name,
      (u): u is T => copy(u) !== FAILED,
      (u, context) => {
        const copied = copy(u);
        if (copied !== FAILED) return t.success(copied);
        const errors = explain(u, context);
        return t.failures(errors.length > 0 ? errors : failure(u, context, 'changes while it is read'));
      },
      (a) => a,
    );
    this.copy = copy;
  }
}

const copyOf = <T>(codec: t.Type<T, any, unknown>): Copy<T> => {
  if (codec instanceof Copied) return codec.copy as Copy<T>;
  if (codec instanceof t.StringType) return ((u) => (typeof u === 'string' ? u : FAILED)) as Copy<T>;
  return (u) => {
    const result = codec.validate(u, []);
    return result._tag === 'Right' ? result.right : FAILED;
  };
};

const failure = (value: unknown, context: t.Context, message: string): t.Errors => [{ value, context, message }];

const gather = (errors: t.Errors, codec: t.Mixed, value: unknown, key: string, context: t.Context): void => {
  const result = codec.validate(value, [...context, { key, type: codec, actual: value }]);
  if (result._tag === 'Left') for (const error of result.left) errors.push(error);
};

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
  const copy: Copy<T> = (u) => {
    if (!isObject(u)) return FAILED;
    const copied: Record<string, unknown> = {};
    for (const key of Object.keys(u)) {
      const value = u[key];
      if (value === undefined) continue;
      const copyValue = copies.get(key);
      if (copyValue === undefined) return FAILED;
      const result = copyValue(value);
      if (result === FAILED) return FAILED;
      copied[key] = result;
    }
    for (const key of musts) if (copied[key] === undefined) return FAILED;
    return Object.freeze(copied) as T;
  };
  return new Copied(name, copy, (u, context) => {
    if (!isObject(u)) return failure(u, context, 'expected an object');
    const errors: t.Errors = [];
    for (const key of Object.keys(u)) {
      const value = u[key];
      if (value === undefined) continue;
      const codec = codecs.get(key);
      if (codec !== undefined) gather(errors, codec, value, key, context);
      else {
        const hint = nearest(key, codecs.keys());
        errors.push({
          value,
          context: [...context, { key, type: t.unknown }],
          message: `unknown key "${key.slice(0, 100)}"${hint === undefined ? '' : `; did you mean "${hint}"?`}`,
        });
      }
    }
    for (const key of musts)
      if (u[key] === undefined)
        errors.push({
          value: undefined,
          context: [...context, { key, type: codecs.get(key)! }],
          message: `"${key}" is missing`,
        });
    return errors;
  });
};

/** The codec of a union told apart by its `type` field: errors speak of that one case alone. */
export const tagged = <T extends { readonly type: string }>(
  name: string,
  cases: { readonly [K in T['type']]: t.Type<Extract<T, { type: K }>, any, unknown> },
): t.Type<T, T, unknown> => {
  const byType = new Map(Object.entries(cases) as [string, t.Type<T, any, unknown>][]);
  const typeOf = (u: unknown): string | undefined => {
    const type = typeof u === 'object' && u !== null ? (u as { type?: unknown }).type : undefined;
    return typeof type === 'string' ? type : undefined;
  };
  const caseOf = (u: unknown): t.Type<T, any, unknown> | undefined => byType.get(typeOf(u)!);
  const validate: t.Validate<unknown, T> = (u, context) => {
    const found = caseOf(u);
    if (found !== undefined) return found.validate(u, context);
    const type = typeOf(u);
    const hint = type === undefined ? undefined : nearest(type, byType.keys());
    return t.failure(
      u,
      context,
      `${type === undefined ? 'this' : `"${type.slice(0, 100)}"`} is no ${name}${hint === undefined ? '' : `; did you mean "${hint}"?`}`,
    );
  };
  return new t.Type<T, T, unknown>(
    name,
    (u): u is T => caseOf(u)?.is(u) ?? false,
    validate,
    (a) => a,
  );
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
  return new Copied(
    name,
    (u) => (is(u) ? u : FAILED),
    (u, c) => failure(u, c, `expected ${name}`),
  );
};

/** The longest duration that one timer can carry, in milliseconds: 24.8 days. */
export const DURATION_MS_MAX = 2_147_483_647;
export const Count = numberFrom(1, true);
export const Whole = numberFrom(0, true);
export const Duration = numberFrom(0, false, DURATION_MS_MAX);
export const PositiveDuration = numberFrom(Number.MIN_VALUE, false, DURATION_MS_MAX);
export const Finite = numberFrom(-Number.MAX_VALUE, false, Number.MAX_VALUE);

/** An array codec that copies and freezes. */
export const list = <A>(item: t.Type<A, any, unknown>): t.Type<readonly A[], readonly A[], unknown> => {
  const copyItem = copyOf(item);
  const copy: Copy<readonly A[]> = (u) => {
    if (!Array.isArray(u)) return FAILED;
    const items: A[] = [];
    for (let i = 0; i < u.length; i++) {
      const copied = copyItem(u[i]);
      if (copied === FAILED) return FAILED;
      items.push(copied);
    }
    return Object.freeze(items);
  };
  return new Copied(`list of ${item.name}`, copy, (u, context) => {
    if (!Array.isArray(u)) return failure(u, context, 'expected a list');
    const errors: t.Errors = [];
    for (let i = 0; i < u.length; i++) gather(errors, item, u[i], String(i), context);
    return errors;
  });
};

/** A codec of an object that maps user-chosen names to values; `__proto__` is a name like any other. */
export const recordOf = <A>(
  value: t.Type<A, any, unknown>,
): t.Type<Readonly<Record<string, A>>, Readonly<Record<string, A>>, unknown> => {
  const copyValue = copyOf(value);
  const copy: Copy<Readonly<Record<string, A>>> = (u) => {
    if (!isObject(u)) return FAILED;
    const copied: Record<string, A> = {};
    for (const key of Object.keys(u)) {
      const result = copyValue(u[key]);
      if (result === FAILED) return FAILED;
      setOwn(copied, key, result);
    }
    return Object.freeze(copied);
  };
  return new Copied(`record of ${value.name}`, copy, (u, context) => {
    if (!isObject(u)) return failure(u, context, 'expected an object');
    const errors: t.Errors = [];
    for (const key of Object.keys(u)) gather(errors, value, u[key], key, context);
    return errors;
  });
};
