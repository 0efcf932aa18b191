// timeout: 120000
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  memoryStore,
  ofType,
  type EventStore,
  type NodeSpec,
} from '../../../lib/index.js';
import { sqliteStore } from '../../../lib/stores/sqlite/index.js';
import { checkLog } from '../../../lib/testing/index.js';
import { temporaryFolder } from '../../support/command.js';
import { redisTest } from '../../support/redis.js';
import { get, readAll, withStores } from './stores.js';

const test = suite('runs with a store in Redis');

const registry = new ActionRegistry().register(
  action('instant', ({ nodeId }) => nodeId),
  action('slow', async ({ nodeId }) => {
    await sleep(20);
    return nodeId;
  }),
);

/** So many nodes, each behind the one that stands `width` before it. */
const nodesOf = (count: number, width: number, name: string): readonly NodeSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    action: name,
    ...(i >= width ? { deps: [`n${i - width}`] } : {}),
  }));

redisTest(
  test,
  'are not much slower than with other stores',
  (server) =>
    withStores(server, async (open) => {
      const database = sqliteStore(join(temporaryFolder('speed'), 'runs.db'));
      const stores: Readonly<Record<string, EventStore>> = { memory: memoryStore(), SQLite: database, Redis: open() };
      const rates: Record<string, number> = {};
      for (const [name, store] of Object.entries(stores))
        for (let round = 0; round < 2; round++) {
          const executor = new DagExecutor({ registry, store, config: { maxParallelNodes: 16 } });
          const began = performance.now();
          const graph = { name: 'g', nodes: nodesOf(2_000, 16, 'instant') };
          const { success } = await executor.start(graph, { runId: `${name}${round}` }).report;
          assert.ok(success);
          rates[name] = Math.round(2_000_000 / (performance.now() - began));
          assert.equal(
            checkLog(await readAll(store, `${name}${round}`)).map(({ message }) => message),
            [],
          );
        }
      console.log(
        `nodes a second: ${Object.entries(rates)
          .map(([name, rate]) => `${name} ${rate}`)
          .join(', ')}`,
      );
      assert.ok(rates['Redis']! > 200);
      await database.close();
    }),
  { appendfsync: 'everysec' },
);

redisTest(test, 'wait for Redis while it is away, and go on by themselves', (server) =>
  withStores(server, async (open) => {
    const store = open({ leaseMs: 60_000 });
    const executor = new DagExecutor({ registry, store, config: { maxParallelNodes: 4 } });
    const run = executor.start({ name: 'g', nodes: nodesOf(120, 4, 'slow') }, { runId: 'r' });
    let ends = 0;
    run.event$.pipe(ofType('NodeSucceeded')).subscribe(() => void ends++);
    while (ends < 20) await sleep(5);
    await server.restart(300);
    while (ends < 60) await sleep(5);
    await server.kill();
    const before = ends;
    await sleep(5_000);
    assert.ok(ends <= before + 8, 'nothing is shown that is not stored');
    await server.start();
    const { success, nodeOutcomes } = await run.report;
    assert.ok(success);
    assert.is(nodeOutcomes.length, 120);
    const log = await readAll(store, 'r');
    assert.equal(
      checkLog(log).map(({ message }) => message),
      [],
    );
    const started = log.flatMap((event) => (event.type === 'NodeStarted' ? [event.nodeId] : []));
    assert.is(new Set(started).size, started.length, 'no node began twice');
    assert.ok(
      log.some((event) => event.type === 'CustomEmitted' && event.name === 'store.unavailable'),
      'the log tells of the outage',
    );
  }),
);

redisTest(test, 'end where another has taken them over', (server) =>
  withStores(server, async (open) => {
    const [one, two] = [open(), open()];
    const first = new DagExecutor({ registry, store: one, config: { maxParallelNodes: 2 } });
    const run = first.start({ name: 'g', nodes: nodesOf(60, 2, 'slow') }, { runId: 'r' });
    let ends = 0;
    run.event$.pipe(ofType('NodeSucceeded')).subscribe({ next: () => void ends++, error: () => undefined });
    const ended = run.report.then(
      () => 'it came to its end',
      (error: Error) => error.message,
    );
    while (ends < 10) await sleep(5);
    const second = await new DagExecutor({ registry, store: two }).resume('r', { takeOver: true });
    assert.match(await ended, /Another process has taken run "r" over \(process \d+ since/);
    assert.ok((await second.report).success);
    assert.equal(
      checkLog(await readAll(two, 'r')).map(({ message }) => message),
      [],
    );
    const [summary] = await get(two.runs({ withOwner: true }));
    assert.is(summary!.status, 'succeeded');
    assert.is(summary!.owner, undefined);
    assert.equal(await get(two.runs({ isOpen: true })), []);
  }),
);

test.run();
