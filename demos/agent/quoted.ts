import type { Json } from '../../lib/index.js';

const LENGTH_MAX = 120;

/** A value as JSON on one line, cut where it is long. */
export const quoted = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
};
