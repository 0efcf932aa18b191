import type { RedisClient } from '../connection/openRedis.js';

/** What a queue holds of a job. */
export type JobState =
  | { readonly type: 'waiting' | 'running' | 'missing' }
  /** The JSON of what its worker returned; undefined where it is not there, or too long to be looked at. */
  | { readonly type: 'completed'; readonly json: string | undefined }
  | { readonly type: 'failed'; readonly reason: string }
  /** Data without a place in the queue: nothing will ever come of it. */
  | { readonly type: 'stray' };

/** Jobs whose states are asked for in one script, which holds up the server as long as it runs. */
const BATCH = 250;
const REASON_BYTES_MAX = 4_096;
/** The keys of a BullMQ queue in which a job can be, in the order of the script. */
const PLACES = ['completed', 'failed', 'prioritized', 'delayed', 'waiting-children', 'active', 'wait', 'paused'];

/**
 * All of a job's state at one moment. BullMQ's own script of this name scans the list of waiting jobs; ours have their
 * place in the set of prioritized ones, so that this one hardly ever comes so far. A job that was taken over too often has
 * failed from then on, not only once a worker comes that says so.
 */
const STATES = `
local answers = {}
for i = 3, #ARGV do
  local id, job, state, value = ARGV[i], KEYS[i + 6], 'stray', false
  local field, most
  if redis.call('ZSCORE', KEYS[1], id) then state, field, most = 'completed', 'returnvalue', ARGV[1]
  elseif redis.call('ZSCORE', KEYS[2], id) then state, field, most = 'failed', 'failedReason', ARGV[2]
  elseif redis.call('ZSCORE', KEYS[3], id) or redis.call('ZSCORE', KEYS[4], id) or redis.call('ZSCORE', KEYS[5], id) then state = 'waiting'
  elseif redis.call('LPOS', KEYS[6], id) then state = 'running'
  elseif redis.call('LPOS', KEYS[7], id) or redis.call('LPOS', KEYS[8], id) then state = 'waiting'
  elseif redis.call('EXISTS', job) == 0 then state = 'missing' end
  local doom = (state == 'waiting' or state == 'running') and redis.pcall('HGET', job, 'defa')
  if type(doom) == 'string' then state, value = 'failed', string.sub(doom, 1, ARGV[2]) end
  local length = field and redis.pcall('HSTRLEN', job, field)
  if type(length) == 'number' and length <= tonumber(most) then value = redis.call('HGET', job, field) end
  answers[#answers + 1] = {state, value}
end
return answers`;

/** The states of jobs, in their order. @param valueBytesMax - longer return values are not given. */
export const jobStates = async (
  client: RedisClient,
  toKey: (type: string) => string,
  ids: readonly string[],
  valueBytesMax: number,
): Promise<readonly JobState[]> => {
  const states: JobState[] = [];
  const places = PLACES.map(toKey);
  for (let i = 0; i < ids.length; i += BATCH) {
    const some = ids.slice(i, i + BATCH);
    const keys = [...places, ...some.map(toKey)];
    const answers = await client.eval(STATES, keys.length, ...keys, valueBytesMax, REASON_BYTES_MAX, ...some);
    for (const [type, value] of answers as [string, string | null][]) states.push(stateOf(type, value ?? undefined));
  }
  return states;
};

const stateOf = (type: string, value: string | undefined): JobState => {
  if (type === 'completed') return { type, json: value };
  if (type === 'failed') return { type, reason: value ?? '' };
  return { type: type as 'waiting' | 'running' | 'missing' | 'stray' };
};
