import { asUsage } from './asUsage.js';
import { show } from '../model/explain.js';
import type { KeptRuns } from './openStore.js';
import { UsageError } from './UsageError.js';

/** The runs of a Redis: the address may end in `?prefix=name`, where its keys do not begin with `rxdag`. */
export const openRedisRuns = async (address: string, leaseMs?: number): Promise<KeptRuns> => {
  const { redisStore } = await import('../remote/redis/redisStore.js');
  const { url, prefix } = partsOf(address);
  return asUsage(() =>
    redisStore({ connection: url, ...(prefix !== undefined && { prefix }), ...(leaseMs !== undefined && { leaseMs }) }),
  );
};

/** An address of Redis without what is ours in it. */
export const partsOf = (address: string): { readonly url: string; readonly prefix?: string } => {
  if (!URL.canParse(address)) return { url: address };
  const url = new URL(address);
  const prefix = url.searchParams.get('prefix') ?? undefined;
  if (prefix !== undefined && !/^[\w.:-]{1,100}$/.test(prefix))
    throw new UsageError(`The prefix ${show(prefix)} is none; give 1 to 100 letters, digits or signs of _.:-`);
  url.searchParams.delete('prefix');
  return { url: url.href, ...(prefix !== undefined && { prefix }) };
};
