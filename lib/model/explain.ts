import type * as t from 'io-ts';

/** Where in the data a decoding error lies, as a path such as `nodes[3].timeoutMs`. */
export const errorPath = (error: t.ValidationError): string => {
  let path = '';
  for (let i = 1; i < error.context.length; i++) {
    const key = error.context[i]!.key;
    const around = (error.context[i - 1]!.type as { _tag?: string })._tag;
    if (around === 'UnionType' || around === 'IntersectionType' || key === '') continue;
    path += /^\d+$/.test(key) ? `[${key}]` : path === '' ? key : `.${key}`;
  }
  return path.slice(0, 200);
};

/** What is wrong at that place, in words; a value is shown in at most 60 characters. */
export const errorText = (error: t.ValidationError): string => {
  const { context, value } = error;
  let i = context.length - 1;
  // Of a union's cases none is the one that was meant.
  while (i > 0 && (context[i - 1]!.type as { _tag?: string })._tag === 'UnionType') i--;
  const message = error.message ?? `expected ${context[i]?.type.name ?? 'something else'}`;
  return value === undefined || !message.startsWith('expected') ? message : `${message}, got ${show(value)}`;
};

/** All decoding errors as one sentence each; one for each place, at most 20. */
export const explain = (errors: t.Errors): readonly string[] => {
  const byPath = new Map<string, string>();
  for (const error of errors) {
    const path = errorPath(error);
    if (!byPath.has(path)) byPath.set(path, path === '' ? errorText(error) : `${path}: ${errorText(error)}`);
    if (byPath.size >= 20) break;
  }
  return [...byPath.values()];
};

/** As much of a text is shown. */
export const SHOWN_MAX = 56;

/** A value in at most 60 characters, whatever it is. */
export const show = (value: unknown): string => {
  if (typeof value === 'string')
    return JSON.stringify(value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'function' ? 'a function' : String(value).slice(0, 60);
};
