// timeout: 240000
// alone
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action } from '../../lib/define/action.js';
import { cancelledKey, controlChannel } from '../../lib/remote/envelope/places.js';
import type { JobNews, RemoteJob } from '../../lib/run/RemoteEngine.js';
import { random } from '../../lib/testing/random.js';
import { firstSeed } from '../simulation/seeds.js';
import { isEnd, key, siteTest } from './bullmq/site.js';
import { HostileMail } from './HostileMail.js';
import { until } from './until.js';
import { jobOf } from './worker/jobOf.js';

const MESSAGES = 10_000;
const seed = Number(process.env['RXDAG_HOSTILE_SEED'] ?? firstSeed());
console.log(`hostile seed ${seed} (RXDAG_HOSTILE_SEED)`);

const test = suite('hostile writers to Redis');
const typesOf = (news: readonly JobNews[]): string => news.map(({ type }) => type).join(' ');

siteTest(test, `${MESSAGES} messages that nobody signed for this place change nothing`, async (site) => {
  const { bench } = site;
  const chance = random(seed);
  const trapped: unknown[] = [];
  bench.registry.register(action('trap', (ctx) => trapped.push(ctx.nodeId)));
  const mail = await HostileMail.of(chance, key);
  const worker = await site.worker({
    pool: ['heavy', 'light'],
    concurrency: 60,
    lockDurationMs: 5_000,
    stalledIntervalMs: 1_000,
  });
  const client = site.server.client();
  const { engine, heard, faults } = site.engine();

  // What the engine waits for, in every state.
  const running = Array.from({ length: 20 }, (_, i) => jobOf('held', { nodeId: `held${i}` }));
  const waiting = Array.from({ length: 20 }, (_, i) => jobOf('echo', { nodeId: `late${i}`, pool: 'later' }));
  const ended = Array.from({ length: 20 }, (_, i) => jobOf('echo', { nodeId: `done${i}` }));
  await engine.submit([...running, ...waiting, ...ended]);
  await until('a beginning', () => heard.filter(isEnd).length === 20 && bench.calls.length === 40);
  const before = await engine.peek([...running, ...waiting, ...ended]);
  const beginning = heard.length;

  const addJob = async (): Promise<void> => {
    const id = chance.chance(0.9)
      ? `evil.${chance.int(0, 1e9)}`
      : chance.pick(['__proto__', 'x y\u0000', 'ü'.repeat(300)]);
    const pool = chance.pick(['heavy', 'light']);
    const about = { id, pool, runId: 'r' };
    const hash: Record<string, string> = {
      name: 'trap',
      data: mail.text('job', about),
      opts: '{}',
      timestamp: `${Date.now()}`,
    };
    if (chance.chance(0.1))
      hash['opts'] = chance.pick([
        '',
        '{',
        '[]',
        'null',
        '{"attempts":1e9,"backoff":{"type":"x"}}',
        '{"__proto__":{"attempts":9}}',
      ]);
    if (chance.chance(0.05))
      Object.assign(
        hash,
        chance.pick([
          { rjk: 'a:b:c' },
          { parent: '{' },
          { stacktrace: '{' },
          { defa: 'x' },
          { ats: 'x' },
          { priority: 'x' },
        ]),
      );
    if (chance.chance(0.02)) delete hash['data'];
    const [at, wake] = [site.keyOf(id, pool), site.keyOf('marker', pool)];
    if (chance.chance(0.02)) await client.set(at, 'no hash at all', 'NX');
    else await client.hset(at, hash).catch(() => undefined); // where there is no hash
    if (chance.chance(0.5)) await client.lpush(site.keyOf('wait', pool), id);
    else await client.zadd(site.keyOf('prioritized', pool), chance.int(0, 2 ** 40), id);
    await client.zadd(wake, 0, '0');
  };
  const addEvent = async (): Promise<void> => {
    const job = chance.pick([...running, ...waiting, ...ended]);
    const { id } = chance.chance(0.9) ? job : { id: `evil.${chance.int(0, 1e9)}` };
    const event = chance.pick([
      'completed',
      'completed',
      'failed',
      'progress',
      'progress',
      'removed',
      'stalled',
      'error',
      '__proto__',
      '',
    ]);
    const fields = ['event', event, 'jobId', id];
    if (event === 'completed') fields.push('returnvalue', mail.text('result', job));
    if (event === 'progress') fields.push('data', mail.text('progress', job));
    if (event === 'failed') fields.push('failedReason', 'trapped');
    if (chance.chance(0.05)) fields.splice(chance.int(0, 1) * 2, 2);
    if (fields.length > 0) await client.xadd(site.keyOf('events', job.pool), '*', ...fields);
  };
  const addCancel = async (): Promise<void> => {
    const job = chance.pick([...running, ...waiting]);
    const text = mail.text('cancel', job);
    if (chance.chance(0.3)) await client.set(cancelledKey(chance.pick(waiting).id), text);
    else await client.publish(controlChannel(job.pool), text);
  };
  /** What a running job leaves where its result will be, and under the names of blobs. */
  const addValue = async (): Promise<void> => {
    const job = chance.pick(running);
    if (chance.chance(0.5))
      await client.hset(
        site.keyOf(job.id),
        chance.pick(['returnvalue', 'failedReason', 'progress']),
        mail.text('result', job),
      );
    else
      await client.set(
        `rxdag:blob:${createHash('sha256')
          .update(String(chance.int(0, 99)))
          .digest('hex')}`,
        mail.text('result', job),
      );
  };
  for (let sent = 0; sent < MESSAGES; sent++) {
    await chance.pick([addJob, addJob, addEvent, addEvent, addEvent, addCancel, addValue])();
    if (sent % 1_000 === 999)
      assert.equal(await engine.peek([...running, ...waiting, ...ended]), before, `after ${sent + 1}, seed ${seed}`);
  }
  await until('what was sent is refused', async () => (await client.zcard(site.keyOf('prioritized'))) === 0, 60_000);
  await sleep(500);

  assert.equal(trapped, [], `seed ${seed}`);
  assert.equal(await engine.peek([...running, ...waiting, ...ended]), before, `seed ${seed}`);
  // What is true may be told again.
  const known = new Set(before.map((news) => JSON.stringify(news)));
  const changes = heard.slice(beginning).filter((news) => news.type !== 'running' && !known.has(JSON.stringify(news)));
  assert.equal(changes, [], `seed ${seed}`);
  assert.ok(faults.length > 500, `${faults.length} faults`);
  for (const { message } of faults) assert.ok(message.length < 600, message);
  assert.ok(worker.counts.refused > 500, `${worker.counts.refused} refused`);
  assert.is(worker.state, 'running');

  // All goes on as if nothing had been.
  await site.worker({ pool: 'later' });
  for (const { nodeId } of running) await bench.end(nodeId, nodeId);
  const next = jobOf('echo');
  await engine.submit([next]);
  const ends = async (jobs: readonly RemoteJob[]): Promise<string> => {
    for (const { id } of jobs)
      await until(`the end of ${id}, seed ${seed}`, () => heard.some((news) => news.id === id && isEnd(news)), 60_000);
    return typesOf(await engine.peek(jobs));
  };
  assert.is(await ends(running), running.map(() => 'succeeded').join(' '));
  assert.is(await ends(waiting), waiting.map(() => 'succeeded').join(' '));
  assert.is(await ends([next]), 'succeeded');
  for (const { id, nodeId } of running)
    assert.equal(
      heard.filter((news) => news.id === id && isEnd(news)),
      [{ id, type: 'succeeded', output: nodeId }],
    );
  assert.equal(trapped, [], `seed ${seed}`);
});

siteTest(test, 'a value in place of the one that was signed is not taken', async (site) => {
  const client = site.server.client();
  const { engine, end } = site.engine({ inlineMax: 10 });
  const chance = random(seed);
  const jobs = Array.from({ length: 100 }, (_, i) => jobOf('echo', { inputs: { text: `a text of ${i}` } }));
  await engine.submit(jobs);
  const blobs = await client.keys('rxdag:blob:*');
  assert.is(blobs.length, 100);
  for (const blob of blobs) {
    const text = (await client.get(blob))!;
    const changes = [text.replace('a text', 'b text'), `${text} `, '', '{', 'x'.repeat(100_000)];
    if (chance.chance(0.2)) await client.del(blob);
    else await client.set(blob, chance.pick(changes));
  }
  await site.worker({ concurrency: 10 });
  for (const job of jobs) {
    const news = await end(job);
    assert.ok(
      news.type === 'lost' && /: A value that a message refers to is not/.test(news.reason),
      JSON.stringify(news),
    );
  }
  assert.equal(site.bench.calls, []);
});

siteTest(test, 'a result in place of the one that was signed is lost, and is never taken for one', async (site) => {
  const client = site.server.client();
  const worker = await site.worker({ concurrency: 10 });
  const first = site.engine();
  const jobs = Array.from({ length: 100 }, () => jobOf('echo'));
  await first.engine.submit(jobs);
  for (const job of jobs) await first.end(job);
  await worker.close();
  const mail = await HostileMail.of(random(seed), key);
  for (const job of jobs) await client.hset(site.keyOf(job.id), 'returnvalue', mail.text('result', job));
  const { engine, faults } = site.engine();
  for (const news of await engine.peek(jobs)) assert.is(news.type, 'lost', JSON.stringify(news));
  assert.is(faults.length, 100);
});

// After replies of many megabytes a timer of ioredis' parser lives on for some seconds.
test.after(() => sleep(5_000));

test.run();
