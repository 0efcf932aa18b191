import { shown } from '../dom/shown.js';

const DEPTH_MAX = 4;

/** The beginning of a value on one line, made without reading all of it: an output may have megabytes. */
export const briefValue = (value: unknown, room = 120): string => {
  if (typeof value === 'string') return shown(value, room);
  const parts: string[] = [];
  let left = room;
  const put = (part: string): void => {
    parts.push(part);
    left -= part.length;
  };
  const write = (value: unknown, depth: number): void => {
    if (typeof value === 'string') return put(JSON.stringify(shown(value, 60)));
    if (typeof value !== 'object' || value === null) return put(String(value));
    const isList = Array.isArray(value);
    // Keys of a long list would all be made into texts first.
    const keys = isList ? undefined : Object.keys(value);
    const length = isList ? value.length : keys!.length;
    put(isList ? '[' : '{');
    for (let i = 0; i < length; i++) {
      if (i > 0) put(', ');
      if (left <= 0 || depth === DEPTH_MAX) {
        put('…');
        break;
      }
      if (!isList) put(`${shown(keys![i]!, 40)}: `);
      write(isList ? value[i] : (value as Record<string, unknown>)[keys![i]!], depth + 1);
    }
    put(isList ? ']' : '}');
  };
  write(value, 0);
  return parts.join('');
};
