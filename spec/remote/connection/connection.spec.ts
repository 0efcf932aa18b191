import { Redis } from 'ioredis';
import Module from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askRedis } from '../../../lib/remote/connection/askRedis.js';
import { loadBullmq } from '../../../lib/remote/connection/loadBullmq.js';
import { loadIoredis, openRedis, shownRedis } from '../../../lib/remote/connection/openRedis.js';
import { Reach, type ReachChange } from '../../../lib/remote/connection/Reach.js';
import { watchSilence } from '../../../lib/remote/connection/watchSilence.js';
import { isDagError } from '../../support/isDagError.js';
import { redisTest } from '../../support/redis.js';
import { until } from '../until.js';

const test = suite('connections to Redis');

test('addresses are shown without what opens them', () => {
  const client = new Redis({ host: 'h', port: 7, password: 'secret', lazyConnect: true });
  const shown: [source: Parameters<typeof shownRedis>[0], text: string][] = [
    ['redis://u:secret@h:1/3', 'redis://u@h:1/3'],
    ['rediss://:secret@h?password=secret', 'rediss://h'],
    ['secret', 'redis://…'],
    [{ host: 'h', password: 'secret', db: 2, tls: {} }, 'rediss://h:6379/2'],
    [{ path: '/run/redis.sock' }, '/run/redis.sock'],
    [client, 'redis://h:7'],
  ];
  for (const [source, text] of shown) assert.is(shownRedis(source), text);
  client.disconnect();
});

test('what is no address is refused, and not repeated', () => {
  for (const source of ['secret', 'http://secret@h', '', 7, undefined, null])
    try {
      openRedis(source as string);
      throw new Error(`${source} was taken`);
    } catch (error) {
      assert.ok(isDagError(error), String(error));
      assert.not.match((error as Error).message, 'secret');
    }
});

redisTest(test, 'commands wait through an outage, which is told once for all clients', async (server) => {
  const heard: ReachChange[] = [];
  const reach = new Reach((change) => heard.push(change));
  const clients = [openRedis(server.url), openRedis(server.url)];
  for (const client of clients) reach.watch(client);
  await Promise.all(clients.map((client) => client.ping()));
  assert.equal([heard, reach.isLost], [[], false]);
  await server.kill();
  await until('the outage', () => reach.isLost);
  const written = clients[0]!.set('a', 'b');
  await sleep(500);
  await server.start();
  assert.is(await written, 'OK');
  await until('its end', () => !reach.isLost);
  assert.equal(
    heard.map(({ type }) => type),
    ['redisLost', 'redisBack'],
  );
  reach.close();
  for (const client of clients) client.disconnect();
  await sleep(50);
  assert.is(heard.length, 2);
});

redisTest(test, 'a connection whose other end is gone without a word is made anew', async (server) => {
  const way = await server.proxy();
  const client = openRedis(way.url) as Redis;
  watchSilence(client, 50, 200);
  await client.set('a', 1);
  await sleep(400);
  assert.is(client.status, 'ready');
  let cuts = 0;
  client.on('close', () => cuts++);
  way.hold('both');
  const answer = client.incr('a');
  await until('the connection is given up', () => cuts > 0);
  way.hold('nothing');
  assert.ok([2, 3].includes(await answer)); // the first one may have come through
  client.disconnect();
});

redisTest(
  test,
  'a question has an answer, or a sentence why not',
  async (server) => {
    const asked = (url: string, ask: Parameters<typeof askRedis<unknown>>[1] = (client) => client.ping()) =>
      askRedis(url, ask).then(String, (error: Error) => error.message);
    const url = `redis://:secret@127.0.0.1:${server.port}`;
    assert.is(await asked(url), 'PONG');
    assert.match(
      await asked(url, (client) => client.call('NONSENSE')),
      /^Redis at redis:\/\/127.* refuses what is asked of it: .*unknown command .*\.$/,
    );
    assert.match(
      await asked(server.url),
      /^Redis at redis:\/\/127.* (can't be reached|refuses what is asked of it): .*NOAUTH/,
    );
    assert.match(await asked(url.replace('secret', 'wrong')), /at redis:\/\/127.*WRONGPASS/);
    server.pause();
    assert.match(await asked(url), /^Redis at redis:\/\/127.* can't be reached: there was no answer for 5 s\.$/);
    await server.kill();
    assert.match(await asked(url), /^Redis at redis:\/\/127.* can't be reached: connect ECONNREFUSED 127.*\.$/);
  },
  { requirepass: 'secret' },
);

test('without its packages one sentence tells what to install', () => {
  const resolver = Module as unknown as { _resolveFilename: (request: string, ...rest: readonly unknown[]) => string };
  const { _resolveFilename: original } = resolver;
  const gone = ['bullmq', 'ioredis'];
  resolver._resolveFilename = (request, ...rest) => original(gone.includes(request) ? 'not-there' : request, ...rest);
  try {
    for (const [name, load] of [
      ['bullmq', loadBullmq],
      ['ioredis', loadIoredis],
    ] as const)
      assert.throws(
        load,
        `rxdag/remote needs the package ${name}, which is not installed beside rxdag: npm install bullmq@6 ioredis@5.`,
      );
  } finally {
    resolver._resolveFilename = original;
  }
});

test.run();
