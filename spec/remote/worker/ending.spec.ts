// timeout: 240000
// alone
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action } from '../../../lib/define/action.js';
import type { NodeContext } from '../../../lib/define/NodeAction.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { startWorker, type RemoteWorker } from '../../../lib/remote/worker/startWorker.js';
import type { WorkerEvent } from '../../../lib/remote/worker/WorkerEvent.js';
import type { WorkerOptions } from '../../../lib/remote/worker/WorkerOptions.js';
import { redisTest, type RedisServer } from '../../support/redis.js';
import { until } from '../until.js';
import { Desk, KEY } from './Desk.js';
import { jobOf } from './jobOf.js';

const test = suite('workers that end, and Redis that is away');

/** `slow` heeds its signal, `deaf` does not. Both tell who had them. */
const actions = (name: string) => [
  action('slow', async ({ signal, inputs }: NodeContext<{ readonly ms: number }>) => {
    await sleep(inputs.ms, undefined, { signal });
    return name;
  }),
  action('deaf', ({ inputs }: NodeContext<{ readonly ms: number }>) => sleep(inputs.ms, name)),
  action('who', () => name),
];

interface Started {
  readonly worker: RemoteWorker;
  readonly events: WorkerEvent[];
}

const start = async (server: RedisServer, name: string, options: Partial<WorkerOptions> = {}): Promise<Started> => {
  const worker = await startWorker({
    connection: server.url,
    key: signingKey(KEY),
    pool: 'heavy',
    actions: actions(name),
    concurrency: 2,
    stalledIntervalMs: 500,
    ...options,
  });
  const events: WorkerEvent[] = [];
  worker.event$.subscribe((event) => {
    if (event.type !== 'blocked') events.push(event); // which only tells of a busy machine here
  });
  return { worker, events };
};

/** Once the job's action runs. */
const begun = ({ events }: Started, { id }: { readonly id: string }): Promise<unknown> =>
  until(`job ${id} has begun`, () => events.some((event) => event.type === 'started' && event.id === id));

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const types = (events: readonly WorkerEvent[]): string => events.map(({ type }) => type).join(' ');

redisTest(test, 'lets run what runs, answers it, and takes no more', async (server) => {
  const desk = new Desk(server);
  const a = await start(server, 'a', { concurrency: 1 });
  const { worker } = a;
  const [running, waiting] = [jobOf('slow', { inputs: { ms: 700 } }), jobOf('who')];
  await desk.submit(running);
  await begun(a, running);
  await desk.submit(waiting);
  const closing = worker.close();
  assert.is(worker.state, 'draining');
  await closing;
  assert.is(worker.state, 'closed');
  assert.equal(await desk.outcome(running, 0), { type: 'succeeded', output: 'a' });
  assert.is(await desk.state(waiting), 'prioritized');
  assert.equal(worker.counts, { done: 1, failed: 0, refused: 0, released: 0 });
});

redisTest(test, 'what it gives up is run by another at once', async (server) => {
  const desk = new Desk(server);
  const a = await start(server, 'a', { lockDurationMs: 60_000, stalledIntervalMs: 60_000 });
  const job = jobOf('slow', { inputs: { ms: 3_000 } });
  await desk.submit(job);
  await begun(a, job);
  const b = await start(server, 'b');
  assert.ok((await took(() => a.worker.close({ drainMs: 300 }))) < 8_000);
  assert.is(types(a.events), 'started released');
  assert.equal(await desk.outcome(job, 20_000), { type: 'succeeded', output: 'b' }); // no lock has run out by then
  assert.ok(b.events.some((event) => event.type === 'started' && event.delivery === 2));
  await b.worker.close();
});

redisTest(test, 'what goes on in spite of its signal is left alone until its lock has run out', async (server) => {
  const desk = new Desk(server);
  const a = await start(server, 'a', { lockDurationMs: 1_000 });
  const job = jobOf('deaf', { inputs: { ms: 2_500 }, graceMs: 200 });
  await desk.submit(job);
  await begun(a, job);
  const time = await took(() => a.worker.close({ drainMs: 0 }));
  assert.ok(time >= 190 && time < 2_000, `${time} ms`);
  assert.is(await desk.state(job), 'active');
  const b = await start(server, 'b');
  assert.equal(await desk.outcome(job), { type: 'succeeded', output: 'b' });
  await b.worker.close();
});

redisTest(test, 'called again it hurries', async (server) => {
  const desk = new Desk(server);
  const a = await start(server, 'a');
  const { worker } = a;
  const job = jobOf('slow', { inputs: { ms: 60_000 } });
  await desk.submit(job);
  await begun(a, job);
  const closing = worker.close();
  await sleep(300);
  assert.is(worker.state, 'draining');
  assert.ok((await took(() => worker.close({ drainMs: 0 }))) < 2_000);
  await closing;
  await worker.close();
  assert.is(worker.counts.released, 1);
});

redisTest(test, 'aborts what it has no lock for any more', async (server) => {
  const desk = new Desk(server);
  const { worker, events } = await start(server, 'a', { lockDurationMs: 2_000 });
  const job = jobOf('slow', { inputs: { ms: 2_500 } });
  await desk.submit(job);
  await desk.until(job, 'active');
  await desk.client.set(`{rxdag}:q:heavy:${job.id}:lock`, 'of another', 'PX', 3_000);
  await until('the job is released', () => events.some(({ type }) => type === 'released'));
  assert.equal(await desk.outcome(job, 20_000), { type: 'succeeded', output: 'a' });
  assert.is(types(events.filter((event) => 'id' in event)), 'started released started ended');
  await worker.close();
});

redisTest(test, 'waits for a Redis that is away at the start, and says so once', async (server) => {
  await server.kill();
  const { worker, events } = await start(server, 'a');
  await until('an outage', () => events.length > 0);
  await sleep(1_500);
  assert.is(types(events), 'redisLost');
  const [lost] = events;
  assert.match(lost?.type === 'redisLost' ? lost.reason : '', /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
  await server.start();
  const desk = new Desk(server);
  const job = jobOf('who');
  await desk.submit(job);
  assert.equal(await desk.outcome(job), { type: 'succeeded', output: 'a' });
  await until('the end of the outage', () => events.some(({ type }) => type === 'redisBack'));
  assert.is(types(events).replace(' redisBack', ''), 'redisLost started ended');
  await worker.close();
});

redisTest(test, 'outlives outages of Redis, with what it has in hand', async (server) => {
  const desk = new Desk(server);
  const { worker, events } = await start(server, 'a');
  for (let round = 1; round <= 2; round++) {
    const [during, after] = [jobOf('slow', { inputs: { ms: 700 } }), jobOf('who')];
    await desk.submit(during);
    await desk.until(during, 'active');
    await server.restart(1_500);
    await desk.submit(after);
    assert.equal(await desk.outcome(during), { type: 'succeeded', output: 'a' });
    assert.equal(await desk.outcome(after), { type: 'succeeded', output: 'a' });
  }
  assert.is(events.filter(({ type }) => type === 'redisLost').length, 2, types(events));
  assert.is(events.filter(({ type }) => type === 'redisBack').length, 2, types(events));
  assert.is(worker.counts.done, 4);
  await worker.close();
});

redisTest(test, 'finds out that Redis is silent', async (server) => {
  const { worker, events } = await start(server, 'a', { health: {} });
  const health = async (): Promise<number> => (await fetch(`http://127.0.0.1:${worker.healthPort}/health`)).status;
  await until('it is well', async () => (await health()) === 200);
  server.pause();
  await until('the outage', () => events.length > 0);
  assert.equal([types(events), await health()], ['redisLost', 503]);
  assert.match(JSON.stringify(events[0]), 'it does not answer');
  server.resume();
  await until('its end', () => types(events) === 'redisLost redisBack');
  assert.is(await health(), 200);
  await worker.close();
});

for (const [when, away] of [
  ['that was never there', undefined],
  ['that has gone', (server: RedisServer) => server.kill()],
  ['that is silent', (server: RedisServer) => Promise.resolve(server.pause())],
] as const)
  redisTest(test, `ends in time without a Redis ${when}, busy or idle`, async (server) => {
    if (away === undefined) await server.kill();
    const [idle, busy] = [await start(server, 'idle', { pool: 'light' }), await start(server, 'busy')];
    if (away !== undefined) {
      const desk = new Desk(server);
      const job = jobOf('slow', { inputs: { ms: 60_000 } });
      await desk.submit(job);
      await begun(busy, job);
      await away(server);
    } else await sleep(300);
    const time = await took(() => Promise.all([idle, busy].map(({ worker }) => worker.close({ drainMs: 500 }))));
    assert.ok(time < 9_000, `${time} ms`);
    assert.is(idle.worker.state, 'closed');
  });

redisTest(test, 'a Redis that refuses what is asked is asked again in peace', async (server) => {
  const desk = new Desk(server);
  const { worker, events } = await start(server, 'a', { lockDurationMs: 60_000, concurrency: 300 });
  const jobs = Array.from({ length: 150 }, () => jobOf('slow', { inputs: { ms: 700 } }));
  await desk.queue('heavy').pause();
  for (const job of jobs) await desk.submit(job);
  await desk.queue('heavy').resume();
  const begun = (): number => events.filter(({ type }) => type === 'started').length;
  await until('some have begun', () => begun() > 0);
  await desk.client.acl('SETUSER', 'default', '-evalsha', '-eval'); // while it fetches the others
  await desk.client.config('RESETSTAT');
  await sleep(2_500);
  const [, refused] = /cmdstat_evalsha:.*rejected_calls=(\d+)/.exec(await desk.client.info('commandstats')) ?? [];
  await desk.client.acl('SETUSER', 'default', '+evalsha', '+eval');
  assert.ok(begun() < jobs.length, 'it was not in the middle');
  assert.ok(Number(refused) > 0 && Number(refused) < begun() * 4 + 50, `${refused} questions, ${begun()} had begun`);
  const troubles = events.filter(({ type }) => type === 'trouble');
  assert.ok(troubles.length > 0 && troubles.length < 5, String(troubles.length));
  assert.match(JSON.stringify(troubles[0]), /NOPERM/);
  for (const job of jobs) assert.equal(await desk.outcome(job, 40_000), { type: 'succeeded', output: 'a' });
  assert.is(begun(), jobs.length, 'what had ended was not run again');
  await worker.close();
});

test.run();
