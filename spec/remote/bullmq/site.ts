import type { Test } from 'uvu';
import { bullmqEngine } from '../../../lib/remote/bullmq/bullmqEngine.js';
import type { BullmqEngineOptions } from '../../../lib/remote/bullmq/BullmqEngineOptions.js';
import { queuePrefix } from '../../../lib/remote/envelope/places.js';
import type { EnvelopeFault } from '../../../lib/remote/envelope/EnvelopeFault.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { startWorker, type RemoteWorker } from '../../../lib/remote/worker/startWorker.js';
import type { WorkerOptions } from '../../../lib/remote/worker/WorkerOptions.js';
import type { JobNews, RemoteEngine, RemoteJob } from '../../../lib/run/RemoteEngine.js';
import { redisTest, type RedisConf, type RedisServer } from '../../support/redis.js';
import { Bench } from '../engineContract.js';
import { until } from '../until.js';

export const key = signingKey('the key of this deployment, no other');

/** An engine with what it told. */
export interface Listened {
  readonly engine: RemoteEngine;
  readonly heard: JobNews[];
  readonly faults: (EnvelopeFault & { readonly jobId: string })[];
  readonly reach: string[];
  end(job: RemoteJob, ms?: number): Promise<JobNews>;
}

export const isEnd = ({ type }: JobNews): boolean => ['succeeded', 'failed', 'stopped', 'lost'].includes(type);

/** A Redis, and whoever uses it; all are closed with it. */
export class Site {
  readonly server: RedisServer;
  readonly bench = new Bench();
  readonly #closing: (() => Promise<unknown>)[] = [];

  constructor(server: RedisServer) {
    this.server = server;
  }

  engine(options: Partial<BullmqEngineOptions> = {}): Listened {
    const heard: JobNews[] = [];
    const faults: Listened['faults'] = [];
    const reach: string[] = [];
    const engine = bullmqEngine({
      connection: this.server.url,
      key,
      onFault: (fault) => faults.push(fault),
      onReach: ({ type }) => reach.push(type),
      ...options,
    });
    engine.news$.subscribe((news) => heard.push(news));
    this.#closing.push(() => engine.close());
    const end = ({ id }: RemoteJob, ms?: number) =>
      until(`the end of ${id}`, () => heard.find((news) => news.id === id && isEnd(news)), ms);
    return { engine, heard, faults, reach, end };
  }

  async worker(options: Partial<WorkerOptions> = {}): Promise<RemoteWorker> {
    const { url: connection } = this.server;
    const worker = await startWorker({ connection, key, pool: 'heavy', actions: this.bench.registry, ...options });
    this.#closing.push(() => worker.close({ drainMs: 0 }));
    return worker;
  }

  /** The name of a key that BullMQ has for a pool. */
  keyOf(type: string, pool = 'heavy', prefix?: string): string {
    return `${queuePrefix(prefix)}:${pool}:${type}`;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }
}

/** Adds a test that needs a Redis. */
export const siteTest = (test: Test, name: string, run: (site: Site) => Promise<void>, conf?: RedisConf): void =>
  redisTest(
    test,
    name,
    async (server) => {
      const site = new Site(server);
      try {
        await run(site);
      } finally {
        await site.close();
      }
    },
    { appendonly: 'no', ...conf },
  );

/** The message of the error that work ends with. */
export const errorOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it was done',
    (error: Error) => error.message,
  );
