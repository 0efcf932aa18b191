import * as t from 'io-ts';

/** Any JSON value. Whatever enters the log is copied into this form once, deeply frozen. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How deep a JSON value may nest, and how many values it may hold, before it is refused. */
export const JSON_DEPTH_MAX = 64;
export const JSON_SIZE_MAX = 10_000_000;

/** Why a value is not JSON: one sentence that names the path. */
export class JsonError extends TypeError {
  override readonly name = 'JsonError';
}

/**
 * Copies a value into deeply frozen JSON. `undefined` becomes null; an object with a `toJSON` method is asked for its
 * JSON form first. Throws `JsonError` for what JSON cannot hold: NaN, Infinity, a function, a symbol, a bigint, a Map,
 * more than 64 levels (a circular value has endlessly many) or more than 10,000,000 values.
 */
export const toJson = (value: unknown): Json => {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value as Json;
  return value === null || value === undefined ? null : copy(value, '', 0, { left: JSON_SIZE_MAX });
};

const copy = (value: unknown, path: string, depth: number, budget: { left: number }): Json => {
  if (--budget.left < 0) throw new JsonError(`the value${at(path)} holds more than ${JSON_SIZE_MAX} values`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return null;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new JsonError(`the value${at(path)} is ${value}, which JSON cannot hold`);
    case 'object':
      break;
    default:
      throw new JsonError(`the value${at(path)} is a ${typeof value}, which JSON cannot hold`);
  }
  if (value === null) return null;
  if (depth >= JSON_DEPTH_MAX)
    throw new JsonError(`the value${at(path)} nests deeper than ${JSON_DEPTH_MAX} levels or refers to itself`);
  if (Array.isArray(value)) {
    if (value.length > budget.left) throw new JsonError(`the value${at(path)} holds more than ${JSON_SIZE_MAX} values`);
    const items: Json[] = [];
    for (let i = 0; i < value.length; i++) items.push(copy(value[i], `${path}[${i}]`, depth + 1, budget));
    return Object.freeze(items);
  }
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return copy((value as { toJSON(): unknown }).toJSON(), path, depth + 1, budget);
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]')
    throw new JsonError(`the value${at(path)} is ${tag.slice(8, -1)}, which JSON cannot hold`);
  const copied: Record<string, Json> = {};
  for (const key of Object.keys(value))
    setOwn(
      copied,
      key,
      copy((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`, depth + 1, budget),
    );
  return Object.freeze(copied);
};

/** Tells whether a value's JSON has more characters than this, or about so; looks no further than it has to. */
export const isLonger = (value: Json, characters: number): boolean => {
  let left = characters;
  const open: Json[] = [value];
  while (open.length > 0 && left >= 0) {
    const one = open.pop()!;
    left -= typeof one === 'string' ? one.length + 2 : 4;
    if (typeof one !== 'object' || one === null) continue;
    for (const [key, inner] of Object.entries(one)) {
      if (!Array.isArray(one)) left -= key.length + 3;
      open.push(inner);
      if (left < 0) break;
    }
  }
  return left < 0;
};

const at = (path: string): string => (path === '' ? '' : ` at "${path.slice(0, 200)}"`);

/** Sets an own property whatever its name; plain assignment of `__proto__` would change the prototype instead. */
export const setOwn = <A>(target: Record<string, A>, key: string, value: A): void => {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
};

/** Reads an own property; inherited ones do not exist for user data. */
export const getOwn = (value: Json | undefined, key: string | number): Json | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, Json>)[key]
    : undefined;

/** Tells whether two JSON values are equal; the order of keys does not matter. */
export const jsonEquals = (a: Json, b: Json): boolean => {
  if (a === b) return true;
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && jsonEquals(getOwn(a, key)!, getOwn(b, key)!))
  );
};

/** The codec of any JSON value; decoding copies and freezes. */
export const Json: t.Type<Json, Json, unknown> = new t.Type<Json, Json, unknown>(
  'Json',
  (u): u is Json => {
    try {
      toJson(u);
      return true;
    } catch {
      return false;
    }
  },
  (u, context) => {
    try {
      return t.success(toJson(u));
    } catch (error) {
      return t.failure(u, context, String((error as { message?: unknown } | undefined)?.message ?? error));
    }
  },
  (a) => a,
);
