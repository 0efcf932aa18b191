import { createRequire } from 'node:module';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { show } from '../../model/explain.js';
import { wrong } from '../../run/checkOptions.js';
import { watchSilence } from './watchSilence.js';

export type RedisClient = Redis | Cluster;

/**
 * Where Redis is: its address (`redis://user:password@host:port/db`, with `rediss:` for TLS), options of ioredis, or a client
 * of ioredis, of which copies are made.
 */
export type RedisSource = string | RedisOptions | RedisClient;

const RETRY_MS = 100;
const RETRY_MS_MAX = 2_000;

/**
 * Makes a client that never gives up: it connects again, at first after 0.1 s, later every 2 s, while commands wait. Errors
 * of its connection are told to those who listen, and end no process. Throws a `DagError` where ioredis is not installed,
 * or the source is none.
 *
 * @param name - by which Redis lists the connection.
 */
export const openRedis = (source: RedisSource, name = 'rxdag'): RedisClient => {
  const client = clientOf(source, {
    maxRetriesPerRequest: null,
    connectionName: name,
    retryStrategy: (times) => Math.min(RETRY_MS * 2 ** Math.min(times - 1, 10), RETRY_MS_MAX),
    reconnectOnError: ({ message }) => (message.startsWith('READONLY') ? 2 : false), // after a fail-over: then again
  });
  client.on('error', (error: unknown) => {
    if (isWrongDatabase(error)) client.disconnect();
  });
  if (!isCluster(client)) watchSilence(client);
  return client;
};

/** The address without password: for eyes. */
export const shownRedis = (source: RedisSource): string => {
  if (typeof source === 'string') {
    if (!URL.canParse(source)) return 'redis://…';
    const url = new URL(source);
    url.password = url.search = '';
    return url.href;
  }
  if (isCluster(source)) return 'a cluster of Redis';
  const { path, tls, host = 'localhost', port = 6379, db = 0 } = isClient(source) ? source.options : source;
  return path ?? `${tls === undefined ? 'redis' : 'rediss'}://${host}:${port}${db === 0 ? '' : `/${db}`}`;
};

/** Whether the address names a database that Redis has not: ioredis would go on with database 0. */
export const isWrongDatabase = (error: unknown): boolean =>
  /DB index is out of range/.test(String((error as Error | undefined)?.message));

const clientOf = (source: RedisSource, own: RedisOptions): RedisClient => {
  if (typeof source === 'object' && source !== null) {
    if (isCluster(source)) return source.duplicate();
    if (isClient(source)) return source.duplicate(own);
    return new (loadIoredis())({ ...own, ...source, maxRetriesPerRequest: null });
  }
  if (typeof source !== 'string') return wrong(`The connection is ${show(source)}; give the address of Redis.`);
  if (!URL.canParse(source) || !/^rediss?:$/.test(new URL(source).protocol))
    return wrong('The address of Redis is of the form redis://user:password@host:port/db.'); // it may hold a password
  return new (loadIoredis())(source, own);
};

const isClient = (source: RedisOptions | RedisClient): source is RedisClient =>
  typeof (source as Partial<Redis>).duplicate === 'function';

const isCluster = (source: RedisOptions | RedisClient): source is Cluster =>
  isClient(source) && typeof (source as Partial<Cluster>).nodes === 'function';

/** The peer that speaks with Redis. Throws a `DagError` where it is not installed. */
export const loadIoredis = (): typeof Redis => {
  const require = createRequire(import.meta.url);
  try {
    require.resolve('ioredis');
  } catch {
    return wrong(
      'rxdag/remote needs the package ioredis, which is not installed beside rxdag: npm install bullmq@6 ioredis@5.',
    );
  }
  return (require('ioredis') as { readonly Redis: typeof Redis }).Redis;
};
