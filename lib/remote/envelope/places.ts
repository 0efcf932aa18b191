/** Where things lie in Redis, the same for everybody of one deployment. */
export const PREFIX = 'rxdag';

/** What BullMQ calls `prefix`. By the braces all of a queue lies in one slot of a cluster. */
export const queuePrefix = (prefix = PREFIX): string => `{${prefix}}:q`;

/** The pub/sub channel on which workers of a pool hear of cancels. */
export const controlChannel = (pool: string, prefix = PREFIX): string => `${prefix}:control:${pool}`;

/** Holds the signed cancel of a job, for workers that take the job later. */
export const cancelledKey = (jobId: string, prefix = PREFIX): string => `${prefix}:cancelled:${jobId}`;
