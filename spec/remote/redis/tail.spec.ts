// timeout: 120000
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../../lib/index.js';
import type { RedisStore } from '../../../lib/remote/redis/redisStore.js';
import { settled } from '../../support/logOf.js';
import { redisTest } from '../../support/redis.js';
import { get, logFor, me, withStores, you } from './stores.js';

const test = suite('tails of logs in Redis');
const started = logFor('r', 200);
const log: readonly ExecutionEvent[] = [...started, { seq: 201, at: started[0]!.at, ...settled() } as ExecutionEvent];

interface Followed {
  readonly events: ExecutionEvent[];
  /** How it ended. */
  end: string | undefined;
  readonly ended: Promise<void>;
}

/** Follows a log and keeps what comes. */
const follow = (store: RedisStore, fromSeq?: number): Followed => {
  const events: ExecutionEvent[] = [];
  const followed: { events: ExecutionEvent[]; end: string | undefined; ended: Promise<void> } = {
    events,
    end: undefined,
    ended: Promise.resolve(),
  };
  followed.ended = (async () => {
    try {
      for await (const event of store.tail('r', fromSeq)) events.push(event);
      followed.end = 'done';
    } catch (error) {
      followed.end = (error as { readonly type: string }).type;
    }
  })();
  return followed;
};
const until = async (isSo: () => boolean, ms = 15_000): Promise<void> => {
  for (const end = Date.now() + ms; !isSo(); await sleep(2)) assert.ok(Date.now() < end, 'in time');
};
const connections = async (client: { client(subcommand: 'LIST'): Promise<unknown> }): Promise<number> =>
  String(await client.client('LIST'))
    .trim()
    .split('\n').length;

redisTest(test, 'give a live log as it grows, from any event on, and end with the run', (server) =>
  withStores(server, async (open) => {
    const [writer, reader] = [open(), open()];
    const early = follow(reader);
    const ahead = follow(reader, 150);
    await sleep(100);
    const { epoch } = await get(writer.acquire('r', me));
    const delays: number[] = [];
    for (let seq = 0; seq < log.length; seq++) {
      const began = performance.now();
      await get(writer.append('r', epoch, seq, log.slice(seq, seq + 1), {}));
      await until(() => early.events.length > seq);
      delays.push(performance.now() - began);
    }
    await Promise.all([early.ended, ahead.ended]);
    assert.equal([early.end, ahead.end], ['done', 'done']);
    assert.equal(early.events, log);
    assert.equal(ahead.events, log.slice(149));
    const late = follow(reader, 200);
    await late.ended;
    assert.equal(late.events, log.slice(199), 'one that has ended');
    console.log(`an event is stored and followed in ${delays.toSorted((a, b) => a - b)[100]!.toFixed(1)} ms (median)`);
  }),
);

redisTest(test, 'end at once by return, also while they wait, and leave no connection', (server) =>
  withStores(server, async (open) => {
    const client = server.client();
    const store = open();
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    const before = await connections(client);
    const tail = store.tail('r')[Symbol.asyncIterator]();
    assert.is((await tail.next()).value.seq, 1);
    assert.is((await tail.next()).value.seq, 2);
    const waiting = tail.next();
    while ((await connections(client)) === before) await sleep(5);
    const began = Date.now();
    assert.equal(await tail.return!(), { done: true, value: undefined });
    assert.equal(await waiting, { done: true, value: undefined });
    assert.ok(Date.now() - began < 500, `${Date.now() - began} ms`);
    assert.equal(await tail.next(), { done: true, value: undefined });
    while ((await connections(client)) > before) await sleep(5);
    for await (const event of store.tail('r')) if (event.seq === 2) break;
    await sleep(50);
    assert.is(await connections(client), before);
    const last = follow(store);
    await until(() => last.events.length === 2);
    await store.close();
    await last.ended;
    assert.is(last.end, 'Fenced', 'a closed store');
  }),
);

redisTest(test, 'wait through outages', (server) =>
  withStores(server, async (open) => {
    const proxy = await server.proxy();
    const [writer, reader] = [open(), open({ connection: proxy.url })];
    const { epoch } = await get(writer.acquire('r', me));
    const followed = follow(reader);
    for (let seq = 0; seq < log.length; seq += 20) {
      await get(writer.append('r', epoch, seq, log.slice(seq, seq + 20), {}));
      if (seq === 20) proxy.cut();
      if (seq === 60) {
        proxy.refuse(true);
        setTimeout(() => proxy.refuse(false), 3_000);
      }
      if (seq === 100) await server.restart(500);
      await sleep(30);
    }
    await followed.ended;
    assert.is(followed.end, 'done');
    assert.equal(followed.events, log);
  }),
);

redisTest(test, 'say so when what they have given is gone', (server) =>
  withStores(server, async (open) => {
    const [writer, reader] = [open(), open()];
    const append = async (epoch: number, from: number, to: number, value?: string): Promise<void> =>
      get(writer.append('r', epoch, from, logFor('r', to, value).slice(from), {}));
    const first = await get(writer.acquire('r', me));
    await append(first.epoch, 0, 10);
    // Removed:
    let followed = follow(reader);
    await until(() => followed.events.length === 10);
    await get(writer.release('r', first.epoch));
    await get(writer.remove('r'));
    await followed.ended;
    assert.is(followed.end, 'Diverged');
    // Cut off by a crash, with other events behind what is left:
    const second = await get(writer.acquire('r', me));
    await append(second.epoch, 0, 5);
    const size = server.tail;
    await append(second.epoch, 5, 10);
    followed = follow(reader);
    await until(() => followed.events.length === 10);
    await server.kill();
    server.cutTail(server.tail - size);
    await server.start();
    const heir = await get(writer.acquire('r', you, { takeOver: true }));
    await append(heir.epoch, 5, 30, 'other news');
    await followed.ended;
    assert.is(followed.end, 'Diverged');
    assert.equal(followed.events, logFor('r', 10));
  }),
);

redisTest(test, 'ask no more often than they must where something lies in a log that does not count', (server) =>
  withStores(server, async (open) => {
    const client = server.client();
    const [writer, reader] = [open(), open()];
    const { epoch } = await get(writer.acquire('r', me));
    await get(writer.append('r', epoch, 0, log.slice(0, 5), {}));
    await client.xadd('rxdag:{r}:log', `${epoch}-6`, 'e', JSON.stringify(log[5]));
    const followed = follow(reader);
    await until(() => followed.events.length === 5);
    const calls = async (): Promise<number> =>
      Number(/cmdstat_xread:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
    const before = await calls();
    await sleep(2_000);
    const asked = (await calls()) - before;
    assert.ok(asked > 0 && asked < 20, `${asked} times`);
    const next = await get(writer.acquire('r', me));
    await get(writer.append('r', next.epoch, 5, log.slice(5), {}));
    await followed.ended;
    assert.equal(followed.events, log);
  }),
);

test.run();
