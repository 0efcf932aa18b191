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

type Open = Pick<AttemptBar, 'attempt' | 'lane' | 'startAt'>;

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

/** The attempts of a log, in the order in which they ended; those that still run end with the log. */
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
    bars.push({ nodeId, ...begun, endAt: last, end, ...(error === undefined ? {} : { error }) });
  };
  for (const event of events) {
    last = event.at;
    if (event.type === 'NodeStarted')
      open.set(event.nodeId, { startAt: last, lane: freeLanes.pop() ?? ++lanes, attempt: event.attempt });
    else if (isEnd(event)) close(event.nodeId, ends[event.type], 'error' in event ? event.error.message : undefined);
  }
  for (const nodeId of open.keys()) close(nodeId, 'running');
  return bars;
};
