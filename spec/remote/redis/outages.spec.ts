// timeout: 180000
// weight: 4
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redisStore } from '../../../lib/remote/redis/redisStore.js';
import { redisTest } from '../../support/redis.js';
import { get, logFor, me, readAll, refused, withStores } from './stores.js';

const test = suite('Redis away');
const ANSWER_MS_MAX = 5_000;
const log = logFor('r', 40);

redisTest(test, 'is told in one sentence and in time, by every call; once it is back all goes on', (server) =>
  withStores(server, async (open) => {
    const store = open();
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), { h: 1 }));
    await server.kill();
    const began = Date.now();
    const calls = [
      store.acquire('r', me),
      store.append('r', epoch, 2, log.slice(2, 4), {}),
      store.answered('r'),
      store.runs(),
      store.runs({ runId: 'r' }),
      store.remove('other'),
    ];
    const answers = await Promise.all(calls.map((call) => refused(call)));
    for (const { type, message } of answers) {
      assert.is(type, 'StoreUnavailable');
      assert.match(message, /^Redis at 127\.0\.0\.1:\d+ can't be used at the moment: connect ECONNREFUSED [\d.:]+\.$/);
    }
    await readAll(store, 'r').then(
      () => assert.unreachable('it can not be read'),
      ({ type }) => assert.is(type, 'StoreUnavailable'),
    );
    assert.ok(Date.now() - began < 2 * ANSWER_MS_MAX, `${Date.now() - began} ms`);
    await server.start();
    await get(store.append('r', epoch, 2, log.slice(2), { h: 3 }));
    assert.equal(await readAll(store, 'r'), log);
    assert.equal(await get(store.answered('r')), { h: 3 });
  }),
);

redisTest(test, 'from the beginning ends nothing: a store waits for it', (server) =>
  withStores(server, async (open) => {
    await server.kill();
    const store = open();
    const began = Date.now();
    assert.is((await refused(store.runs())).type, 'StoreUnavailable');
    assert.ok(Date.now() - began < ANSWER_MS_MAX, `${Date.now() - began} ms`);
    await server.start();
    assert.equal(await get(store.runs()), []);
    const early = open({ connection: 'redis://127.0.0.1:1' });
    assert.match((await refused(early.runs())).message, 'connect ECONNREFUSED 127.0.0.1:1');
  }),
);

redisTest(test, 'for a second is not noticed by an append', (server) =>
  withStores(server, async (open) => {
    const store = open();
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    const away = server.restart(700);
    await get(store.append('r', epoch, 2, log.slice(2), {}));
    await away;
    assert.equal(await readAll(store, 'r'), log);
  }),
);

redisTest(test, 'and stopped where it stands answers in time, and goes on with what it was asked', (server) =>
  withStores(server, async (open) => {
    const store = open();
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    server.pause();
    const began = Date.now();
    const { type, message } = await refused(store.append('r', epoch, 2, log.slice(2), {}));
    assert.is(type, 'StoreUnavailable');
    assert.match(message, /it does not answer\.$/);
    assert.ok(Date.now() - began < ANSWER_MS_MAX, `${Date.now() - began} ms`);
    server.resume();
    await get(store.append('r', epoch, 2, log.slice(2), {})); // whether or not it was done meanwhile
    assert.equal(await readAll(store, 'r'), log);
  }),
);

redisTest(test, 'behind a network that loses all costs one renewed connection', (server) =>
  withStores(server, async (open) => {
    const proxy = await server.proxy();
    const store = open({ connection: proxy.url });
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    proxy.hold('both');
    assert.is((await refused(store.append('r', epoch, 2, log.slice(2), {}))).type, 'StoreUnavailable');
    proxy.cut(); // what is held up is lost
    proxy.hold('nothing');
    await get(store.append('r', epoch, 2, log.slice(2), {}));
    assert.equal(await readAll(store, 'r'), log);
  }),
);

redisTest(test, 'with the reply to an append: the append is done once', (server) =>
  withStores(server, async (open) => {
    const proxy = await server.proxy();
    const store = open({ connection: proxy.url });
    const client = server.client();
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 1), {})); // with it Redis knows the script
    for (let seq = 1; seq < log.length; seq++) {
      proxy.hold('replies');
      const appended = get(store.append('r', epoch, seq, log.slice(seq, seq + 1), {}));
      while ((await client.xlen('rxdag:{r}:log')) === seq) await sleep(2);
      proxy.cut();
      proxy.hold('nothing');
      await appended;
    }
    assert.equal(await readAll(store, 'r'), log);
  }),
);

redisTest(test, 'and again, at random: no event is lost, none comes twice', (server) =>
  withStores(server, async (open) => {
    const proxy = await server.proxy();
    const store = open({ connection: proxy.url });
    const { epoch } = await get(store.acquire('r', me));
    let isOver = false;
    const trouble = (async (): Promise<void> => {
      for (let i = 0; !isOver; i++) {
        await sleep(20 + ((i * 7) % 60));
        proxy.cut();
      }
    })();
    const long = logFor('r', 400);
    let retries = 0;
    for (let seq = 0; seq < long.length;) {
      const count = 1 + (seq % 7);
      const answer = await store.append('r', epoch, seq, long.slice(seq, seq + count), {})();
      if (answer._tag === 'Right') seq += Math.min(count, long.length - seq);
      else if (answer.left.type === 'StoreUnavailable') retries++;
      else throw new Error(`${answer.left.type}: ${answer.left.message}`);
    }
    isOver = true;
    await trouble;
    console.log(`${retries} appends were asked for again`);
    assert.equal(await readAll(store, 'r'), long);
  }),
);

redisTest(
  test,
  'for want of memory: writes are refused as unavailable, all or nothing, and work once there is some',
  (server) =>
    withStores(server, async (open) => {
      const store = open();
      const client = server.client();
      const { epoch } = await get(store.acquire('r', me));
      await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
      await client.config('SET', 'maxmemory', '1mb');
      const { type, message } = await refused(store.append('r', epoch, 2, log.slice(2), {}));
      assert.is(type, 'StoreUnavailable');
      assert.match(message, 'OOM');
      assert.equal(await readAll(store, 'r'), log.slice(0, 2));
      await client.config('SET', 'maxmemory', '0');
      await get(store.append('r', epoch, 2, log.slice(2), {}));
      assert.equal(await readAll(store, 'r'), log);
    }),
);

redisTest(
  test,
  'for whoever has no right to it is told, without the password',
  (server) =>
    withStores(server, async (open) => {
      const { message } = await refused(open().runs());
      assert.match(message, /^Redis at 127\.0\.0\.1:\d+ can't be used at the moment: .*NOAUTH/);
      const wrong = await refused(open({ connection: `redis://:geheim@127.0.0.1:${server.port}` }).runs());
      assert.is(wrong.type, 'StoreUnavailable');
      assert.match(wrong.message, 'WRONGPASS');
      assert.not.match(wrong.message, 'geheim');
      assert.equal(await get(open({ connection: `redis://:secret@127.0.0.1:${server.port}` }).runs()), []);
    }),
  { requirepass: 'secret' },
);

redisTest(test, 'leaves alone a connection that was given, whose settings are taken', (server) =>
  withStores(server, async (open) => {
    const given = new Redis(server.port, '127.0.0.1', { keyPrefix: 'own:', maxRetriesPerRequest: null, db: 3 });
    const store = open({ connection: given });
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log, { h: 2 }));
    assert.equal(await readAll(store, 'r'), log);
    assert.equal((await given.keys('*')).toSorted(), [
      'own:rxdag:open',
      'own:rxdag:runs',
      'own:rxdag:{r}:log',
      'own:rxdag:{r}:run',
    ]);
    await store.close();
    assert.is(await given.ping(), 'PONG');
    given.disconnect();
    assert.is((await refused(store.runs())).type, 'Fenced', 'a closed store');
  }),
);

redisTest(test, 'as soon as a store is closed, with calls under way', (server) =>
  withStores(server, async (open) => {
    const store = open();
    await get(store.runs());
    server.pause();
    const under = refused(store.runs());
    const began = Date.now();
    await store.close();
    assert.ok(Date.now() - began < 2_000);
    const { type, message } = await under;
    assert.is(type, 'Fenced');
    assert.match(message, 'is closed');
    server.resume();
  }),
);

test('options that lead nowhere are refused at once', () => {
  const wrong = (options: object): string => {
    try {
      redisStore(options as Parameters<typeof redisStore>[0]);
      return 'nothing';
    } catch (error) {
      return `${(error as { readonly type: string }).type}: ${(error as Error).message}`;
    }
  };
  const connection = 'redis://127.0.0.1:6379';
  assert.match(wrong({}), /^InvalidOptions: The connection is undefined; give/);
  assert.match(
    wrong({ connection: 'http://u:pw@localhost' }),
    /^InvalidOptions: The connection is a text, but no (?!.*pw@)/,
  );
  assert.match(wrong({ connection, prefix: '' }), /^InvalidOptions: prefix is "";/);
  assert.match(wrong({ connection, prefix: 'a b' }), /^InvalidOptions: prefix is "a b";/);
  assert.match(
    wrong({ connection, leaseMs: 499 }),
    /^InvalidOptions: leaseMs is 499; give a whole number from 500 to 3600000/,
  );
  assert.match(wrong({ connection, lease: 1 }), /^InvalidOptions: The options of redisStore have no key "lease"/);
});

test.run();
