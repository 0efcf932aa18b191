import { show } from '../../model/explain.js';
import { numberFrom } from '../../model/strict.js';
import { checkKeys, reading, wrong } from '../../run/checkOptions.js';
import type { RedisStoreOptions } from './redisStore.js';

const LEASE = numberFrom(500, true, 3_600_000);

/** The options with their defaults. Throws a `DagError` of type InvalidOptions for what can't be. */
export const checkStoreOptions = (options: RedisStoreOptions): Required<RedisStoreOptions> => {
  reading(() => {
    checkKeys('The options of redisStore', options, ['connection', 'prefix', 'leaseMs']);
    const { connection, prefix = 'rxdag', leaseMs = 10_000 } = options;
    checkConnection(connection);
    if (typeof prefix !== 'string' || !/^[\w.{}:-]{1,100}$/.test(prefix))
      wrong(`prefix is ${show(prefix)}; give 1 to 100 letters, digits, dots, colons, braces, - and _.`);
    if (!LEASE.is(leaseMs)) wrong(`leaseMs is ${show(leaseMs)}; give ${LEASE.name}.`);
  });
  const { connection, prefix = 'rxdag', leaseMs = 10_000 } = options;
  return { connection, prefix, leaseMs };
};

/** Throws a `DagError` of type InvalidOptions for what leads to no Redis. */
export const checkConnection = (connection: unknown): void => {
  const isUrl = typeof connection === 'string' && /^(?:rediss?:\/\/|\/)./.test(connection);
  if (typeof connection === 'string' && !isUrl)
    wrong('The connection is a text, but no address of the form redis://user:password@host:port/db.'); // it may hold a password
  if (!isUrl && (typeof connection !== 'object' || connection === null))
    wrong(`The connection is ${show(connection)}; give the address of Redis, or options or a client of ioredis.`);
};
