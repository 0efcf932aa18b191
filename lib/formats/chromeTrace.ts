import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Json } from '../model/Json.js';

interface Open {
  readonly at: number;
  readonly lane: number;
  readonly attempt: number;
  /** The last that happened before its process died. */
  readonly died?: number;
}

/**
 * A log in the Trace Event Format, which Perfetto and chrome://tracing open: a bar for each attempt, in as many lanes as
 * nodes ran at once, and a mark for each thing that hooks and people did. An attempt whose process died ends
 * with the last that happened before that, however long nobody took the run over.
 */
export const chromeTrace = (events: Iterable<ExecutionEvent>): Json => {
  const traceEvents: Json[] = [];
  const open = new Map<string, Open>();
  const freeLanes: number[] = [];
  let lanes = 0;
  let start = 0;
  let last = 0;
  const micros = (at: number): number => Math.round((at - start) * 1_000);
  const end = (nodeId: string, at: number, how: string, more: Record<string, Json> = {}): void => {
    const begun = open.get(nodeId);
    if (begun === undefined) return;
    open.delete(nodeId);
    freeLanes.push(begun.lane);
    const args = { attempt: begun.attempt, end: how, ...more };
    const [ts, dur] = [micros(begun.at), micros(begun.died ?? at) - micros(begun.at)];
    traceEvents.push({ name: nodeId, cat: how, ph: 'X', ts, dur, pid: 1, tid: begun.lane, args });
  };
  for (const event of events) {
    const before = last;
    last = event.at;
    switch (event.type) {
      case 'RunStarted':
        start = event.at;
        traceEvents.push({
          name: 'process_name',
          ph: 'M',
          pid: 1,
          tid: 0,
          args: { name: `${event.dagName} ${event.runId}` },
        });
        break;
      case 'RunRecovered':
        for (const nodeId of event.interrupted) {
          const begun = open.get(nodeId);
          if (begun !== undefined) open.set(nodeId, { ...begun, died: before });
        }
        break;
      case 'NodeStarted':
        open.set(event.nodeId, { at: event.at, lane: freeLanes.pop() ?? ++lanes, attempt: event.attempt });
        break;
      case 'NodeSucceeded':
        end(event.nodeId, event.at, 'succeeded');
        break;
      case 'NodeFailed':
      case 'NodeRetryScheduled':
        end(event.nodeId, event.at, event.type === 'NodeFailed' ? 'failed' : 'retrying', {
          error: event.error.message,
        });
        break;
      case 'NodeCancelled':
        end(event.nodeId, event.at, 'cancelled');
        break;
      case 'NodeInterrupted':
        end(event.nodeId, event.at, 'interrupted');
        break;
      default:
        if (event.by === undefined) break;
        traceEvents.push({
          name: event.type,
          cat: event.by,
          ph: 'i',
          s: 'p',
          ts: micros(event.at),
          pid: 1,
          tid: 0,
          args: { by: event.by, seq: event.seq },
        });
    }
  }
  for (const nodeId of open.keys()) end(nodeId, last, 'running');
  return { traceEvents, displayTimeUnit: 'ms' };
};
