import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { Subject, type Observable } from 'rxjs';
import { openRedis, type RedisClient } from '../connection/openRedis.js';
import { Reach } from '../connection/Reach.js';
import { envelopes } from '../envelope/Envelopes.js';
import { PREFIX, queuePrefix } from '../envelope/places.js';
import { redisBlobs } from '../envelope/redisBlobs.js';
import { ControlChannel, wasCancelled } from './ControlChannel.js';
import type { Answer } from './Delivery.js';
import type { Health, HealthEndpoint } from './healthEndpoint.js';
import { Heartbeat } from './Heartbeat.js';
import { LoopWatch } from './LoopWatch.js';
import { PoolWorker } from './PoolWorker.js';
import type { RemoteWorker } from './startWorker.js';
import type { TellEvent, WorkerEvent } from './WorkerEvent.js';
import { registryOf, type WorkerOptions } from './WorkerOptions.js';
import type { WorkerRecord } from './WorkerRecord.js';

const LOCK_MS = 15_000;
const STALLED_MS = 5_000;
const STALLED_COUNT = 3;
const DRAIN_MS = 30_000;

/** A worker with its connections, from its start to its end. */
export class RunningWorker implements RemoteWorker {
  readonly id = `${hostname()
    .replaceAll(/[^\w.-]/g, '')
    .slice(0, 60)}.${process.pid}.${randomBytes(3).toString('hex')}`;
  readonly event$: Observable<WorkerEvent>;
  readonly pools: readonly string[];
  readonly concurrency: number;
  readonly counts = { done: 0, failed: 0, refused: 0, released: 0 };
  state: RemoteWorker['state'] = 'running';
  readonly #options: WorkerOptions;
  readonly #startedAt = Date.now();
  readonly #event = new Subject<WorkerEvent>();
  readonly #reach = new Reach((change) => this.#tell(change));
  readonly #client: RedisClient;
  readonly #workers: readonly PoolWorker[];
  readonly #control: ControlChannel;
  readonly #heartbeat: Heartbeat;
  readonly #loop: LoopWatch;
  readonly #health: HealthEndpoint | undefined;
  #hurry: (drainMs: number) => void = () => undefined;
  #closing: Promise<void> | undefined;

  constructor(options: WorkerOptions, health: HealthEndpoint | undefined) {
    const { connection, key, pool, allow, appData, blobs, prefix = PREFIX, lockDurationMs = LOCK_MS } = options;
    const { inlineMax, messageBytesMax, blobBytesMax, resultTtlMs } = options;
    this.#options = options;
    this.#health = health;
    this.event$ = this.#event.asObservable();
    this.pools = [...new Set(typeof pool === 'string' ? [pool] : pool)];
    this.concurrency = options.concurrency ?? availableParallelism();
    this.#client = openRedis(connection, `${prefix}:worker:${this.id}`);
    const mail = envelopes({
      key,
      blobs: blobs ?? redisBlobs(this.#client, prefix),
      ...(inlineMax !== undefined && { inlineMax }),
      ...(messageBytesMax !== undefined && { messageBytesMax }),
      ...(blobBytesMax !== undefined && { blobBytesMax }),
      ...(resultTtlMs !== undefined && { resultTtlMs }),
    });
    const listener = openRedis(connection, `${prefix}:worker:${this.id}`);
    this.#reach.watch(this.#client);
    this.#reach.watch(listener);
    const workers = new Map(
      this.pools.map((name) => [
        name,
        new PoolWorker({
          client: this.#client,
          id: this.id,
          queuePrefix: queuePrefix(prefix),
          concurrency: this.concurrency,
          lockDurationMs,
          stalledIntervalMs: options.stalledIntervalMs ?? STALLED_MS,
          maxStalledCount: options.maxStalledCount ?? STALLED_COUNT,
          hear: (answer) => this.#count(answer),
          site: {
            pool: name,
            worker: this.id,
            envelopes: mail,
            registry: registryOf(options),
            allow: allow && new Set(allow),
            appData,
            tell: this.#tell,
            hasHeard: (id) => this.#control.hasHeard(id),
            isCancelled: (job) => wasCancelled(this.#client, prefix, mail, job),
          },
        }),
      ]),
    );
    this.#workers = [...workers.values()];
    this.#control = new ControlChannel(listener, this.pools, prefix, mail, (name, id) => workers.get(name)?.cancel(id));
    this.#heartbeat = new Heartbeat(this.#client, this.#reach, prefix, () => this.#record());
    this.#loop = new LoopWatch(lockDurationMs / 2, (ms) => this.#tell({ type: 'blocked', ms }));
  }

  get active(): number {
    return this.#workers.reduce((sum, { active }) => sum + active, 0);
  }

  get healthPort(): number | undefined {
    return this.#health?.port;
  }

  health(): Health {
    const isReachable = this.#client.status === 'ready' && !this.#reach.isLost;
    return {
      isWell: this.state === 'running' && isReachable,
      id: this.id,
      state: this.state,
      redis: isReachable ? 'ready' : 'away',
      pools: this.pools,
      concurrency: this.concurrency,
      active: this.active,
      ...this.counts,
      uptimeSeconds: Math.floor((Date.now() - this.#startedAt) / 1_000),
    };
  }

  close({ drainMs = this.#options.drainMs ?? DRAIN_MS }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close();
    this.#hurry(drainMs);
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.state = 'draining';
    this.#heartbeat.beat();
    let timer: NodeJS.Timeout | undefined;
    let until = Infinity;
    const late = new Promise<void>((resolve) => {
      this.#hurry = (drainMs) => {
        if (performance.now() + drainMs >= until) return;
        until = performance.now() + drainMs;
        clearTimeout(timer);
        timer = setTimeout(resolve, drainMs);
      };
    });
    await Promise.race([Promise.all(this.#workers.map((worker) => worker.drain())), late]);
    clearTimeout(timer);
    await Promise.all(this.#workers.map((worker) => worker.release()));
    this.#reach.close();
    await Promise.all(this.#workers.map((worker) => worker.close()));
    await this.#heartbeat.end();
    this.#control.close();
    this.#client.disconnect();
    this.#loop.close();
    await this.#health?.close();
    this.state = 'closed';
    this.#event.complete();
  }

  readonly #tell: TellEvent = (event) => this.#event.next({ at: Date.now(), ...event });

  #count(answer: Answer): void {
    if (answer.type === 'refused') this.counts.refused++;
    else if (answer.type === 'released') this.counts.released++;
    else {
      this.counts.done++;
      if (answer.outcome === 'failed') this.counts.failed++;
    }
  }

  #record(): WorkerRecord {
    const { done, failed, refused } = this.counts;
    return {
      id: this.id,
      pools: this.pools,
      host: hostname(),
      pid: process.pid,
      concurrency: this.concurrency,
      active: this.active,
      done,
      failed,
      refused,
      state: this.state === 'running' ? 'running' : 'draining',
      startedAt: this.#startedAt,
    };
  }
}
