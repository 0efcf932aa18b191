// timeout: 120000
import { suite } from 'uvu';
import { redisStore, type RedisStore } from '../../../lib/remote/redis/redisStore.js';
import { encodeName } from '../../../lib/remote/redis/names.js';
import { contract, type Opened } from '../../stores/contract.js';
import { noRedis, redisPath, RedisServer } from '../../support/redis.js';
import { skip } from '../../support/skip.js';

const LEASE_MS = 1_500;
let shared: Promise<RedisServer> | undefined;
let count = 0;

const opened = async (): Promise<Opened> => {
  const server = await (shared ??= RedisServer.start());
  const prefix = `contract:${++count}`;
  const handles: RedisStore[] = [];
  const open = (): RedisStore => {
    const store = redisStore({ connection: server.url, prefix, leaseMs: LEASE_MS });
    handles.push(store);
    return store;
  };
  return {
    store: open(),
    again: open,
    close: async () => void (await Promise.all(handles.map((handle) => handle.close()))),
    lose: async (runId, lastSeq) => {
      const client = server.client();
      const base = `${prefix}:{${encodeName(runId)}}`;
      for (const [id] of await client.xrange(`${base}:log`, '-', '+'))
        if (Number(id.split('-')[1]) > lastSeq) await client.xdel(`${base}:log`, id);
      await client.hset(`${base}:run`, 'seq', lastSeq);
      await client.hdel(`${base}:run`, 'batch');
    },
  };
};

const end = suite('the Redis of the contract');
if (redisPath === undefined) skip(end, 'the contract of stores over Redis', noRedis);
else {
  contract('Redis', { leaseMs: LEASE_MS, losesTails: true, repeats: true, lastingEpochs: true }, opened);
  end('is let go of', async () => (await shared)?.close());
}
end.run();
