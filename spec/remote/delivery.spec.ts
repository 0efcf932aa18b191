// timeout: 300000
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  memoryStore,
  type DagRun,
  type EventStore,
  type ExecutionEvent,
  type Graph,
  type NodeContext,
} from '../../lib/index.js';
import { inProcessEngine, redisStore, submitRun } from '../../lib/remote/index.js';
import { VirtualTime, checkLog, random } from '../../lib/testing/index.js';
import { redisTest } from '../support/redis.js';

const test = suite('deliveries that go wrong, and coordinators that fight');

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const graph = (layers: number, width: number): Graph => ({
  name: 'g',
  config: { maxParallelNodes: 32, maxInterruptions: 100 },
  nodes: Array.from({ length: layers * width }, (_, i) => {
    const [layer, place] = [Math.floor(i / width), i % width];
    const deps = layer === 0 ? [] : [0, 1].map((step) => `n${layer - 1}-${(place + step) % width}`);
    return {
      id: `n${layer}-${place}`,
      action: 'sum',
      placement: 'pool:p',
      deps,
      inputs: { values: deps.map((dep) => ({ $ref: dep })) },
    };
  }),
});
const registryOf = (calls: string[], ms = 0): ActionRegistry =>
  new ActionRegistry().register(
    action('sum', async ({ nodeId, inputs }: NodeContext<{ values: readonly number[] }>) => {
      calls.push(nodeId);
      if (ms > 0) await sleep(ms);
      return 1 + (inputs.values.reduce((a, b) => a + b, 0) % 1_000_003);
    }),
  );
const check = async (store: EventStore, { nodes }: Graph): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read('r')) events.push(event);
  assert.equal(checkLog(events), []);
  const last = events.at(-1);
  assert.ok(last?.type === 'RunSettled' && last.success, `seed ${seed}: ${JSON.stringify(last)}`);
  assert.is(events.filter(({ type }) => type === 'NodeSucceeded').length, nodes.length, `seed ${seed}`);
  return events;
};

test('news that are lost, doubled, late and out of order, and jobs that are dropped: each node completes once', async () => {
  const store = memoryStore();
  const calls: string[] = [];
  const registry = registryOf(calls);
  const time = new VirtualTime(1_000);
  const remote = inProcessEngine({
    registry,
    scheduler: time,
    concurrency: 16,
    faults: {
      random: random(seed),
      lostNews: 0.05,
      doubledNews: 0.3,
      lateNewsMs: 60,
      droppedJobs: 0.02,
      lostJobs: 0.02,
      doubledJobs: 0.1,
      failedCalls: 0.05,
    },
  });
  const dag = graph(10, 20);
  const run = new DagExecutor({ registry, remote, store, scheduler: time }).start(dag, { runId: 'r' });
  await time.until(run);
  await check(store, dag);
  assert.ok(calls.length >= 200);
});

redisTest(
  test,
  'two coordinators that take a run from one another, for a minute: each node completes once',
  async (server) => {
    const calls: string[] = [];
    const registry = registryOf(calls, 30);
    const remote = inProcessEngine({ registry, concurrency: 16 });
    const end = Date.now() + 60_000;
    // Its last but one job takes until the minute is over: whoever has the run waits for it.
    registry.register(action('gate', () => sleep(Math.max(0, end - Date.now()))));
    const layers = graph(40, 3);
    const gate = { id: 'gate', action: 'gate', placement: 'pool:p', deps: ['n39-0', 'n39-1', 'n39-2'] };
    const after = { id: 'after', action: 'sum', placement: 'pool:p', deps: ['gate'], inputs: { values: [] } };
    const dag = { ...layers, nodes: [...layers.nodes, gate, after] };
    const stores = [redisStore({ connection: server.url }), redisStore({ connection: server.url })];
    await submitRun(stores[0]!, dag, { runId: 'r', now: Date.now() });
    let takeOvers = 0;
    let hasEnded = false;
    const fight = async (store: EventStore): Promise<void> => {
      const executor = new DagExecutor({ registry, remote, store });
      while (!hasEnded) {
        let run: DagRun;
        try {
          run = await executor.resume('r', { takeOver: true });
          takeOvers++;
        } catch (error) {
          assert.match((error as Error).message, /taken run "r" over|no owner|is owned by/, 'somebody was faster');
          continue;
        }
        const report = run.report.then(
          () => (hasEnded = true),
          (error: Error) => assert.match(error.message, /taken run "r" over|The store could not keep the run/),
        );
        if (Date.now() > end) await report;
        else await Promise.all([report, sleep(200 + Math.random() * 400)]);
      }
    };
    try {
      await Promise.all(stores.map(fight));
      const events = await check(stores[0]!, dag);
      assert.ok(takeOvers > 20, `${takeOvers} times`);
      assert.ok(events.filter(({ type }) => type === 'RunRecovered').length > 20);
    } finally {
      for (const store of stores) await store.close();
      await remote.close();
    }
  },
);

test.run();
