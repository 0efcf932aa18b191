import { Unplaceable } from '../../run/RemoteEngine.js';

/** Where things lie in Redis, the same for everybody of one deployment. Of a queue all lie in one slot of a cluster. */
export const PREFIX = 'rxdag';

/** What BullMQ calls `prefix`. */
export const queuePrefix = (prefix = PREFIX): string => `{${prefix}}:q`;

/** The pub/sub channel on which workers of a pool hear of cancels. */
export const controlChannel = (pool: string, prefix = PREFIX): string => `${prefix}:control:${pool}`;

/** Holds the signed cancel of a job, for workers that take the job later. */
export const cancelledKey = (jobId: string, prefix = PREFIX): string => `${prefix}:cancelled:${jobId}`;

/** A pool's name is part of key names, and this is long enough for them. */
const QUEUE_NAME_MAX = 200;

/**
 * The BullMQ queue of a pool: its name, percent-encoded, as BullMQ allows no colon. Throws an `Unplaceable` for a pool
 * without a name, or one with a name that can't be encoded or is longer than 200 characters then.
 */
export const queueName = (pool: string, jobId = ''): string => {
  try {
    const name = encodeURIComponent(pool);
    if (name !== '' && name.length <= QUEUE_NAME_MAX) return name;
  } catch {
    // A lone surrogate.
  }
  throw new Unplaceable(jobId, `A pool's name has from 1 to ${QUEUE_NAME_MAX} characters, percent-encoded.`);
};
