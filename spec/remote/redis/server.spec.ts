import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redisTest } from '../../support/redis.js';

const test = suite('Redis servers of specs');

redisTest(test, 'keep what they have acknowledged through a kill, but not what is cut off', async (server) => {
  const client = server.client();
  await client.set('a', 1);
  await server.restart();
  assert.is(await client.get('a'), '1');
  for (let i = 0; i < 100; i++) await client.rpush('list', `item ${i}`);
  await server.kill();
  const before = server.tail;
  assert.is(server.cutTail(500), before - 500);
  await server.start();
  const length = await client.llen('list');
  assert.ok(length < 100 && length > 50, `${length}`);
  const { folder } = server;
  await server.close();
  assert.not(existsSync(folder));
});

redisTest(test, 'answer nothing while they are paused', async (server) => {
  const client = server.client();
  await client.ping();
  server.pause();
  let isAnswered = false;
  const answer = client.ping().then(() => (isAnswered = true));
  await sleep(200);
  assert.not(isAnswered);
  server.resume();
  await answer;
});

redisTest(test, 'are reached through a proxy that holds, slows and cuts', async (server) => {
  const proxy = await server.proxy();
  const client = server.client();
  const far = client.duplicate({ port: proxy.port });
  far.on('error', () => undefined);
  try {
    await far.set('a', 1);
    proxy.delay(100);
    const began = Date.now();
    await far.ping();
    assert.ok(Date.now() - began >= 190, `${Date.now() - began}`);
    proxy.delay(0);
    proxy.hold('replies');
    const late = far.set('a', 2);
    while ((await client.get('a')) !== '2') await sleep(5);
    proxy.hold('nothing');
    await late;
    proxy.hold('both');
    const never = far.set('a', 3).catch((error: Error) => error);
    await sleep(50);
    assert.is(await client.get('a'), '2');
    proxy.refuse(true);
    proxy.hold('nothing');
    await sleep(100);
    assert.is(proxy.count, 0);
    proxy.refuse(false);
    await never;
    assert.is(await client.get('a'), '3', 'ioredis asks again once it is connected');
  } finally {
    far.disconnect();
  }
});

test.run();
