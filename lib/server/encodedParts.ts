import type { ExecutionEvent } from '../model/ExecutionEvent.js';

/** How events become JSON. */
export type Encode = (events: readonly ExecutionEvent[]) => string;

/** A stretch of a log as a JSON list. */
export interface EncodedPart {
  readonly first: number;
  readonly last: number;
  readonly json: string;
}

/** What is longer is sent in parts, unless it is one event. */
const CHARACTERS_MAX = 16_000_000;

/** Events as JSON, in as many parts as it takes that none grows too long for a text or a socket. At least one event. */
export function* encodedParts(events: readonly ExecutionEvent[], encode: Encode): Iterable<EncodedPart> {
  let from = 0;
  let count = events.length;
  while (from < events.length) {
    const part = from === 0 && count === events.length ? events : events.slice(from, from + count);
    const json = encodedWithin(part, encode);
    if (json === undefined) {
      count = Math.ceil(part.length / 2);
      continue;
    }
    from += part.length;
    yield { first: part[0]!.seq, last: part[part.length - 1]!.seq, json };
  }
}

/** Undefined where there is more than one event and their JSON is too long, or none can be made. */
const encodedWithin = (events: readonly ExecutionEvent[], encode: Encode): string | undefined => {
  try {
    const json = encode(events);
    return json.length <= CHARACTERS_MAX || events.length === 1 ? json : undefined;
  } catch (error) {
    if (events.length === 1) throw error;
    return undefined;
  }
};
