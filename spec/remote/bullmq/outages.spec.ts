// timeout: 180000
// alone
import { execFile } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RedisServer } from '../../support/redis.js';
import { until } from '../until.js';
import { jobOf } from '../worker/jobOf.js';
import { errorOf, isEnd, siteTest, type Listened } from './site.js';

const test = suite('bullmqEngine without Redis');
const run = promisify(execFile);

/** Errors of all calls, and how long the slowest of them took. */
const calls = async ({ engine }: Listened): Promise<{ errors: string[]; ms: number }> => {
  const job = jobOf('echo');
  const began = performance.now();
  const errors = await Promise.all([
    errorOf(engine.submit([job])),
    errorOf(engine.peek([job])),
    errorOf(engine.cancel(job, 'why')),
  ]);
  return { errors, ms: performance.now() - began };
};
const allLate = (errors: readonly string[], what = /^Redis did not answer within 500 ms\.$/): void => {
  for (const error of errors) assert.match(error, what);
};
const AWAY = /^Redis (?:can't be reached: .*ECONNREFUSED.*|did not answer within 500 ms)\.$/;

siteTest(test, 'calls reject in time while there is none, and one sentence tells of it', async (site) => {
  await site.server.kill();
  const listened = site.engine({ timeoutMs: 500 });
  const { errors, ms } = await calls(listened);
  allLate(errors, AWAY);
  assert.ok(ms < 1_500, `${ms} ms`);
  await calls(listened);
  assert.equal(listened.reach, ['redisLost']);
  await site.server.start();
  const job = jobOf('echo');
  await until('submitted', () =>
    listened.engine.submit([job]).then(
      () => true,
      () => false,
    ),
  );
  await site.worker();
  await listened.end(job);
  assert.equal(listened.reach, ['redisLost', 'redisBack']);
});

siteTest(
  test,
  'goes on by itself after Redis was killed in the middle of jobs',
  async (site) => {
    const listened = site.engine({ timeoutMs: 500 });
    await site.worker({ concurrency: 10 });
    const jobs = Array.from({ length: 10 }, (_, i) => jobOf('held', { nodeId: `${i}` }));
    await listened.engine.submit(jobs);
    await until('all run', () => site.bench.calls.length === 10);
    await site.server.kill();
    for (const { nodeId } of jobs) await site.bench.end(nodeId, nodeId);
    const { errors, ms } = await calls(listened);
    allLate(errors, AWAY);
    assert.ok(ms < 1_500, `${ms} ms`);
    await site.server.start();
    for (const job of jobs)
      assert.equal(await listened.end(job, 60_000), { id: job.id, type: 'succeeded', output: job.nodeId });
    const ids = new Set(jobs.map(({ id }) => id));
    assert.is(listened.heard.filter((news) => ids.has(news.id) && isEnd(news)).length, 10);
    assert.equal(listened.reach, ['redisLost', 'redisBack']);
    assert.equal(listened.faults, []);
  },
  { appendonly: 'yes', appendfsync: 'always' },
);

siteTest(test, 'hears, once it is connected again, all that happened meanwhile', async (site) => {
  const proxy = await site.server.proxy();
  const listened = site.engine({ connection: proxy.url, timeoutMs: 500 });
  await site.worker({ concurrency: 50 });
  const jobs = Array.from({ length: 50 }, (_, i) => jobOf('held', { nodeId: `${i}` }));
  await listened.engine.submit(jobs);
  await until('all run', () => site.bench.calls.length === 50);
  for (let cut = 0; cut < 5; cut++) {
    proxy.refuse(true);
    for (const { nodeId } of jobs.slice(cut * 10, cut * 10 + 10)) await site.bench.end(nodeId);
    await sleep(100);
    proxy.refuse(false);
    await until('news', () => listened.heard.filter(isEnd).length === cut * 10 + 10);
    proxy.cut();
  }
  for (const job of jobs) assert.is((await listened.end(job)).type, 'succeeded');
  assert.is(listened.heard.filter(({ type }) => type === 'succeeded').length, 50);
});

siteTest(test, 'calls reject in time while Redis answers nothing, and later it goes on', async (site) => {
  const proxy = await site.server.proxy();
  const listened = site.engine({ connection: proxy.url, timeoutMs: 500 });
  await site.worker();
  const job = jobOf('held', { nodeId: 'a' });
  await listened.engine.submit([job]);
  await until('a', () => site.bench.calls.includes('a'));
  proxy.hold('both');
  const { errors, ms } = await calls(listened);
  allLate(errors);
  assert.ok(ms < 1_500, `${ms} ms`);
  await site.bench.end('a');
  proxy.hold('nothing');
  await listened.end(job);
  site.server.pause();
  allLate((await calls(listened)).errors);
  site.server.resume();
  const next = jobOf('echo');
  await until('submitted', async () => (await errorOf(listened.engine.submit([next]))) === 'it was done');
  await listened.end(next);
});

siteTest(test, 'what Redis refuses is an error of the call', async (site) => {
  const { engine } = site.engine();
  const client = site.server.client();
  await client.set(site.keyOf('prioritized'), 'no set');
  assert.match(await errorOf(engine.submit([jobOf('echo')])), /WRONGTYPE/);
  assert.match(await errorOf(engine.peek([jobOf('echo')])), /WRONGTYPE/);
  await client.del(site.keyOf('prioritized'));
  await engine.submit([jobOf('echo')]);
  await client.config('SET', 'requirepass', 'secret');
  for (const password of ['', ':wrong@']) {
    const { errors } = await calls(
      site.engine({ connection: site.server.url.replace('//', `//${password}`), timeoutMs: 500 }),
    );
    for (const error of errors) assert.match(error, /^Redis can't be reached: .*(?:NOAUTH|WRONGPASS)/);
  }
});

siteTest(test, 'lets the process end once it is closed, with Redis or without', async (site) => {
  const script = fileURLToPath(new URL('leaves.ts', import.meta.url));
  const leaves = async (url: string, ...more: string[]): Promise<string> => {
    const args = ['--import', import.meta.resolve('tsx'), script, url, ...more];
    const { stdout, stderr } = await run(process.execPath, args, { timeout: 30_000 });
    assert.is(stderr, '');
    return stdout;
  };
  assert.is(await leaves(site.server.url, '200'), 'closed\n');
  assert.match(await leaves(site.server.url), /closed\n/);
  const nothing = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => nothing.once('listening', resolve));
  const { port } = nothing.address() as AddressInfo;
  // It takes connections, and never answers.
  assert.match(await leaves(`redis://127.0.0.1:${port}`), /^Redis did not answer within 500 ms\.\n(?:.*\n)?closed\n/);
  nothing.close();
  const server = await RedisServer.start();
  await server.kill();
  assert.match(await leaves(server.url), /^Redis can't be reached: .*ECONNREFUSED.*\.\n(?:.*\n)?closed\n/);
  await server.close();
});

test.run();
