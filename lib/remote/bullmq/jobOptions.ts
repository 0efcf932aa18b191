import type { JobsOptions } from 'bullmq';
import { Unplaceable, type RemoteJob } from '../../run/RemoteEngine.js';

/** BullMQ takes whole numbers from 1 and runs low ones first; a job without a number would go before all others. */
const PRIORITY_MAX = 2_097_151;
const PRIORITY_MIDDLE = 1_048_576;
/** Ids are part of key names. */
const ID_LENGTH_MAX = 1_000;

/**
 * How BullMQ is to keep a job: it never tries again by itself, and forgets what ended `retentionMs` ago. Throws an
 * `Unplaceable` for an id that BullMQ can't take. @param ownKeys - the names that the queue has for keys of its own.
 */
export const jobOptions = (job: RemoteJob, retentionMs: number, ownKeys: object): JobsOptions => {
  const { id } = job;
  if (id === '' || /:|^-?\d+$/.test(id) || id.length > ID_LENGTH_MAX || Object.hasOwn(ownKeys, id))
    throw new Unplaceable(id, `A job's id is no number, has no colon, and up to ${ID_LENGTH_MAX} characters.`);
  const keep = { age: Math.ceil(retentionMs / 1_000) };
  return {
    jobId: id,
    attempts: 1,
    priority: priorityOf(job.priority ?? 0),
    removeOnComplete: keep,
    removeOnFail: keep,
  };
};

const priorityOf = (priority: number): number =>
  Math.min(Math.max(PRIORITY_MIDDLE - Math.round(priority), 1), PRIORITY_MAX);
