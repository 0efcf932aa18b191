// timeout: 240000
// alone
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action } from '../../../lib/define/action.js';
import type { NodeContext } from '../../../lib/define/NodeAction.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { startWorker, type RemoteWorker } from '../../../lib/remote/worker/startWorker.js';
import type { WorkerEvent } from '../../../lib/remote/worker/WorkerEvent.js';
import { listWorkers } from '../../../lib/remote/worker/listWorkers.js';
import type { WorkerRecord } from '../../../lib/remote/worker/WorkerRecord.js';
import type { WorkerOptions } from '../../../lib/remote/worker/WorkerOptions.js';
import { redisTest, type RedisServer } from '../../support/redis.js';
import { until } from '../until.js';
import { Desk, KEY } from './Desk.js';
import { jobOf } from './jobOf.js';

const test = suite('startWorker');

const actions = [
  action('double', ({ inputs }) => inputs.n * 2),
  action('boom', () => Promise.reject(new RangeError('boom'))),
  action('wait', ({ signal, inputs }: NodeContext<{ readonly ms?: number }>) =>
    sleep(inputs.ms ?? 60_000, 'waited', { signal }),
  ),
];

interface Here {
  readonly desk: Desk;
  readonly worker: RemoteWorker;
  readonly events: WorkerEvent[];
}

const given = (server: RedisServer): WorkerOptions => ({
  connection: server.url,
  key: signingKey(KEY),
  pool: 'heavy',
  actions,
  concurrency: 2,
});

const messageOf = async (rejected: Promise<unknown>): Promise<string> => {
  try {
    await rejected;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not reject');
};

const withWorker = async (
  server: RedisServer,
  options: Partial<WorkerOptions>,
  use: (here: Here) => Promise<void>,
): Promise<void> => {
  const worker = await startWorker({ ...given(server), ...options });
  const events: WorkerEvent[] = [];
  worker.event$.subscribe((event) => events.push(event));
  try {
    await use({ desk: new Desk(server), worker, events });
  } finally {
    await worker.close({ drainMs: 0 });
  }
};

redisTest(test, 'runs jobs of its pool and signs what comes of them', async (server) => {
  await withWorker(server, {}, async ({ desk, worker, events }) => {
    const jobs = [jobOf('double', { inputs: { n: 21 } }), jobOf('boom'), jobOf('unknown')];
    for (const job of jobs) await desk.submit(job);
    assert.equal(await desk.outcome(jobs[0]!), { type: 'succeeded', output: 42 });
    const boom = (await desk.outcome(jobs[1]!)) as { type: string; error: Error; isFinal: boolean };
    assert.equal([boom.type, boom.error.name, boom.isFinal], ['failed', 'RangeError', false]);
    const unknown = (await desk.outcome(jobs[2]!)) as { error: Error; isFinal: boolean };
    const sentence = 'The worker has no action "unknown"; start it with a module that exports it.';
    assert.equal([unknown.error.message, unknown.isFinal], [sentence, true]);
    assert.equal(worker.counts, { done: 3, failed: 2, refused: 0, released: 0 });
    const { id, runId, nodeId } = jobs[1]!;
    const what = { id, pool: 'heavy', runId, nodeId, attempt: 1, action: 'boom', delivery: 1 };
    const [started, ended] = events.filter((event) => 'id' in event && event.id === id);
    assert.equal(started, { at: started!.at, type: 'started', ...what });
    assert.ok(ended?.type === 'ended' && ended.ms >= 0);
    assert.equal(ended, { at: ended.at, type: 'ended', ...what, outcome: 'failed', ms: ended.ms, error: 'boom' });
  });
});

redisTest(
  test,
  'refuses what is not signed for it, in time and for its pool, and what it may not run',
  async (server) => {
    await withWorker(server, { allow: ['double'], messageBytesMax: 10_000 }, async ({ desk, worker, events }) => {
      const bad: [message: unknown, why: RegExp][] = [];
      const sealed = async (job = jobOf('double'), ttlMs = 60_000): Promise<unknown> => {
        const it = await desk.mail.sealJob(job, ttlMs);
        return it._tag === 'Right' ? it.right : undefined;
      };
      bad.push([await sealed(), /lies at/]); // signed for another id
      const other = new Desk(server, 'another key that is long enough, too');
      const forgery = jobOf('double', { nodeId: 'forged' });
      const forged = await other.mail.sealJob(forgery, 60_000);
      await desk.put(forgery, forged._tag === 'Right' && forged.right);
      const late = jobOf('double', { nodeId: 'late' });
      await desk.put(late, await sealed(late, -1));
      const elsewhere = jobOf('double', { nodeId: 'elsewhere', pool: 'light' });
      await desk.put({ ...elsewhere, pool: 'heavy' }, await sealed(elsewhere));
      for (const message of [
        'text',
        null,
        7,
        {},
        [],
        { v: 1, body: '{}', mac: '' },
        { v: 2 },
        { __proto__: null, v: 1 },
      ])
        bad.push([message, /job is|not signed/]);
      bad.push([{ v: 1, body: 'x'.repeat(10_001), mac: 'x' }, /10000 are the limit/]);
      const jobs = bad.map((_, i) => jobOf('double', { nodeId: `bad${i}` }));
      for (const [i, [message]] of bad.entries()) await desk.put(jobs[i]!, message);
      for (const [i, [, why]] of bad.entries()) assert.match(String(await desk.outcome(jobs[i]!)), why);
      assert.match(String(await desk.outcome(forgery)), /not signed with the key/);
      assert.match(String(await desk.outcome(late)), /was to be taken by/);
      assert.match(String(await desk.outcome({ ...elsewhere, pool: 'heavy' })), /has the pool "light"/);
      assert.is(worker.counts.refused, bad.length + 3);
      assert.is(events.filter(({ type }) => type === 'refused').length, bad.length + 3);
      assert.not.ok(events.some(({ type }) => type === 'started'));
      const boom = jobOf('boom');
      await desk.submit(boom);
      const refused = (await desk.outcome(boom)) as { type: string; error: Error; isFinal: boolean };
      assert.equal([refused.error.message, refused.isFinal], ['The worker is not allowed to run action "boom".', true]);
      const good = jobOf('double', { inputs: { n: 1 } });
      await desk.submit(good);
      assert.equal(await desk.outcome(good), { type: 'succeeded', output: 2 });
    });
  },
);

redisTest(test, 'outlives thousands of messages that are none', async (server) => {
  await withWorker(server, { concurrency: 50, lockDurationMs: 30_000 }, async ({ desk, worker }) => {
    const sealed = await desk.mail.sealJob(jobOf('double', { inputs: { n: 1 } }), 60_000);
    const good = sealed._tag === 'Right' ? sealed.right : undefined;
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const messages: unknown[] = [
      undefined,
      JSON.parse('{"__proto__":{"v":1},"constructor":{"prototype":{"v":1}}}'),
      { v: 1, body: deep, mac: good!.mac },
      { ...good, mac: good!.mac.toUpperCase() },
      { ...good, body: good!.body.replace('double', 'treble') },
      { ...good, extra: 1 },
      { v: '1', body: 1, mac: null },
      '\u0000\ud800',
    ];
    const count = 1_000;
    for (let i = 0; i < count; i += 500)
      await desk.queue('heavy').addBulk(
        Array.from({ length: 500 }, (_, k) => ({
          name: 'double',
          data: messages[(i + k) % messages.length],
          opts: { jobId: `bad.${i + k}`, attempts: 1 },
        })),
      );
    const raw = jobOf('double', { nodeId: 'raw' });
    await desk.queue('heavy').pause();
    await desk.put(raw, 1);
    await desk.client.hset(`{rxdag}:q:heavy:${raw.id}`, 'data', '{"v":');
    await desk.queue('heavy').resume();
    const last = jobOf('double', { nodeId: 'last', inputs: { n: 4 } });
    await desk.submit(last);
    assert.equal(await desk.outcome(last, 60_000), { type: 'succeeded', output: 8 });
    await until('all are refused', async () => (await desk.queue('heavy').getFailedCount()) === count + 1, 60_000);
    assert.match((await desk.client.hget(`{rxdag}:q:heavy:${raw.id}`, 'failedReason')) ?? '', /no envelope/);
    assert.equal(worker.counts, { done: 1, failed: 0, refused: count + 1, released: 0 });
    assert.is(await desk.queue('heavy').getCompletedCount(), 1);
  });
});

redisTest(
  test,
  'aborts a job that is taken back within a second, and never begins one that was before',
  async (server) => {
    await withWorker(server, {}, async ({ desk, events }) => {
      const [running, early, forged] = [jobOf('wait'), jobOf('wait'), jobOf('wait', { inputs: { ms: 1_500 } })];
      await desk.submit(running);
      await desk.until(running, 'active');
      const began = Date.now();
      await desk.cancel(running);
      assert.equal(await desk.outcome(running), { type: 'stopped', abandoned: false });
      assert.ok(Date.now() - began < 1_000, `${Date.now() - began} ms`);
      await desk.cancel(early, true);
      await desk.submit(early);
      assert.equal(await desk.outcome(early), { type: 'stopped', abandoned: false });
      assert.not.ok(events.some((event) => event.type === 'started' && event.id === early.id));
      await desk.submit(forged);
      await desk.until(forged, 'active');
      await new Desk(server, 'another key that is long enough, too').cancel(forged, true);
      for (const text of ['', '{', 'null', '[]', 'x'.repeat(100_000)])
        await desk.client.publish('rxdag:control:heavy', text);
      assert.equal(await desk.outcome(forged), { type: 'succeeded', output: 'waited' });
    });
  },
);

redisTest(test, 'tells progress at most ten times a second, the last value before the result', async (server) => {
  const tells = action('tells', async ({ progress }: NodeContext) => {
    for (let i = 1; i <= 200; i++) {
      progress(i);
      await sleep(5);
    }
    progress('last');
    return 'done';
  });
  const large = action('large', ({ progress }: NodeContext) => {
    progress('x'.repeat(2_000_000));
    return 'done';
  });
  await withWorker(server, { actions: [tells, large] }, async ({ desk, events }) => {
    const heard: unknown[] = [];
    const job = jobOf('tells');
    await desk.submit(job);
    await desk.outcome(job);
    const stream = await desk.client.xrange('{rxdag}:q:heavy:events', '-', '+');
    let order: string[] = [];
    for (const [, fields] of stream) {
      const event = Object.fromEntries(
        fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]]] : [])),
      ) as Record<string, string>;
      order.push(event['event']!);
      if (event['event'] !== 'progress') continue;
      const opened = desk.mail.openProgress(JSON.parse(event['data']!), job);
      if (opened._tag === 'Right') heard.push([opened.right.nth, opened.right.value]);
    }
    const count = heard.length;
    const ended = events.find((event) => event.type === 'ended' && event.id === job.id);
    const most = (ended?.type === 'ended' ? ended.ms : 0) / 100 + 2;
    assert.ok(count >= 3 && count <= most, `${count} pieces of 201, and ${most} are in time`);
    assert.equal(heard[0], [1, 1]);
    assert.equal(heard.at(-1), [count, 'last']);
    order = order.filter((event) => event === 'progress' || event === 'completed');
    assert.is(order.indexOf('completed'), count);
    const huge = jobOf('large');
    await desk.submit(huge);
    assert.equal(await desk.outcome(huge), { type: 'succeeded', output: 'done' });
    const trouble = events.find((event) => event.type === 'trouble');
    assert.match(trouble?.message ?? '', /Progress of job .* is dropped: This progress has 2000\d+ bytes/);
  });
});

redisTest(test, 'large outputs go by reference, too large ones fail', async (server) => {
  const text = action('text', ({ inputs }) => 'x'.repeat(inputs.length));
  await withWorker(server, { actions: [text], blobBytesMax: 1_000_000 }, async ({ desk }) => {
    const [large, tooLarge] = [500_000, 1_000_001].map((length) => jobOf('text', { inputs: { length } }));
    await desk.submit(large!);
    await desk.submit(tooLarge!);
    assert.equal(await desk.outcome(large!), { type: 'succeeded', output: 'x'.repeat(500_000) });
    const { body } = (await desk.job(large!))!.returnvalue as { readonly body: string };
    assert.ok(body.length < 1_000);
    const failed = (await desk.outcome(tooLarge!)) as { readonly error: Error; readonly isFinal: boolean };
    assert.match(failed.error.message, /The result can't be sent: .* 1000003 bytes as JSON, and 1000000 are the limit/);
    assert.ok(failed.isFinal);
  });
});

redisTest(test, 'runs as many at once of each pool as told', async (server) => {
  let [now, most] = [0, 0];
  const counted = action('counted', async () => {
    most = Math.max(most, ++now);
    await sleep(100);
    now--;
  });
  await withWorker(
    server,
    { actions: [counted], pool: ['heavy', 'light'], concurrency: 3 },
    async ({ desk, worker }) => {
      const jobs = Array.from({ length: 16 }, (_, i) => jobOf('counted', { pool: i % 2 === 0 ? 'heavy' : 'light' }));
      for (const job of jobs) await desk.submit(job);
      for (const job of jobs) await desk.outcome(job);
      assert.ok(most > 3 && most <= 6, String(most));
      assert.is(worker.counts.done, 16);
    },
  );
});

redisTest(test, 'tells its health, and nothing else', async (server) => {
  await withWorker(server, { health: {}, concurrency: 7 }, async ({ desk, worker, events }) => {
    const job = jobOf('wait');
    await desk.submit(job);
    await until('it has begun', () => events.some(({ type }) => type === 'started'));
    const at = `http://127.0.0.1:${worker.healthPort}`;
    const well = await fetch(`${at}/health`);
    assert.is(well.status, 200);
    const facts = (await well.json()) as Record<string, unknown>;
    assert.ok(typeof facts['uptimeSeconds'] === 'number');
    assert.equal(
      { ...facts, uptimeSeconds: 0 },
      {
        id: worker.id,
        state: 'running',
        redis: 'ready',
        pools: ['heavy'],
        concurrency: 7,
        active: 1,
        ...worker.counts,
        uptimeSeconds: 0,
      },
    );
    assert.is((await fetch(`${at}/`)).status, 404);
    assert.is((await fetch(`${at}/health/../secrets`)).status, 404);
    const posted = await fetch(`${at}/health`, { method: 'POST', body: 'x' });
    assert.equal([posted.status, posted.headers.get('allow')], [405, 'GET']);
    await server.kill();
    await until('it is unwell', async () => (await fetch(`${at}/health`)).status === 503);
    const taken = startWorker({ ...given(server), health: { port: worker.healthPort! } });
    assert.match(await messageOf(taken), /The health endpoint can't listen at 127\.0\.0\.1:\d+: EADDRINUSE\./);
  });
});

redisTest(test, 'is listed as long as it lives', async (server) => {
  assert.equal(await listWorkers(server.url), []);
  const client = server.client();
  await client.zadd('rxdag:workers', Date.now(), 'dead', Date.now(), 'strange');
  await client.set('rxdag:worker:strange', '{"id":"other"}');
  await withWorker(server, { concurrency: 4, pool: ['b', 'a'] }, async ({ worker }) => {
    let listed: readonly WorkerRecord[] = [];
    while ((listed = await listWorkers(server.url)).length === 0) await sleep(50);
    const [record] = listed;
    assert.equal(record, {
      id: worker.id,
      pools: ['b', 'a'],
      host: hostname(),
      pid: process.pid,
      concurrency: 4,
      active: 0,
      done: 0,
      failed: 0,
      refused: 0,
      state: 'running',
      startedAt: record!.startedAt,
    });
    assert.ok(Math.abs(Date.now() - record!.startedAt) < 20_000);
    const ttl = await client.ttl(`rxdag:worker:${worker.id}`);
    assert.ok(ttl > 5 && ttl <= 15, String(ttl));
    assert.equal(await client.zrange('rxdag:workers', 0, -1), [worker.id]);
  });
  assert.equal(await listWorkers(server.url), []);
  assert.is(await client.exists('rxdag:workers'), 0);
});

redisTest(test, 'listing fails in a sentence where Redis is away', async (server) => {
  await server.kill();
  assert.match(
    await messageOf(listWorkers(server.url)),
    /^Redis at redis:\/\/127.0.0.1:\d+ can't be reached: connect ECONNREFUSED/,
  );
});

test('tells wrong options in a sentence', async () => {
  const good = { connection: 'redis://localhost', key: signingKey(KEY), pool: 'p', actions };
  const wrong: [options: object, why: RegExp][] = [
    [{ key: undefined }, /Remote jobs are signed: give startWorker a key/],
    [{ key: KEY }, /give startWorker a key, as readKey\(\) reads it/],
    [{ pool: [] }, /give the name of a pool, or several/],
    [{ pool: 'a:b' }, /can't be called "a:b"/],
    [{ concurrency: 0 }, /concurrency is 0; give a whole number from 1/],
    [{ lockDurationMs: 10 }, /lockDurationMs is 10/],
    [{ allow: ['nothing'] }, /allow names "nothing", which is none of the worker's actions/],
    [{ prefix: 'a b' }, /prefix is "a b"/],
    [{ colour: 1 }, /have no key "colour"/],
    [
      { connection: 'http://secret@example.com' },
      /^The address of Redis is of the form redis:\/\/user:password@host:port\/db\.$/,
    ],
  ];
  for (const [options, why] of wrong)
    assert.match(await messageOf(startWorker({ ...good, ...options } as WorkerOptions)), why);
});

test.run();
