// timeout: 120000
import { suite } from 'uvu';
import { bullmqEngine } from '../../lib/remote/bullmq/bullmqEngine.js';
import { queuePrefix } from '../../lib/remote/envelope/places.js';
import { signingKey } from '../../lib/remote/envelope/SigningKey.js';
import { inProcessEngine } from '../../lib/remote/inProcess/inProcessEngine.js';
import { startWorker } from '../../lib/remote/worker/startWorker.js';
import { noRedis, redisPath, RedisServer } from '../support/redis.js';
import { skip } from '../support/skip.js';
import { engineContract, type Bench, type Opened } from './engineContract.js';
import { until } from './until.js';

const inProcess = ({ registry }: Bench): Promise<Opened> => {
  const engine = inProcessEngine({ registry, concurrency: { heavy: 1, light: 20 } });
  return Promise.resolve({
    engine,
    lose: ({ id }) => Promise.resolve(engine.lose(id, 'told so')),
    close: () => engine.close(),
  });
};

const bullmq = async ({ registry }: Bench): Promise<Opened> => {
  const server = await RedisServer.start({ appendonly: 'no' });
  const shared = { connection: server.url, key: signingKey('k'.repeat(32)) };
  const work = { ...shared, actions: registry, maxStalledCount: 0, lockDurationMs: 3_000, stalledIntervalMs: 200 };
  const workers = await Promise.all([
    startWorker({ ...work, pool: 'heavy', concurrency: 1 }),
    startWorker({ ...work, pool: 'light', concurrency: 20 }),
  ]);
  const engines = [bullmqEngine(shared)];
  const client = server.client();
  return {
    engine: engines[0]!,
    another: () => engines[engines.push(bullmqEngine(shared)) - 1]!,
    lose: async ({ id, pool }) => {
      // Who holds the lock of the job is dead as far as the queue can tell.
      const lock = `${queuePrefix()}:${pool}:${id}:lock`;
      await until('the lock', async () => (await client.exists(lock)) === 1);
      const failed = `${queuePrefix()}:${pool}:failed`;
      await until('the end', async () => {
        await client.del(lock);
        return (await client.zscore(failed, id)) !== null;
      });
    },
    close: async () => {
      await Promise.all(engines.map((engine) => engine.close()));
      await Promise.all(workers.map((worker) => worker.close({ drainMs: 0 })));
      await server.close();
    },
  };
};

engineContract('in process', inProcess);
if (redisPath !== undefined) engineContract('bullmq', bullmq);
else {
  const test = suite('engine contract: bullmq');
  skip(test, 'the engine contract over bullmq', noRedis);
  test.run();
}
