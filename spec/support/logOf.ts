import type { DagConfig } from '../../lib/model/DagConfig.js';
import { defaultConfig } from '../../lib/model/DagConfig.js';
import type { EventBody, EventHead, ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { Failure } from '../../lib/model/Failure.js';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';

/** A node as the shortest text: `c: a b` depends on a and b. More fields come from the second argument. */
export const node = (text: string, more: Partial<NodeSpec> = {}): NodeSpec => {
  const [id, deps = ''] = text.split(':').map((part) => part.trim());
  return { id: id!, action: 'work', deps: deps === '' ? [] : deps.split(/\s+/), ...more };
};

/** RunStarted of a graph, under the default config with changes. */
export const runStarted = (nodes: readonly NodeSpec[], config: Partial<DagConfig> = {}): EventBody => ({
  type: 'RunStarted',
  format: 1,
  runId: 'run',
  dagName: 'test',
  definition: { name: 'test', nodes },
  inputs: {},
  config: { ...defaultConfig, ...config },
});

/** Event bodies, with heads of their own where they say so, as a log: one millisecond apart unless `at` is given. */
export const logOf = (...bodies: readonly (EventBody & Partial<EventHead>)[]): readonly ExecutionEvent[] => {
  let at = 0;
  return bodies.map((body, i): ExecutionEvent => {
    at = body.at ?? at + 1;
    return { seq: i + 1, ...body, at };
  });
};

export const error: Failure = { name: 'Error', message: 'no' };

export const started = (nodeId: string, attempt = 1): EventBody => ({ type: 'NodeStarted', nodeId, attempt });
export const succeeded = (nodeId: string, attempt = 1, output: null | number = null): EventBody => ({
  type: 'NodeSucceeded',
  nodeId,
  attempt,
  output,
  durationMs: 1,
  cached: false,
});
export const failed = (nodeId: string, attempt = 1): EventBody => ({ type: 'NodeFailed', nodeId, attempt, error });
export const skipped = (nodeId: string, becauseOf?: string): EventBody => ({
  type: 'NodeSkipped',
  nodeId,
  reason: 'it must be',
  ...(becauseOf === undefined ? {} : { becauseOf }),
});
export const cancelled = (nodeId: string): EventBody => ({
  type: 'NodeCancelled',
  nodeId,
  reason: 'it must be',
  abandoned: false,
});
export const quiescent: EventBody = { type: 'RunQuiescent' };
export const settled = (status: 'succeeded' | 'failed' | 'cancelled' = 'succeeded'): EventBody => ({
  type: 'RunSettled',
  status,
  success: status === 'succeeded',
});
