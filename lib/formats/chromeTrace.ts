import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Json } from '../model/Json.js';
import { attemptBars, isEnd } from './attemptBars.js';

/**
 * A log in the Trace Event Format, which Perfetto and chrome://tracing open: a bar for each attempt, in as many lanes as
 * nodes ran at once, and a mark for each thing that hooks and people did. An attempt whose process died ends
 * with the last that happened before that, however long nobody took the run over.
 */
export const chromeTrace = (events: readonly ExecutionEvent[]): Json => {
  const start = events.find(({ type }) => type === 'RunStarted')?.at ?? 0;
  const micros = (at: number): number => Math.round((at - start) * 1_000);
  const traceEvents: Json[] = [];
  for (const event of events)
    if (event.type === 'RunStarted') {
      const args = { name: `${event.dagName} ${event.runId}` };
      traceEvents.push({ name: 'process_name', ph: 'M', pid: 1, tid: 0, args });
    } else if (event.by !== undefined && event.type !== 'NodeStarted' && !isEnd(event)) {
      const { type: name, by: cat, seq } = event;
      traceEvents.push({ name, cat, ph: 'i', s: 'p', ts: micros(event.at), pid: 1, tid: 0, args: { by: cat, seq } });
    }
  for (const { nodeId: name, lane: tid, attempt, startAt, endAt, end, error } of attemptBars(events)) {
    const [ts, dur] = [micros(startAt), micros(endAt) - micros(startAt)];
    const args = { attempt, end, ...(error === undefined ? {} : { error }) };
    traceEvents.push({ name, cat: end, ph: 'X', ts, dur, pid: 1, tid, args });
  }
  return { traceEvents, displayTimeUnit: 'ms' };
};
