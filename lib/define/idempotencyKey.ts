/** The key of a node of a run: no two nodes of any runs have the same, for a `/` in the run's id is written `%2F`, and a `%` `%25`. */
export const idempotencyKey = (runId: string, nodeId: string): string =>
  `${runId.replaceAll(/[%/]/g, encodeURIComponent)}/${nodeId}`;
