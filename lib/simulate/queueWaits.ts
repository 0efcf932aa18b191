import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Plan } from '../plan/Plan.js';

/** By node of a simulated plan: how long it was ready, in milliseconds, before it had a slot. */
export const queueWaits = (
  { nodes, indexOf, outStart, outs }: Plan,
  events: readonly ExecutionEvent[],
): Float64Array => {
  const readyAt = new Float64Array(nodes.length);
  const waitMs = new Float64Array(nodes.length);
  for (const event of events) {
    if (event.type !== 'NodeStarted' && event.type !== 'NodeSucceeded') continue;
    const i = indexOf.get(event.nodeId)!;
    if (event.type === 'NodeStarted') waitMs[i] = event.at - readyAt[i]!;
    else for (let k = outStart[i]!; k < outStart[i + 1]!; k++) readyAt[outs[k]!] = event.at;
  }
  return waitMs;
};
