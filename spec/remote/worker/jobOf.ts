import type { RemoteJob } from '../../../lib/run/RemoteEngine.js';

let jobs = 0;

/** A job as an executor would hand it over, of a node of its own. */
export const jobOf = (action: string, fields: Partial<RemoteJob> = {}): RemoteJob => {
  const nodeId = fields.nodeId ?? `n${++jobs}`;
  return {
    id: `r.0.${nodeId}.1`,
    runId: 'r',
    dagName: 'd',
    nodeId,
    attempt: 1,
    epoch: 1,
    pool: 'heavy',
    action,
    inputs: {},
    graceMs: 100,
    startedAt: Date.now(),
    ...fields,
  };
};
