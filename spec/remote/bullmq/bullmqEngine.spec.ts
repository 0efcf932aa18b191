// timeout: 120000
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DagError } from '../../../lib/define/DagError.js';
import { bullmqEngine } from '../../../lib/remote/bullmq/bullmqEngine.js';
import { memoryBlobs } from '../../../lib/remote/envelope/BlobStore.js';
import { envelopes } from '../../../lib/remote/envelope/Envelopes.js';
import { cancelledKey, queuePrefix } from '../../../lib/remote/envelope/places.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { Unplaceable } from '../../../lib/run/RemoteEngine.js';
import { until } from '../until.js';
import { jobOf } from '../worker/jobOf.js';
import { isEnd, key, siteTest } from './site.js';

const test = suite('bullmqEngine');
const typesOf = (news: readonly { readonly type: string }[]): string => news.map(({ type }) => type).join(' ');

test('refuses options that are out of range, before it connects', () => {
  const connection = 'redis://127.0.0.1:1';
  for (const [options, message] of [
    [{ connection }, /^Remote jobs are signed: give bullmqEngine a key, .* make one with: openssl rand -hex 32\.$/],
    [{ connection, key: 'text' }, /^Remote jobs are signed/],
    [{ connection, key, prefix: 'a{b}' }, /^prefix is "a\{b\}"/],
    [{ connection, key, jobTtlMs: 10 }, /^jobTtlMs is 10; give a number from 1000/],
    [{ connection, key, timeoutMs: 1 }, /^timeoutMs is 1/],
    [{ connection, key, inlineMax: 0.5 }, /^inlineMax is 0.5/],
    [{ connection, key, prefixes: 'a' }, /^The options of bullmqEngine have no key "prefixes"/],
    [{ connection: 'http://here', key }, /^The address of Redis is of the form/],
    [{ connection: 7, key }, /^The connection is 7/],
  ] as const)
    assert.throws(
      () => bullmqEngine(options as never),
      (error: unknown) => error instanceof DagError && message.test(error.message),
    );
});

siteTest(test, 'keeps jobs as BullMQ does, so that its tools show them', async (site) => {
  const { engine, end } = site.engine({ prefix: 'mine', retentionMs: 60_000 });
  const job = jobOf('echo', { inputs: { a: 1 }, priority: 3 });
  await engine.submit([job]);
  const queue = new Queue('heavy', { connection: { port: site.server.port }, prefix: queuePrefix('mine') });
  try {
    const [kept] = await queue.getJobs(['prioritized']);
    assert.is(kept!.id, job.id);
    assert.is(kept!.name, 'echo');
    assert.is(kept!.priority, 1_048_573);
    assert.equal(kept!.opts.removeOnComplete, { age: 60 });
    assert.is(kept!.opts.attempts, 1);
    await site.worker({ prefix: 'mine' });
    await end(job);
    assert.equal(await queue.getJobCounts('completed', 'failed'), { completed: 1, failed: 0 });
  } finally {
    await queue.close();
  }
});

siteTest(test, 'forgets what ended longer ago than it was told to remember', async (site) => {
  await site.worker();
  const { engine, end } = site.engine({ retentionMs: 1_000 });
  const jobs = [1, 2].map(() => jobOf('echo'));
  await engine.submit([jobs[0]!]);
  await end(jobs[0]!);
  assert.is(typesOf(await engine.peek(jobs)), 'succeeded missing');
  await sleep(2_100);
  await engine.submit([jobs[1]!]); // BullMQ looks for what is old when something ends
  await end(jobs[1]!);
  assert.is(typesOf(await engine.peek(jobs)), 'missing succeeded');
});

siteTest(test, 'jobs and results of another key come to nothing', async (site) => {
  const other = signingKey('another key, of another deployment');
  const theirs = site.engine({ key: other });
  const ours = site.engine();
  const worker = await site.worker();
  const [job, stranger] = [jobOf('echo'), jobOf('echo')];
  await theirs.engine.submit([stranger]);
  const lost = await theirs.end(stranger);
  assert.ok(lost.type === 'lost' && /not signed with the key of this process/.test(lost.reason), JSON.stringify(lost));
  assert.is(worker.counts.refused, 1);
  await ours.engine.submit([job]);
  await ours.end(job);
  assert.equal(site.bench.calls, [job.nodeId]);
  // Their engine is asked for our job: what it can't read is nothing that it may believe.
  const [news] = await theirs.engine.peek([job]);
  assert.ok(news!.type === 'lost' && /not signed/.test(news!.reason));
  assert.equal([theirs.faults[0]!.type, theirs.faults[0]!.jobId], ['Forged', job.id]);
  assert.equal(ours.faults, []);
});

siteTest(test, 'a job is taken no later than its time', async (site) => {
  const { engine, end } = site.engine({ jobTtlMs: 1_000 });
  const job = jobOf('echo');
  await engine.submit([job]);
  await sleep(1_100);
  await site.worker();
  const news = await end(job);
  assert.ok(news.type === 'lost' && /This job was to be taken by \d{4}-/.test(news.reason), JSON.stringify(news));
});

siteTest(test, 'large values go by reference, and what is too large is refused', async (site) => {
  const sizes = { inlineMax: 100, blobBytesMax: 2_000, messageBytesMax: 1_000 };
  await site.worker(sizes);
  const { engine, end } = site.engine(sizes);
  const client = site.server.client();
  const small = jobOf('echo', { inputs: { a: 'x'.repeat(10) } });
  const large = jobOf('echo', { inputs: { a: 'x'.repeat(1_500) } });
  await engine.submit([small]);
  await end(small);
  assert.equal(await client.keys('rxdag:blob:*'), []);
  await engine.submit([large]);
  const news = await end(large);
  assert.ok(news.type === 'succeeded' && JSON.stringify(news.output).length > 1_500);
  const blobs = await client.keys('rxdag:blob:*');
  assert.is(blobs.length, 2);
  const ttls = (await Promise.all(blobs.map((blob) => client.pttl(blob)))).sort((a, b) => a - b);
  assert.ok(ttls[0]! > 7_000_000 && ttls[0]! <= 7_200_000, ttls.join());
  assert.ok(ttls[1]! > 89_000_000 && ttls[1]! <= 90_000_000, ttls.join());
  for (const bad of [
    jobOf('echo', { inputs: { a: 'x'.repeat(2_000) } }),
    jobOf('echo', { dagName: 'x'.repeat(1_000) }),
    jobOf('echo', { id: 'a:b' }),
    jobOf('echo', { id: '17' }),
    jobOf('echo', { id: 'events' }),
    jobOf('echo', { id: '' }),
    jobOf('echo', { id: 'x'.repeat(1_001) }),
  ]) {
    const error = await engine.submit([bad]).catch((refused: unknown) => refused);
    assert.ok(error instanceof Unplaceable && error.jobId === bad.id, String(error));
  }
  // Large on its way back only: the action's fault, not the queue's.
  const grows = jobOf('echo', { inputs: { a: 'x'.repeat(1_990) } });
  await engine.submit([grows]);
  const refused = await end(grows);
  assert.ok(
    refused.type === 'failed' && refused.isFinal && /limit/.test(refused.error.message),
    JSON.stringify(refused),
  );
});

siteTest(test, 'a result whose blob is gone is lost, and a store that is away only late', async (site) => {
  const blobs = memoryBlobs();
  let isAway = true;
  const shy = {
    ...blobs,
    get: (...args: Parameters<typeof blobs.get>) =>
      isAway ? Promise.reject(new Error('the store is away')) : blobs.get(...args),
  };
  await site.worker({ blobs, inlineMax: 10 });
  const { engine, heard, end } = site.engine({ blobs: shy, inlineMax: 1_000 });
  const job = jobOf('echo', { inputs: { text: 'x'.repeat(50) } });
  await engine.submit([job]);
  await until('the end', async () => (await site.server.client().zcard(site.keyOf('completed'))) === 1);
  await sleep(50);
  assert.not.ok(heard.some(isEnd));
  assert.is(await engine.peek([job]).catch((error: Error) => error.message), 'the store is away');
  isAway = false;
  assert.is(typesOf(await engine.peek([job])), 'succeeded');
  await end(job);
  const gone = site.engine({ blobs: memoryBlobs() });
  const [lost] = await gone.engine.peek([job]);
  assert.ok(lost!.type === 'lost' && /is not there/.test(lost!.reason), JSON.stringify(lost));
});

siteTest(test, 'tells nothing of jobs that nobody asked it for', async (site) => {
  await site.worker({ concurrency: 4 });
  const [first, second] = [site.engine(), site.engine()];
  const [a, b, both] = [jobOf('tell'), jobOf('echo'), jobOf('held', { nodeId: 'both' })];
  await first.engine.submit([a, both]);
  await second.engine.submit([b, both]);
  await site.bench.end('both');
  await Promise.all([first.end(a), first.end(both), second.end(b), second.end(both)]);
  assert.not.ok(first.heard.some(({ id }) => id === b.id));
  assert.not.ok(second.heard.some(({ id }) => id === a.id));
  assert.is(site.bench.calls.filter((nodeId) => nodeId === 'both').length, 1);
});

siteTest(test, 'a result of a later owner is not taken by an earlier one', async (site) => {
  await site.worker();
  const [zombie, owner] = [site.engine(), site.engine()];
  const job = jobOf('held', { nodeId: 'a', epoch: 5 });
  await owner.engine.submit([job]);
  const earlier = { ...job, epoch: 3 };
  await zombie.engine.submit([earlier]);
  await site.bench.end('a');
  await owner.end(job);
  await until('a fault', () => zombie.faults[0]?.type === 'Misplaced');
  assert.is(typesOf(await zombie.engine.peek([earlier])), 'running');
  assert.not.ok(zombie.heard.some(isEnd));
});

siteTest(test, 'a job that somebody takes out of the queue is missing', async (site) => {
  const { engine, heard } = site.engine();
  const job = jobOf('echo');
  await engine.submit([job]);
  const queue = new Queue('heavy', { connection: { port: site.server.port }, prefix: queuePrefix() });
  await queue.remove(job.id);
  await queue.close();
  await until('the news', () => heard.some(({ id, type }) => id === job.id && type === 'missing'));
  await engine.submit([job]);
  assert.is(typesOf(await engine.peek([job])), 'waiting');
});

siteTest(test, 'what was taken back stays so for workers and engines that come later', async (site) => {
  const job = jobOf('echo');
  const first = site.engine();
  await first.engine.submit([job]);
  await first.engine.cancel(job, 'not needed');
  const later = site.engine();
  assert.is(typesOf(await later.engine.peek([job])), 'stopped');
  await later.engine.submit([{ ...job, again: true }]);
  await site.worker();
  assert.is((await later.end(job)).type, 'stopped');
  assert.equal(site.bench.calls, []);
  const client = site.server.client();
  assert.ok((await client.pttl(cancelledKey(job.id))) > 89_000_000);
});

siteTest(test, 'looks for a place that BullMQ calls waiting', async (site) => {
  const { engine } = site.engine();
  const job = jobOf('echo');
  await engine.submit([job]);
  const client = site.server.client();
  await client.zrem(site.keyOf('prioritized'), job.id);
  const [stray] = await engine.peek([job]);
  assert.ok(stray!.type === 'lost' && /no place for it/.test(stray!.reason));
  for (const place of ['wait', 'paused']) {
    await client.lpush(site.keyOf(place), job.id);
    assert.is(typesOf(await engine.peek([job])), 'waiting', place);
    await client.del(site.keyOf(place));
  }
  for (const place of ['delayed', 'waiting-children']) {
    await client.zadd(site.keyOf(place), 1, job.id);
    assert.is(typesOf(await engine.peek([job])), 'waiting', place);
    await client.del(site.keyOf(place));
  }
});

siteTest(test, 'a job that no worker can read is lost, and is not waited for for ever', async (site) => {
  const { engine } = site.engine();
  const jobs = ['data', 'opts', 'progress', 'gone'].map(() => jobOf('echo'));
  await engine.submit(jobs);
  const client = site.server.client();
  await client.hset(site.keyOf(jobs[0]!.id), 'data', '{');
  await client.hset(site.keyOf(jobs[1]!.id), 'opts', '{');
  await client.hset(site.keyOf(jobs[2]!.id), 'progress', '{');
  await client.del(site.keyOf(jobs[3]!.id));
  await site.worker({ concurrency: 4, lockDurationMs: 500, stalledIntervalMs: 200, maxStalledCount: 0 });
  const ends = async (): Promise<string> => typesOf(await engine.peek(jobs));
  await until('the ends', async () => /^(?:lost|succeeded) lost (?:lost|succeeded) lost$/.test(await ends()));
  const sound = jobOf('echo');
  await engine.submit([sound]);
  await until('a sound one', async () => (await engine.peek([sound]))[0]!.type === 'succeeded');
});

siteTest(test, 'one event that is no JSON ends what BullMQ has for events, and not this engine', async (site) => {
  const { engine, end } = site.engine();
  const events = new QueueEvents('heavy', { connection: { port: site.server.port }, prefix: queuePrefix() });
  const errors: string[] = [];
  const completed: string[] = [];
  events.on('error', ({ message }) => errors.push(message));
  events.on('completed', ({ jobId }) => completed.push(jobId));
  await events.waitUntilReady();
  await site.worker();
  const [a, b] = [jobOf('echo'), jobOf('echo')];
  await engine.submit([a]);
  await end(a);
  await until('a', () => completed.includes(a.id));
  await site.server.client().xadd(site.keyOf('events'), '*', 'event', 'progress', 'jobId', 'x', 'data', '{');
  await engine.submit([b]);
  await end(b);
  await sleep(200);
  assert.ok(errors.length > 0);
  assert.not.ok(completed.includes(b.id), 'BullMQ reads events again: EventTail may be it');
  await events.close();
});

siteTest(test, 'takes what a worker of another make has signed', async (site) => {
  const mail = envelopes({ key, blobs: memoryBlobs() });
  const worker = new Worker(
    'heavy',
    async ({ id, data, updateProgress }) => {
      const job = await mail.openJob(data, { id: id!, pool: 'heavy' });
      if (job._tag === 'Left') throw new Error(job.left.message);
      assert.is(typeof updateProgress, 'function');
      const result = await mail.sealResult(job.right, { type: 'succeeded', output: 'by hand' });
      return result._tag === 'Right' ? result.right : undefined;
    },
    { connection: { port: site.server.port }, prefix: queuePrefix() },
  );
  const { engine, end } = site.engine();
  const job = jobOf('echo');
  await engine.submit([job]);
  assert.equal(await end(job), { id: job.id, type: 'succeeded', output: 'by hand' });
  await worker.close();
});

test.run();
