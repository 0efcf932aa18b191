import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';

/** One attempt of a node as a bar on a time axis. */
export interface AttemptBar {
  readonly nodeId: string;
  readonly attempt: number;
  /** From 1; bars in one lane never overlap, and there are as many lanes as nodes ran at once. */
  readonly lane: number;
  /** Epoch milliseconds. */
  readonly startAt: number;
  readonly endAt: number;
  readonly end: 'succeeded' | 'failed' | 'retrying' | 'cancelled' | 'interrupted' | 'running';
  readonly error?: string;
}

interface Open extends Pick<AttemptBar, 'attempt' | 'lane' | 'startAt'> {
  /** When the last happened before its process died. */
  readonly diedAt?: number;
}

const ends = {
  NodeSucceeded: 'succeeded',
  NodeFailed: 'failed',
  NodeRetryScheduled: 'retrying',
  NodeCancelled: 'cancelled',
  NodeInterrupted: 'interrupted',
} as const;

type End = EventOf<keyof typeof ends>;

/** Whether an event ends an attempt that had begun. */
export const isEnd = (event: ExecutionEvent): event is End => event.type in ends;

/**
 * The attempts of a log, in the order in which they ended; those that still run end with the log. An attempt whose process
 * died ends with the last that happened before that, however long nobody took the run over.
 */
export const attemptBars = (events: Iterable<ExecutionEvent>): readonly AttemptBar[] => {
  const bars: AttemptBar[] = [];
  const open = new Map<string, Open>();
  const freeLanes: number[] = [];
  let lanes = 0;
  let last = 0;
  const close = (nodeId: string, end: AttemptBar['end'], error?: string): void => {
    const begun = open.get(nodeId);
    if (begun === undefined) return;
    open.delete(nodeId);
    freeLanes.push(begun.lane);
    const { attempt, lane, startAt, diedAt = last } = begun;
    bars.push({ nodeId, attempt, lane, startAt, endAt: diedAt, end, ...(error === undefined ? {} : { error }) });
  };
  for (const event of events) {
    if (event.type === 'RunRecovered')
      for (const nodeId of event.interrupted) {
        const begun = open.get(nodeId);
        if (begun !== undefined) open.set(nodeId, { ...begun, diedAt: last });
      }
    last = event.at;
    if (event.type === 'NodeStarted')
      open.set(event.nodeId, { startAt: last, lane: freeLanes.pop() ?? ++lanes, attempt: event.attempt });
    else if (isEnd(event)) close(event.nodeId, ends[event.type], 'error' in event ? event.error.message : undefined);
  }
  for (const nodeId of open.keys()) close(nodeId, 'running');
  return bars;
};
