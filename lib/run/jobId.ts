const encode = (id: string): string => encodeURIComponent(id).replaceAll('.', '%2E');

/**
 * Names an attempt of a node of a run: the same in every process that has the run, and another one for a run of the same
 * id that was started later. Of letters, digits and `.%-_!~*'()` only.
 */
export const jobId = (runId: string, runStartedAt: number, nodeId: string, attempt: number): string =>
  `${encode(runId)}.${runStartedAt.toString(36)}.${encode(nodeId)}.${attempt}`;
