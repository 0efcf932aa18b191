import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { encodedParts, type Encode } from './encodedParts.js';

/** Some events that follow each other, as the inside of a JSON list. */
export interface EncodedPiece {
  readonly last: number;
  readonly text: string;
}

/** So many short events are encoded at once, which costs a third of encoding them one by one. */
const PIECE_EVENTS = 64;

/** Events as JSON, piece by piece: none is read ahead of one that may be large. */
export async function* encodedPieces(
  events: AsyncIterable<ExecutionEvent>,
  encode: Encode,
): AsyncIterable<EncodedPiece> {
  let piece: ExecutionEvent[] = [];
  for await (const event of events) {
    piece.push(event);
    if (piece.length < PIECE_EVENTS && isShort(event, DEPTH)) continue;
    yield* encoded(piece, encode);
    piece = [];
  }
  yield* encoded(piece, encode);
}

function* encoded(piece: readonly ExecutionEvent[], encode: Encode): Iterable<EncodedPiece> {
  for (const { last, json } of encodedParts(piece, encode)) yield { last, text: json.slice(1, -1) };
}

const DEPTH = 2;
const KEYS_MAX = 16;
const CHARACTERS_MAX = 200;

/** Whether a look at the top of a value shows that its JSON is short. */
const isShort = (value: unknown, depth: number): boolean => {
  if (typeof value === 'string') return value.length <= CHARACTERS_MAX;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  let left = KEYS_MAX;
  for (const key in value)
    if (
      left-- === 0 ||
      key.length > CHARACTERS_MAX ||
      !isShort((value as Readonly<Record<string, unknown>>)[key], depth - 1)
    )
      return false;
  return true;
};
