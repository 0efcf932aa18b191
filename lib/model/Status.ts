/**
 * Where a node stands. `pending` waits for dependencies, `ready` for a slot, `starting` for its gates, `waiting` for a
 * person or for the nodes it was expanded into, `retrying` for the delay before its next attempt.
 */
export type NodeStatus = (typeof nodeStatuses)[number];
export const nodeStatuses = [
  'pending',
  'ready',
  'starting',
  'running',
  'waiting',
  'retrying',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
] as const;

/** Where a run stands. `quiescent`: every node is final and hooks may still add some. */
export type RunStatus = 'running' | 'paused' | 'quiescent' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled';
export const runStatuses = [
  'running',
  'paused',
  'quiescent',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
] as const;

/** Tells whether a node in this status is at its end (until a RetryNode). */
export const isFinal = (status: NodeStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'skipped' || status === 'cancelled';
