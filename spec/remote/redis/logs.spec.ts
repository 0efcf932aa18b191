// timeout: 240000
// weight: 4
import { Cluster } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../../lib/index.js';
import { decodeName, encodeName } from '../../../lib/remote/redis/names.js';
import { hostileTexts } from '../../support/hostileTexts.js';
import { redisTest, type RedisServer } from '../../support/redis.js';
import type { RedisStore } from '../../../lib/remote/redis/redisStore.js';
import { faultIn, get, logFor, me, readAll, refused, withStores, you } from './stores.js';

const test = suite('logs in Redis');
const LOG = 'rxdag:{r}:log';
const RUN = 'rxdag:{r}:run';

/** Keeps a log of so many events, and lets go of it. */
const keep = async (store: RedisStore, runId: string, log: readonly ExecutionEvent[]): Promise<void> => {
  const { epoch } = await get(store.acquire(runId, me));
  await get(store.append(runId, epoch, 0, log, { h: 1 }));
  await get(store.release(runId, epoch));
};

/** Sees to it that a test does not hold up the server for longer than this, in milliseconds. */
const slowest = async (server: RedisServer): Promise<{ end(): Promise<number> }> => {
  const client = server.client();
  await client.config('SET', 'slowlog-log-slower-than', '1000');
  await client.call('SLOWLOG', 'RESET');
  return {
    end: async () => {
      const entries = (await client.call('SLOWLOG', 'GET', '128')) as readonly (readonly [number, number, number])[];
      return Math.max(0, ...entries.map(([, , micros]) => micros)) / 1_000;
    },
  };
};

redisTest(test, 'take whatever a run may be called', (server) =>
  withStores(server, async (open) => {
    const store = open();
    const names = new Set([
      'a{b}c',
      '{',
      '}{',
      '{r}:log',
      'r:log',
      'rxdag:runs',
      '__proto__',
      'constructor',
      'x'.repeat(1_000),
      'ü'.repeat(1_000),
      '🧵%u1234 %25',
      'lone\ud800half',
      ' \n\t*?[a]\\',
      '.',
      '..',
      ...hostileTexts.filter((text) => text !== ''),
    ]);
    for (const name of names) {
      assert.is(decodeName(encodeName(name)), name);
      assert.not.match(encodeName(name), /[{}:\s]/);
      await keep(store, name, logFor(name, 3));
    }
    for (const name of names) {
      assert.equal(await readAll(store, name), logFor(name, 3), name);
      assert.equal(await get(store.answered(name)), { h: 1 });
      assert.equal(
        (await get(store.runs({ runId: name }))).map(({ runId }) => runId),
        [name],
      );
    }
    assert.equal(new Set((await get(store.runs())).map(({ runId }) => runId)), names);
    for (const name of names) await get(store.remove(name));
    assert.equal(await server.client().keys('*'), []);
  }),
);

redisTest(test, 'say what is damaged in them, and read up to there', (server) =>
  withStores(server, async (open) => {
    const client = server.client();
    const store = open();
    const log = logFor('r', 30);
    const damages: Readonly<Record<string, (entries: [id: string, fields: string[]][]) => Promise<unknown>>> = {
      'an event is missing': (entries) => client.xdel(LOG, entries[4]![0]),
      'the first event is missing': (entries) => client.xdel(LOG, entries[0]![0]),
      'the last event is missing': (entries) => client.xdel(LOG, entries.at(-1)![0]),
      'the log is missing': () => client.del(LOG),
      'it was cut from the front': () => client.xtrim(LOG, 'MAXLEN', 10),
    };
    for (const [what, damage] of Object.entries(damages)) {
      await keep(store, 'r', log);
      await damage(await client.xrange(LOG, '-', '+'));
      assert.is(await faultIn(store, 'r'), 'JournalCorrupt', what);
      const { epoch } = await get(store.acquire('r', me));
      const next = logFor('r', 31).slice(30);
      assert.is((await refused(store.append('r', epoch, 30, next, {}))).type, 'JournalCorrupt', what);
      await get(store.release('r', epoch));
      await get(store.remove('r'));
    }
    // What does not count does no harm, unless nothing can come behind it.
    await keep(store, 'r', log);
    await client.xadd(LOG, `${2 ** 60}-1`, 'x', 'y');
    assert.equal(await readAll(store, 'r'), log);
    const { epoch } = await get(store.acquire('r', me));
    assert.is((await refused(store.append('r', epoch, 30, logFor('r', 31).slice(30), {}))).type, 'JournalCorrupt');
    await get(store.release('r', epoch));
    await get(store.remove('r'));
    // What is inside an entry can't be changed in a stream: it is written again with another text.
    const texts = ['{', '"text"', 'null', '[]', '{}', '{"seq":5}', '{"seq":"5","type":"RunPaused","at":1}', ''];
    for (const text of [...texts, JSON.stringify({ ...log[4]!, seq: 6 })]) {
      await keep(store, 'r', log);
      const entries = await client.xrange(LOG, '-', '+');
      await client.del(LOG);
      for (const [id, fields] of entries) await client.xadd(LOG, id, 'e', id.endsWith('-5') ? text : fields[1]!);
      const read: ExecutionEvent[] = [];
      try {
        for await (const event of store.read('r')) read.push(event);
        assert.unreachable(text);
      } catch (error) {
        assert.match((error as Error).message, 'The log of run "r" is damaged at event 5.', text);
      }
      assert.equal(read, log.slice(0, read.length));
      assert.equal(await readAll(store, 'r', 6), log.slice(5), 'behind it all is well');
      await get(store.remove('r'));
    }
  }),
);

redisTest(test, 'are listed with what is damaged, or not at all', (server) =>
  withStores(server, async (open) => {
    const client = server.client();
    const store = open();
    const changes: readonly (readonly [field: string, value: string])[] = [
      ['status', 'happy'],
      ['seq', 'many'],
      ['startedAt', ''],
      ['dagName', 'no JSON'],
      ['born', '-1'],
      ['endedAt', 'soon'],
      ['format', '2'],
    ];
    for (const [field, value] of changes) {
      await keep(store, 'r', logFor('r', 3));
      if (field === 'status') await keep(store, 'newer', logFor('newer', 3));
      await client.hset(RUN, field, value);
      const { type } = await refused(store.runs());
      assert.is(type, field === 'format' ? 'NewerFormat' : 'JournalCorrupt', field);
      const runs = await get(store.runs({ withDamaged: true, status: 'running' }));
      assert.equal(runs.map(({ runId, damage }) => `${runId} ${damage !== undefined}`).toSorted(), [
        'newer false',
        'r true',
      ]);
      await get(store.remove('r'));
    }
    await client.zadd('rxdag:runs', 1, '%', 1, 'gone');
    assert.equal(
      (await get(store.runs())).map(({ runId }) => runId),
      ['newer'],
    );
    await client.set(RUN, 'a text');
    await client.zadd('rxdag:runs', 1, 'r');
    for (const call of [store.runs(), store.acquire('r', me), store.remove('r')]) {
      const { type, message } = await refused(call);
      assert.is(type, 'ForeignFile');
      assert.match(
        message,
        /^Redis at 127\.0\.0\.1:\d+ holds something else where the store keeps its runs; give it a prefix/,
      );
    }
  }),
);

redisTest(test, 'of a newer version are refused', (server) =>
  withStores(server, async (open) => {
    const store = open();
    const client = server.client();
    await keep(store, 'r', logFor('r', 3));
    const { epoch } = await get(store.acquire('r', me));
    await client.hset(RUN, 'format', 2);
    assert.is(await faultIn(store, 'r'), 'NewerFormat');
    const { type, message } = await refused(open().acquire('r', you, { takeOver: true }));
    assert.is(type, 'NewerFormat');
    assert.match(message, 'Run "r" has format 2; this version of rxdag reads up to 1, so use a newer one.');
    assert.is((await refused(store.append('r', epoch, 3, logFor('r', 4).slice(3), {}))).type, 'NewerFormat');
  }),
);

redisTest(test, 'take 100,000 events at once, all or nothing, at the beginning and behind others', (server) =>
  withStores(server, async (open) => {
    const store = open({ leaseMs: 60_000 });
    const client = server.client();
    const log = logFor('r', 200_000);
    const { epoch } = await get(store.acquire('r', me));
    const watch = await slowest(server);
    const times: number[] = [];
    for (const [from, to] of [
      [0, 100_000],
      [100_000, 200_000],
    ] as const) {
      const began = Date.now();
      await get(store.append('r', epoch, from, log.slice(from, to), {}));
      times.push(Date.now() - began);
    }
    console.log(`100,000 events in ${times.join(' and ')} ms; longest command ${Math.round(await watch.end())} ms`);
    const began = Date.now();
    const read = await readAll(store, 'r');
    console.log(`200,000 events read in ${Date.now() - began} ms`);
    assert.is(read.length, log.length);
    assert.equal(read.at(-1), log.at(-1));
    assert.ok(read.every(({ seq }, i) => seq === i + 1));
    assert.is(await client.pttl(LOG), -1);
    assert.is(await client.pttl(RUN), -1);
    // One that is refused leaves nothing, however large it is.
    assert.is((await refused(store.append('r', epoch, 5, log.slice(5, 3_000), {}))).type, 'Conflict');
    assert.is(await client.xlen(LOG), log.length);
    await get(store.append('r', epoch, 100_000, log.slice(100_000), {})); // the same once more
    assert.is(await client.xlen(LOG), log.length);
  }),
);

redisTest(test, 'count a large batch only once all of it is there, and take it again', (server) =>
  withStores(server, async (open) => {
    const proxy = await server.proxy();
    const [store, other] = [open({ connection: proxy.url }), open()];
    const client = server.client();
    const log = logFor('r', 20_000);
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 10), {}));
    let isOver = false;
    const seen = new Set<number>();
    const watch = (async (): Promise<void> => {
      for (let i = 0; !isOver; i++) {
        seen.add((await readAll(other, 'r')).length);
        if (i % 5 === 4) proxy.cut();
      }
    })();
    for (;;) {
      const answer = await store.append('r', epoch, 10, log.slice(10), {})();
      if (answer._tag === 'Right') break;
      assert.is(answer.left.type, 'StoreUnavailable');
    }
    isOver = true;
    await watch;
    assert.equal(
      [...seen].filter((size) => size !== 10 && size !== log.length),
      [],
    );
    assert.equal(await readAll(other, 'r'), log);
    assert.is(await client.xlen(LOG), log.length);
  }),
);

redisTest(test, 'count nothing of a batch whose owner has died in it', (server) =>
  withStores(server, async (open) => {
    const proxy = await server.proxy();
    const [store, heir] = [open({ connection: proxy.url }), open()];
    const client = server.client();
    const log = logFor('r', 5_000);
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 10), {}));
    proxy.delay(20);
    const appended = store.append('r', epoch, 10, log.slice(10), {})();
    while ((await client.xlen(LOG)) < 1_000) await client.ping();
    const second = await get(heir.acquire('r', you, { takeOver: true }));
    assert.is(((await appended) as { readonly left?: { readonly type: string } }).left?.type, 'Fenced');
    const left = await client.xlen(LOG);
    assert.ok(left > 1_000 && left < 5_000, `${left}`);
    assert.equal(await readAll(heir, 'r'), log.slice(0, 10));
    assert.is((await get(heir.runs()))[0]!.seq, 10);
    const others = logFor('r', 3_000, 'of another').slice(10);
    await get(heir.append('r', second.epoch, 10, others.slice(0, 5), {}));
    await get(heir.append('r', second.epoch, 15, others.slice(5), {}));
    assert.equal(await readAll(heir, 'r'), [...log.slice(0, 10), ...others]);
    assert.equal(await readAll(heir, 'r', 2_000), others.slice(1_989));
  }),
);

redisTest(test, 'take outputs of 64 MiB, and many large ones', (server) =>
  withStores(server, async (open) => {
    const store = open({ leaseMs: 60_000 });
    const [first] = logFor('r', 1);
    const output = (seq: number, size: number): ExecutionEvent =>
      ({ ...logFor('r', 2, 'é'.repeat(size / 2))[1]!, seq }) as ExecutionEvent;
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, [first!], {}));
    const one = output(2, 64 * 2 ** 20);
    const began = Date.now();
    await get(store.append('r', epoch, 1, [one], {}));
    const took = Date.now() - began;
    const many = Array.from({ length: 12 }, (_, i) => output(3 + i, 4 * 2 ** 20));
    await get(store.append('r', epoch, 2, many, {}));
    console.log(`an output of 64 MiB in ${took} ms, 12 of 4 MiB in ${Date.now() - began - took} ms`);
    let seq = 0;
    for await (const event of store.read('r')) {
      seq++;
      assert.is(JSON.stringify(event) === JSON.stringify([first, one, ...many][seq - 1]), true);
    }
    assert.is(seq, 14);
  }),
);

redisTest(
  test,
  'take many thousand events a second, on a busy machine, too',
  (server) =>
    withStores(server, async (open) => {
      const store = open();
      const log = logFor('r', 40_001);
      const { epoch } = await get(store.acquire('r', me));
      const rates: string[] = [];
      let seq = 0;
      let best = 0;
      for (const size of [1, 10, 100]) {
        const began = performance.now();
        const from = seq;
        while (performance.now() - began < 1_000 && seq + size < log.length) {
          await get(store.append('r', epoch, seq, log.slice(seq, seq + size), {}));
          seq += size;
        }
        const rate = Math.round(((seq - from) / (performance.now() - began)) * 1_000);
        best = Math.max(best, rate);
        rates.push(`${rate} by ${size}`);
      }
      console.log(`events a second: ${rates.join(', ')}`);
      assert.ok(best > 5_000);
      assert.equal(await readAll(store, 'r'), log.slice(0, seq));
    }),
  { appendfsync: 'everysec' },
);

redisTest(
  test,
  'lie each in one slot of a cluster',
  (server) =>
    withStores(server, async (open) => {
      const client = server.client();
      await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      while (!(await client.cluster('INFO')).includes('cluster_state:ok'));
      const cluster = new Cluster([{ host: '127.0.0.1', port: server.port }], { lazyConnect: true });
      for (const connection of [server.url, cluster]) {
        const store = open({ connection, prefix: typeof connection === 'string' ? 'one' : 'two' });
        for (const runId of ['r', 'a{b}', '{}']) {
          const log = logFor(runId, 3_000);
          await keep(store, runId, log.slice(0, 2));
          const { epoch } = await get(store.acquire(runId, me));
          await get(store.append(runId, epoch, 2, log.slice(2), {}));
          assert.equal(await readAll(store, runId), log);
          await get(store.release(runId, epoch));
        }
        assert.is((await get(store.runs({ withOwner: true, isOpen: true }))).length, 3);
        await get(store.remove('r'));
        assert.is((await get(store.runs())).length, 2);
      }
      cluster.disconnect();
    }),
  { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' },
);

test.run();
