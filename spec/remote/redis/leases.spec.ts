// timeout: 180000
// weight: 3
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../../lib/index.js';
import type { RedisStore } from '../../../lib/remote/redis/redisStore.js';
import { random } from '../../../lib/testing/index.js';
import { redisTest, type RedisServer } from '../../support/redis.js';
import { get, logFor, me, readAll, refused, withStores, you } from './stores.js';

const test = suite('leases and fences in Redis');
const LEASE_MS = 600;
const log = logFor('r', 200);

/** What `held` tells, as it comes. */
const watch = (store: RedisStore, epoch: number): string[] => {
  const news: string[] = [];
  store.held('r', epoch).subscribe({
    error: ({ type, message }: Error & { readonly type: string }) => news.push(`${type}: ${message}`),
    complete: () => news.push('released'),
  });
  return news;
};
const until = async (isSo: () => boolean, ms = 10_000): Promise<void> => {
  for (const end = Date.now() + ms; !isSo(); await sleep(5)) assert.ok(Date.now() < end, 'in time');
};

redisTest(test, 'a run of which nothing is heard can be had by others, once its lease is over', (server) =>
  withStores(server, async (open) => {
    const proxy = await server.proxy();
    const [zombie, heir] = [open({ connection: proxy.url, leaseMs: 2_000 }), open({ leaseMs: LEASE_MS })];
    const first = await get(zombie.acquire('r', me));
    await get(zombie.append('r', first.epoch, 0, log.slice(0, 2), {}));
    const news = watch(zombie, first.epoch);
    proxy.hold('both');
    const began = Date.now();
    assert.is((await refused(heir.acquire('r', you))).type, 'OwnedElsewhere');
    assert.is((await refused(heir.remove('r'))).type, 'OwnedElsewhere');
    for (;;) {
      const answer = await heir.acquire('r', you)();
      if (answer._tag === 'Right') break;
      await sleep(50);
    }
    const took = Date.now() - began;
    assert.ok(took > 500 && took < 4_000, `${took} ms`);
    assert.equal(news, [], 'it can not know yet');
    proxy.cut();
    proxy.hold('nothing');
    await until(() => news.length > 0);
    assert.match(news[0]!, /^Fenced: Another process has taken run "r" over/);
    const { type, message } = await refused(zombie.append('r', first.epoch, 2, log.slice(2), {}));
    assert.is(type, 'Fenced');
    assert.match(
      message,
      `Another process has taken run "r" over (process ${process.pid} since 1970-01-01T00:00:02.000Z)`,
    );
    assert.equal(await readAll(heir, 'r'), log.slice(0, 2));
    assert.equal(
      (await get(heir.runs({ withOwner: true }))).map(({ owner }) => owner?.id),
      ['you'],
    );
  }),
);

redisTest(test, 'an outage costs nothing, also one that is longer than the lease, if nobody else has come', (server) =>
  withStores(server, async (open) => {
    const store = open({ leaseMs: 3_000 });
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    const news = watch(store, epoch);
    await server.restart(1_000);
    await sleep(3_000);
    assert.equal(news, []);
    await server.restart(4_000);
    await sleep(1_000);
    assert.equal(news, []);
    // Nobody else has taken it: what is under way may still be written, and the run given free.
    await get(store.append('r', epoch, 2, log.slice(2, 4), {}));
    assert.match((await refused(open().acquire('r', you))).type, 'OwnedElsewhere');
    await get(store.release('r', epoch));
    await get(open().acquire('r', you));
  }),
);

redisTest(test, 'a process that stood still for longer than its lease goes on if nobody has come', (server) =>
  withStores(server, async (open) => {
    const store = open({ leaseMs: LEASE_MS });
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    const news = watch(store, epoch);
    for (const end = Date.now() + 2 * LEASE_MS; Date.now() < end;);
    await sleep(LEASE_MS / 2);
    assert.equal(news, []);
    assert.is((await refused(open().acquire('r', you))).type, 'OwnedElsewhere', 'renewed');
  }),
);

redisTest(test, 'a run that never began leaves nothing behind', (server) =>
  withStores(server, async (open) => {
    const client = server.client();
    const store = open({ leaseMs: LEASE_MS });
    const first = await get(store.acquire('r', me));
    await sleep(4 * LEASE_MS);
    assert.is(await client.exists('rxdag:{r}:run'), 1, 'it is held');
    await get(store.release('r', first.epoch));
    assert.is(await client.exists('rxdag:{r}:run'), 0);
    const proxy = await server.proxy();
    await get(open({ connection: proxy.url, leaseMs: LEASE_MS }).acquire('r', me));
    proxy.refuse(true);
    await sleep(5 * LEASE_MS);
    assert.is(await client.exists('rxdag:{r}:run'), 0);
    assert.equal(await get(store.runs()), []);
  }),
);

redisTest(test, 'two who fight over a run: one at a time writes, and the log has neither gap nor double', (server) =>
  withStores(server, async (open) => {
    const chance = random(7);
    let isOver = false;
    const written: ExecutionEvent[] = [];
    let [takeOvers, fences] = [0, 0];
    const fight = async (name: string): Promise<void> => {
      const store = open({ leaseMs: LEASE_MS });
      while (!isOver) {
        const taken = await store.acquire('r', { id: name, startedAt: 1 }, { takeOver: chance.chance(0.3) })();
        if (taken._tag === 'Left') {
          assert.is(taken.left.type, 'OwnedElsewhere', taken.left.message);
          await sleep(chance.int(1, 20));
          continue;
        }
        takeOvers++;
        const { epoch } = taken.right;
        let seq = (await readAll(store, 'r')).length;
        for (let appends = chance.int(1, 60); appends > 0 && !isOver; appends--) {
          const count = chance.int(1, 4);
          const value = `${name} ${epoch}`;
          const events = logFor('r', seq + count, value).slice(seq);
          const answer = await store.append('r', epoch, seq, events, {})();
          if (answer._tag === 'Left') {
            assert.is(answer.left.type, 'Fenced', answer.left.message); // a Conflict would be a second writer
            fences++;
            break;
          }
          written.push(...events);
          seq += count;
        }
        await get(store.release('r', epoch));
      }
    };
    const fights = ['one', 'two', 'three'].map(fight);
    await sleep(5_000);
    isOver = true;
    await Promise.all(fights);
    const log = await readAll(open(), 'r');
    console.log(`${takeOvers} owners, ${fences} of them fenced, ${log.length} events`);
    assert.ok(takeOvers > 10 && fences > 3);
    assert.equal(
      log.map(({ seq }) => seq),
      log.map((_, i) => i + 1),
    );
    assert.equal(
      log,
      written.toSorted((a, b) => a.seq - b.seq),
    );
    const epochs = log.slice(1).map((event) => Number(String((event as { value?: unknown }).value).split(' ')[1]));
    assert.equal(
      epochs,
      epochs.toSorted((a, b) => a - b),
      'whoever was overtaken wrote nothing more',
    );
  }),
);

/** Where a log is not the beginning of another. */
const firstDifference = (log: readonly ExecutionEvent[], whole: readonly ExecutionEvent[]): number =>
  log.findIndex((event, i) => JSON.stringify(event) !== JSON.stringify(whole[i]));

/** Kills a server, takes the end of what it has kept, and starts it again: what a power cut does. */
const powerCut = async (server: RedisServer, bytes: number): Promise<void> => {
  await server.kill();
  server.cutTail(bytes);
  await server.start();
};

redisTest(test, 'a lost tail is told to the owner, who reads again and goes on, however often it happens', (server) =>
  withStores(server, async (open) => {
    const chance = random(11);
    const store = open({ leaseMs: 60_000 });
    const counts = new Map<string, number>();
    // Only what was lost with the tail may differ from what was stored last.
    let stored: readonly ExecutionEvent[] = [];
    for (let round = 0; round < 40; round++) {
      const { epoch } = await get(store.acquire('r', me));
      const events = await readAll(store, 'r');
      assert.is(firstDifference(events, stored), -1, `round ${round}: what is left is the beginning`);
      assert.ok(stored.length - events.length <= 30, `round ${round}: ${events.length} of ${stored.length} are left`);
      const answered = (await get(store.answered('r')))['h'] ?? 0;
      assert.is(answered, events.length, `round ${round}`);
      stored = events;
      for (let i = chance.int(1, 12); i > 0; i--) {
        const value = `${round} ${'x'.repeat(chance.int(0, 300))}`;
        const more = logFor('r', stored.length + chance.int(1, 3), value).slice(stored.length);
        await get(store.append('r', epoch, stored.length, more, { h: stored.length + more.length }));
        stored = [...stored, ...more];
      }
      if (chance.chance(0.3)) await server.restart();
      else {
        await powerCut(server, chance.int(1, chance.chance(0.2) ? 2_000 : 400));
        const next = logFor('r', stored.length + 1).slice(stored.length);
        const answer = await store.append('r', epoch, stored.length, next, { h: stored.length + 1 })();
        const outcome = answer._tag === 'Right' ? 'nothing lost' : answer.left.type;
        if (answer._tag === 'Right') stored = [...stored, ...next];
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      }
    }
    console.log([...counts].map(([type, count]) => `${type} ${count}`).join(', '));
    for (const type of counts.keys()) assert.ok(['Diverged', 'Fenced', 'nothing lost'].includes(type), type);
  }),
);

redisTest(test, 'no epoch comes again, though all of Redis were lost', (server) =>
  withStores(server, async (open) => {
    const [first, second] = [open({ leaseMs: 60_000 }), open()];
    const one = await get(first.acquire('r', me));
    await get(first.append('r', one.epoch, 0, log.slice(0, 3), {}));
    await powerCut(server, server.tail);
    const other = await get(second.acquire('r', me)); // even with the same owner's name
    assert.ok(other.epoch > one.epoch);
    await get(second.append('r', other.epoch, 0, log.slice(0, 3), {}));
    const { type } = await refused(first.append('r', one.epoch, 3, log.slice(3, 4), {}));
    assert.is(type, 'Fenced');
    await get(first.release('r', one.epoch));
    await get(second.append('r', other.epoch, 3, log.slice(3), {}));
    assert.equal(await readAll(second, 'r'), log);
  }),
);

redisTest(test, 'epochs grow although the clock goes back', (server) =>
  withStores(server, async (open) => {
    const store = open();
    const client = server.client();
    const future = (Date.now() + 86_400_000) * 1_000;
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 3), {}));
    await client.hset('rxdag:{r}:run', 'epoch', future);
    const second = await get(store.acquire('r', me));
    assert.is(second.epoch, future + 1);
    await get(store.append('r', second.epoch, 3, log.slice(3), {}));
    assert.equal(await readAll(store, 'r'), log);
  }),
);

test.run();
