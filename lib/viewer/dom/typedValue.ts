import type { Json } from '../../model/Json.js';

/** A value that somebody typed: JSON where it can be read as such without loss, else the text itself. */
export const typedValue = (text: string): Json => {
  try {
    const value = JSON.parse(text, held) as Json;
    return typeof value === 'number' && /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
  } catch {
    return text;
  }
};

/** What has to be typed for a value. */
export const textOfValue = (value: Json): string =>
  typeof value === 'string' && typedValue(value) === value ? value : JSON.stringify(value);

/** Numbers can be written in JSON that it cannot hold: they would arrive as null. */
const held = (_key: string, part: unknown): unknown => {
  if (typeof part === 'number' && !Number.isFinite(part)) throw new RangeError('too large a number');
  return part;
};
