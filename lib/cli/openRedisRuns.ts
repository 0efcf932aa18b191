import { asUsage } from './asUsage.js';
import type { KeptRuns } from './openStore.js';

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
  url.searchParams.delete('prefix');
  return { url: url.href, ...(prefix !== undefined && { prefix }) };
};
