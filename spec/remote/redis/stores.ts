import * as E from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import type { EventStore, ExecutionEvent, StoreError, StoreOwner } from '../../../lib/index.js';
import { redisStore, type RedisStore, type RedisStoreOptions } from '../../../lib/remote/redis/redisStore.js';
import { logOf, node, runStarted } from '../../support/logOf.js';
import type { RedisServer } from '../../support/redis.js';

export const me: StoreOwner = { id: 'me', startedAt: 1_000 };
export const you: StoreOwner = { id: 'you', startedAt: 2_000 };

export const get = async <A>(task: TaskEither<StoreError, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`${result.left.type}: ${result.left.message}`);
  return result.right;
};
export const refused = async (task: TaskEither<StoreError, unknown>): Promise<StoreError> => {
  const result = await task();
  if (E.isRight(result)) throw new Error(`It was granted: ${JSON.stringify(result.right)}`);
  return result.left;
};
export const readAll = async (
  store: EventStore,
  runId: string,
  fromSeq?: number,
): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId, fromSeq)) events.push(event);
  return events;
};
/** The type of the error that reading a log ends with. */
export const faultIn = async (store: EventStore, runId: string): Promise<string | undefined> => {
  try {
    await readAll(store, runId);
    return undefined;
  } catch (error) {
    return (error as StoreError).type;
  }
};

/** A log of so many events: a start, then news of one node. */
export const logFor = (runId: string, count: number, value: unknown = 'news'): readonly ExecutionEvent[] => {
  const [first] = logOf({ ...runStarted([node('a')]), runId } as Parameters<typeof logOf>[0]);
  const events: ExecutionEvent[] = [first!];
  for (let seq = 2; seq <= count; seq++)
    events.push({ seq, at: first!.at, type: 'NodeProgressed', nodeId: 'a', attempt: 1, value: value as string });
  return events;
};

/** Works with stores that are let go of whatever happens. */
export const withStores = async (
  server: RedisServer,
  work: (open: (options?: Partial<RedisStoreOptions>) => RedisStore) => Promise<void>,
): Promise<void> => {
  const stores: RedisStore[] = [];
  try {
    await work((options) => {
      const store = redisStore({ connection: server.url, ...options });
      stores.push(store);
      return store;
    });
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
};
