import type { EventOf, ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { Json } from '../../model/Json.js';
import { STARTED, SUCCEEDED, codeOf } from '../../state/past/EventBlock.js';

/**
 * An event as it stands in a row of the log: whole, or, for the start and the success of a first attempt, only what others
 * of its kind don't have: how many milliseconds after the event before it, its node, and what came of that.
 */
export type ShortForm =
  | ExecutionEvent
  | readonly [after: number, nodeId: string]
  | readonly [after: number, nodeId: string, durationMs: number, output: Json];

/** @param before - When the event before it in the row was, or 0. */
export const shorten = (event: ExecutionEvent, before: number): ShortForm => {
  if (before + (event.at - before) !== event.at) return event; // not whole milliseconds
  const code = codeOf(event);
  if (code === STARTED) return [event.at - before, (event as EventOf<'NodeStarted'>).nodeId];
  if (code !== SUCCEEDED) return event;
  const { at, nodeId, durationMs, output } = event as EventOf<'NodeSucceeded'>;
  return [at - before, nodeId, durationMs, output];
};

/** The event again. */
export const lengthen = (short: ShortForm, seq: number, before: number): ExecutionEvent => {
  if (!isShort(short)) return short;
  const [after, nodeId, durationMs, output] = short;
  const at = before + after;
  return durationMs === undefined
    ? { seq, at, type: 'NodeStarted', nodeId, attempt: 1 }
    : { seq, at, type: 'NodeSucceeded', nodeId, attempt: 1, output: output!, durationMs, cached: false };
};

const isShort = (short: ShortForm): short is Exclude<ShortForm, ExecutionEvent> => Array.isArray(short);
