// timeout: 120000
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type {
  AppControllerRoute,
  AppJob,
  AppQueue,
  BullBoardQueues,
  IServerAdapter,
} from '@bull-board/api/typings/app';
import { Queue } from 'bullmq';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import { envelopes } from '../../lib/remote/envelope/Envelopes.js';
import { PREFIX, queuePrefix } from '../../lib/remote/envelope/places.js';
import { redisBlobs } from '../../lib/remote/envelope/redisBlobs.js';
import { signingKey } from '../../lib/remote/envelope/SigningKey.js';
import { DagExecutor } from '../../lib/run/DagExecutor.js';
import { errorOf, key, siteTest, type Site } from './bullmq/site.js';
import { until } from './until.js';
import { jobOf } from './worker/jobOf.js';

const test = suite('bull-board');

/** What bull-board answers to its page, without a server between them. */
class Board implements IServerAdapter {
  readonly queues: BullBoardQueues = new Map();
  readonly routes: AppControllerRoute[] = [];

  constructor(queue: Queue) {
    const adapter = new BullMQAdapter(queue, { readOnlyMode: true });
    createBullBoard({ queues: [adapter], serverAdapter: this, options: { validateResponses: true } });
  }

  async queue(): Promise<AppQueue> {
    const query = { activeQueue: 'heavy', status: 'latest', page: '1', jobsPerPage: '50' };
    const { queues } = await this.#ask<{ readonly queues: AppQueue[] }>('get', '/api/queues', query);
    assert.is(queues.length, 1);
    return queues[0]!;
  }

  /** The only job of an action, with its state. */
  async job(action: string): Promise<AppJob & { readonly status: string }> {
    const [job, ...more] = (await this.queue()).jobs.filter(({ name }) => name === action);
    assert.equal(more, []);
    const params = { queueName: 'heavy', jobId: job!.id };
    const one = await this.#ask<{ job: AppJob; status: string }>('get', '/api/queues/:queueName/:jobId', {}, params);
    assert.equal(one.job, job);
    return { ...one.job, status: one.status };
  }

  retry(jobId: string): Promise<unknown> {
    return this.#ask('put', '/api/queues/:queueName/:jobId/retry', {}, { queueName: 'heavy', jobId });
  }

  async #ask<A>(method: string, route: string, query: object, params: object = {}): Promise<A> {
    const found = this.routes.find((one) => one.method === method && one.route === route);
    const request = { queues: this.queues, uiConfig: {}, query, params, body: {}, headers: {} };
    const { status = 200, body } = await found!.handler(request);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as A;
  }

  setQueues = (queues: BullBoardQueues): this => Object.assign(this, { queues });
  setApiRoutes = (routes: AppControllerRoute[]): this => Object.assign(this, { routes });
  setViewsPath = (): this => this;
  setStaticPath = (): this => this;
  setEntryRoute = (): this => this;
  setErrorHandler = (): this => this;
  setUIConfig = (): this => this;
}

const boardTest = (name: string, prefix: string, use: (site: Site, board: Board) => Promise<void>): void =>
  siteTest(test, name, async (site) => {
    const queue = new Queue('heavy', { connection: { url: site.server.url }, prefix: queuePrefix(prefix) });
    try {
      await use(site, new Board(queue));
    } finally {
      await queue.close();
    }
  });

for (const prefix of [PREFIX, 'mine'])
  boardTest(`shows the jobs of a run, prefix ${prefix}`, prefix, async (site, board) => {
    const executor = new DagExecutor({ registry: site.bench.registry, remote: site.engine({ prefix }).engine });
    const placement = 'pool:heavy';
    const nodes: NodeSpec[] = [
      { id: 'a', action: 'echo', placement, inputs: { n: 7 } },
      { id: 'b', action: 'tell', placement, deps: ['a'] },
      { id: 'c', action: 'boom', placement, deps: ['a'], tryCount: 2, retry: { type: 'Linear', delayMs: 1 } },
      { id: 'd', action: 'held', placement, deps: ['b'] },
    ];
    const run = executor.start({ name: 'shown', nodes }, { runId: 'r.1' });
    const waiting = await until('it waits', async () => {
      const queue = await board.queue();
      return queue.counts['prioritized'] === 1 && queue; // all have a priority, so none is "waiting"
    });
    assert.equal([waiting.name, waiting.type, waiting.hasWorkers], ['heavy', 'bullmq', false]);
    await site.worker({ prefix, concurrency: 4 });
    await until('the last is active', () => site.bench.calls.includes('d'));
    await until('all others have ended', async () => (await board.queue()).counts['completed'] === 4);
    const { counts, hasWorkers } = await board.queue();
    assert.equal([counts['active'], counts['failed'], counts['prioritized'], hasWorkers], [1, 0, 0, true]);

    const echo = await board.job('echo');
    assert.match(echo.id as string, /^r%2E1\.[0-9a-z]+\.a\.1$/);
    assert.equal([echo.status, echo.isFailed, echo.progress], ['completed', false, 0]);
    const { id, runId, nodeId, attempt, action, inputs } = JSON.parse(echo.data.body);
    assert.equal([id, runId, nodeId, attempt, action, inputs], [echo.id, 'r.1', 'a', 1, 'echo', { n: 7 }]);
    const { outcome } = JSON.parse(echo.returnValue.body);
    assert.equal([outcome.type, outcome.output.inputs], ['succeeded', { n: 7 }]);
    const tell = await board.job('tell');
    assert.equal(JSON.parse((tell.progress as { readonly body: string }).body).value, { i: 40 });
    const held = await board.job('held');
    assert.equal([held.status, held.returnValue], ['active', null]);

    // An error of an action is an answer: each attempt is a job, completed, with an error that is signed.
    const boom = (await board.queue()).jobs.filter(({ name }) => name === 'boom');
    assert.is(boom.length, 2);
    for (const { id: jobId, isFailed, attempts, data, returnValue } of boom) {
      assert.equal([isFailed, attempts], [false, 1]);
      const mail = envelopes({ key, blobs: redisBlobs(site.server.client()) });
      const opened = await mail.openResult(returnValue, { ...JSON.parse(data.body), id: jobId });
      assert.ok(opened._tag === 'Right' && opened.right.outcome.type === 'failed');
      assert.is(opened.right.outcome.error.message, 'boom');
    }
    await site.bench.end('d', 'done');
    const report = await run.report;
    assert.equal([report.success, report.outputs['d'], report.outputs['c']], [false, 'done', undefined]);
  });

boardTest(
  'shows as failed what was refused, with its reason, and lets nobody retry it',
  PREFIX,
  async (site, board) => {
    const theirs = site.engine({ key: signingKey('another key, of another deployment') });
    await site.worker();
    const job = jobOf('echo');
    await theirs.engine.submit([job]);
    assert.is((await theirs.end(job)).type, 'lost');
    const { status, isFailed, failedReason, attempts, id } = await board.job('echo');
    assert.equal([status, isFailed, attempts, id], ['failed', true, 1, job.id]);
    assert.match(failedReason!, /^Worker \S+ refused it: This job is not signed with the key of this process\. /);
    assert.is((await board.queue()).counts['failed'], 1);
    assert.match(await errorOf(board.retry(job.id)), /^405 /); // it is read-only
  },
);

test.run();
