import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action } from '../../lib/define/action.js';
import { ActionRegistry } from '../../lib/define/ActionRegistry.js';
import type { NodeContext } from '../../lib/define/NodeAction.js';
import { type Json, toJson } from '../../lib/model/Json.js';
import { Unplaceable, type JobNews, type RemoteEngine, type RemoteJob } from '../../lib/run/RemoteEngine.js';
import { until } from './until.js';
import { jobOf } from './worker/jobOf.js';

/** An engine under test with workers for the pools `heavy`, one job at a time, and `light`, many at a time. */
export interface Opened {
  readonly engine: RemoteEngine;
  /** Another engine for the same jobs, as the process has that comes after one that died; undefined where jobs die with it. */
  another?(): RemoteEngine;
  /** Has the worker of a job that runs die, so often that the job is given up. */
  lose(job: RemoteJob): Promise<void>;
  close(): Promise<void>;
}

/** Actions whose calls are heard, and held until let go of. */
export class Bench {
  readonly calls: string[] = [];
  readonly #ends = new Map<string, (value: unknown) => void>();
  readonly registry = new ActionRegistry().register(
    action('held', ({ nodeId, signal }: NodeContext) => {
      this.calls.push(nodeId);
      return new Promise((end) => {
        this.#ends.set(nodeId, end);
        signal.addEventListener('abort', () => end('aborted'));
      });
    }),
    action('echo', ({ nodeId, inputs, item, index, attempt, runId }: NodeContext) => {
      this.calls.push(nodeId);
      return toJson({ inputs, item, index, attempt, runId });
    }),
    action('boom', () => Promise.reject(Object.assign(new RangeError('boom'), { data: { why: 'told' } }))),
    action('deaf', () => new Promise(() => undefined)),
    action('tell', async ({ progress }: NodeContext) => {
      for (let i = 1; i <= 40; i++) {
        progress({ i });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return 'told';
    }),
  );

  /** Ends a held call, once it is there. */
  async end(nodeId: string, value: unknown = null): Promise<void> {
    (await until(`the call of ${nodeId}`, () => this.#ends.get(nodeId)))(value);
  }
}

interface Trial extends Opened {
  readonly bench: Bench;
  readonly heard: JobNews[];
  of(job: RemoteJob): readonly JobNews[];
  end(job: RemoteJob): Promise<JobNews>;
  listen(engine: RemoteEngine): JobNews[];
}

const isEnd = ({ type }: JobNews): boolean => ['succeeded', 'failed', 'stopped', 'lost'].includes(type);
const typesOf = (news: readonly JobNews[]): string => news.map(({ type }) => type).join(' ');

/** What every engine has to do. @param open - for each test anew; the actions have to run in this process. */
export const engineContract = (name: string, open: (bench: Bench) => Promise<Opened>): void => {
  const test = suite(`engine contract: ${name}`);
  const each = (what: string, work: (trial: Trial) => Promise<void>): void =>
    test(what, async () => {
      const bench = new Bench();
      const opened = await open(bench);
      const subscriptions: Subscription[] = [];
      const listen = (engine: RemoteEngine): JobNews[] => {
        const heard: JobNews[] = [];
        subscriptions.push(engine.news$.subscribe((news) => heard.push(news)));
        return heard;
      };
      const heard = listen(opened.engine);
      const of = (job: RemoteJob) => heard.filter(({ id }) => id === job.id);
      const end = (job: RemoteJob) => until(`the end of ${job.id}`, () => of(job).find(isEnd));
      try {
        await work(Object.assign(opened, { bench, heard, of, end, listen }));
      } finally {
        for (const subscription of subscriptions) subscription.unsubscribe();
        await opened.close();
      }
    });
  const held = (nodeId: string, fields: Partial<RemoteJob> = {}) => jobOf('held', { nodeId, ...fields });

  each('knows nothing of a job that nobody submitted', async ({ engine, heard }) => {
    const jobs = [held('a'), held('b', { pool: 'light' })];
    assert.equal(
      await engine.peek(jobs),
      jobs.map(({ id }) => ({ id, type: 'missing' })),
    );
    assert.equal(await engine.peek([]), []);
    await engine.submit([]);
    assert.equal(heard, []);
  });

  each('runs a job with all that it is given, and tells its output', async ({ engine, of, end }) => {
    const inputs = JSON.parse(
      '{"__proto__":{"a":1},"text":"\\u0000 ü \\u2028 😀","n":[0,-1.5,1e300,null]}',
    ) as RemoteJob['inputs'];
    const plain = jobOf('echo', { inputs });
    const item = jobOf('echo', { inputs: {}, item: null, index: 3, attempt: 7, pool: 'light', priority: 2.5 });
    await engine.submit([plain, item]);
    for (const job of [plain, item]) {
      const news = await end(job);
      const { attempt, runId } = job;
      const output = toJson({ inputs: job.inputs, item: job.item, index: job.index, attempt, runId });
      assert.is(JSON.stringify(news), JSON.stringify({ id: job.id, type: 'succeeded', output }));
      assert.equal(await engine.peek([job]), [news]);
      assert.is(typesOf(of(job)), 'running succeeded');
    }
  });

  each('runs a job once, however often it is submitted', async ({ engine, bench, end, of }) => {
    const [a, b] = [held('a'), held('b')];
    await engine.submit([a, a, b]);
    await engine.submit([b, a]);
    await bench.end('a', 1);
    await engine.submit([a, b]);
    await bench.end('b', 2);
    await end(b);
    await engine.submit([a, b, jobOf('echo', { nodeId: 'c' })]);
    await until('c', () => bench.calls.includes('c'));
    assert.equal(bench.calls, ['a', 'b', 'c']);
    assert.equal(of(a).filter(isEnd), [{ id: a.id, type: 'succeeded', output: 1 }]);
  });

  each('tells of each state when asked, in the order of the question', async ({ engine, bench, end }) => {
    const done = jobOf('echo', { pool: 'light' });
    const bad = jobOf('boom', { pool: 'light' });
    const [a, b, unknown] = [held('a'), held('b'), held('unknown')];
    await engine.submit([done, bad, a, b]);
    await end(done);
    await end(bad);
    await until('a', () => bench.calls.includes('a'));
    assert.is(typesOf(await engine.peek([b, bad, a, unknown, done])), 'waiting failed running missing succeeded');
  });

  each('an error of the action is its answer, and is not tried again', async ({ engine, end, bench }) => {
    const [boom, unknown] = [jobOf('boom'), jobOf('nobody has it')];
    await engine.submit([boom, unknown]);
    const failed = await end(boom);
    if (failed.type !== 'failed') throw new Error(failed.type);
    assert.is(failed.isFinal, false);
    assert.is(failed.error.name, 'RangeError');
    assert.is(failed.error.message, 'boom');
    assert.equal(failed.error.data, { why: 'told' });
    const refused = await end(unknown);
    assert.ok(refused.type === 'failed' && refused.isFinal, JSON.stringify(refused));
    assert.equal(bench.calls, []);
  });

  each('a timeout is an error of the action', async ({ engine, end }) => {
    const late = jobOf('deaf', { timeoutMs: 20, graceMs: 20, pool: 'light' });
    await engine.submit([late]);
    const failed = await end(late);
    assert.ok(
      failed.type === 'failed' && /20 ms|timed out|timeout/i.test(failed.error.message),
      JSON.stringify(failed),
    );
  });

  each('a job that waits never runs once it is taken back', async ({ engine, bench, end }) => {
    const [a, b] = [held('a'), held('b')];
    await engine.submit([a, b]);
    await until('a', () => bench.calls.includes('a'));
    await engine.cancel(b, 'not needed');
    assert.equal(await end(b), { id: b.id, type: 'stopped', abandoned: false });
    assert.is(typesOf(await engine.peek([b])), 'stopped');
    await bench.end('a');
    await end(a);
    const c = jobOf('echo', { nodeId: 'c' });
    await engine.submit([c]);
    await end(c);
    assert.equal(bench.calls, ['a', 'c']);
  });

  each('the signal of a job that runs is aborted', async ({ engine, bench, end }) => {
    const [a, deaf] = [held('a', { pool: 'light' }), jobOf('deaf', { pool: 'light', graceMs: 30 })];
    await engine.submit([a, deaf]);
    await until('a', () => bench.calls.includes('a'));
    await until('deaf', async () => (await engine.peek([deaf]))[0]?.type === 'running');
    await engine.cancel(a, 'not needed');
    await engine.cancel(deaf, 'not needed');
    assert.equal(await end(a), { id: a.id, type: 'stopped', abandoned: false });
    assert.equal(await end(deaf), { id: deaf.id, type: 'stopped', abandoned: true });
    assert.is(typesOf(await engine.peek([a, deaf])), 'stopped stopped');
  });

  each('what has ended stays as it is, and so does what is not known', async ({ engine, end }) => {
    const done = jobOf('echo');
    await engine.submit([done]);
    const news = await end(done);
    await engine.cancel(done, 'too late');
    await engine.cancel(held('unknown'), 'nobody knows it');
    assert.equal(await engine.peek([done]), [news]);
  });

  each('progress comes in its order, before the end and with the last of it', async ({ engine, of, end }) => {
    const job = jobOf('tell');
    await engine.submit([job]);
    await end(job);
    const news = of(job);
    const told = news.flatMap((one) => (one.type === 'progressed' ? [(one.value as { i: number }).i] : []));
    assert.equal(
      told,
      [...new Set(told)].sort((a, b) => a - b),
    );
    assert.is(told.at(-1), 40);
    assert.is(typesOf(news), `running ${'progressed '.repeat(told.length)}succeeded`);
  });

  each('runs what is more urgent first, and else in the order of submitting', async ({ engine, bench, end }) => {
    await engine.submit([held('first')]);
    await until('first', () => bench.calls.includes('first'));
    const jobs = [0, 5, -3, 5, 0, 2_000_000, -2_000_000, 0.6].map((priority, i) =>
      jobOf('echo', { nodeId: `${i}`, priority }),
    );
    await engine.submit(jobs);
    await bench.end('first');
    for (const job of jobs) await end(job);
    assert.equal(bench.calls, ['first', '5', '1', '3', '7', '0', '4', '2', '6']);
  });

  each('a pool that is busy holds no other up', async ({ engine, end }) => {
    const [a, b] = [held('a'), jobOf('echo', { pool: 'light' })];
    await engine.submit([a, b]);
    await end(b);
  });

  each('carries large values', async ({ engine, end }) => {
    const text = 'ü"\n'.repeat(300_000);
    const job = jobOf('echo', { inputs: { text }, item: [text] });
    await engine.submit([job]);
    const news = await end(job);
    if (news.type !== 'succeeded') throw new Error(JSON.stringify(news).slice(0, 500));
    const { inputs, item } = news.output as { inputs: { text: Json }; item: readonly Json[] };
    assert.ok(inputs.text === text && item[0] === text);
    assert.ok(JSON.stringify(await engine.peek([job])) === JSON.stringify([news]));
  });

  each('whoever comes late hears the rest, and asks for what has been', async ({ engine, bench, end, listen }) => {
    const [a, b] = [held('a'), held('b')];
    await engine.submit([a, b]);
    await bench.end('a', 1);
    await end(a);
    const late = listen(engine);
    await bench.end('b', 2);
    await end(b);
    assert.equal(late.filter(isEnd), [{ id: b.id, type: 'succeeded', output: 2 }]);
    assert.equal(
      late.filter(({ id }) => id === a.id),
      [],
    );
    assert.is(typesOf(await engine.peek([a, b])), 'succeeded succeeded');
  });

  each('what is known of a job never goes back, however its news come', async ({ engine, bench, end }) => {
    const jobs = Array.from({ length: 12 }, (_, i) => held(`${i}`));
    const order = ['missing', 'waiting', 'running', 'succeeded'];
    const reached = jobs.map(() => 0);
    let isOver = false;
    const asking = (async () => {
      for (; !isOver; await sleep(1))
        for (const [i, { type }] of (await engine.peek(jobs)).entries()) {
          assert.ok(order.indexOf(type) >= reached[i]!, `${jobs[i]!.id} was ${order[reached[i]!]} and is ${type}`);
          reached[i] = order.indexOf(type);
        }
    })();
    await engine.submit(jobs);
    for (const { nodeId } of jobs) await bench.end(nodeId);
    for (const job of jobs) await end(job);
    isOver = true;
    await asking;
  });

  each('a job whose workers die is lost in the end', async ({ engine, end, lose, of }) => {
    const job = held('a');
    await engine.submit([job]);
    await lose(job);
    const news = await end(job);
    assert.is(news.type, 'lost');
    assert.ok(news.type === 'lost' && news.reason.length > 0);
    assert.equal(await engine.peek([job]), [news]);
    assert.is(of(job).filter(isEnd).length, 1);
  });

  each('another engine takes over in the middle of a job', async ({ engine, another, bench, listen }) => {
    if (another === undefined) return;
    const [a, b, c] = [held('a'), held('b'), held('c')];
    await engine.submit([a, b]);
    await until('a', () => bench.calls.includes('a'));
    await engine.close();
    const next = another();
    const heard = listen(next);
    const jobs = [a, b, c].map((job) => ({ ...job, epoch: 2 }));
    assert.is(typesOf(await next.peek(jobs)), 'running waiting missing');
    await next.submit(jobs);
    for (const { nodeId } of jobs) await bench.end(nodeId, nodeId);
    await until('all ends', () => heard.filter(isEnd).length === 3);
    assert.equal(bench.calls, ['a', 'b', 'c']);
    assert.is(typesOf(await next.peek(jobs)), 'succeeded succeeded succeeded');
  });

  each('takes no job of a pool that can have no workers', async ({ engine, bench }) => {
    const bad = held('bad', { pool: 'a:b{c}' });
    const error = await engine.submit([held('a'), bad]).then(
      () => undefined,
      (refused: unknown) => refused,
    );
    assert.ok(error instanceof Unplaceable, String(error));
    assert.is((error as Unplaceable).jobId, bad.id);
    assert.not.ok(bench.calls.includes('bad'));
  });

  each('runs hundreds of jobs, each once', async ({ engine, bench, end, heard }) => {
    const jobs = Array.from({ length: 300 }, (_, i) => jobOf('echo', { nodeId: `${i}`, pool: 'light' }));
    await engine.submit(jobs);
    for (const job of jobs) await end(job);
    assert.is(bench.calls.length, 300);
    assert.is(heard.filter(isEnd).length, 300);
  });

  each('once it is closed it takes nothing more', async ({ engine }) => {
    await engine.close();
    await engine.close();
    for (const call of [
      () => engine.submit([held('a')]),
      () => engine.peek([held('a')]),
      () => engine.cancel(held('a'), ''),
    ])
      assert.match(
        await call().then(
          () => 'taken',
          (error: Error) => error.message,
        ),
        /closed/,
      );
  });

  test.run();
};
