// alone
// timeout: 600000
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Fleet, layers, type Member } from '../support/fleet.js';
import { redisTest, type RedisConf, type RedisServer } from '../support/redis.js';

const test = suite('a fleet: whatever dies, each node completes once');

const graph = layers(10, 20);

/** A test with a fleet of two workers, and as many coordinators. */
const fleetTest = (
  name: string,
  coordinators: number,
  run: (parts: {
    readonly fleet: Fleet;
    readonly server: RedisServer;
    readonly workers: readonly Member[];
    readonly leaders: readonly Member[];
    /** Who has the run. */
    leader(): Member;
  }) => Promise<void>,
  conf: RedisConf = {},
): void =>
  redisTest(
    test,
    name,
    async (server) => {
      const fleet = await Fleet.open(server.url);
      try {
        const workers = [fleet.worker(), fleet.worker()];
        const leaders = Array.from({ length: coordinators }, () => fleet.coordinator());
        await fleet.until(() => workers.every((worker) => worker.has('workerStarted')));
        await run({ fleet, server, workers, leaders, leader: () => leaders.find((one) => one.has('taken'))! });
      } finally {
        fleet.close();
      }
    },
    conf,
  );

fleetTest('nothing', 1, async ({ fleet }) => {
  const { twice } = await fleet.run(graph);
  assert.is(twice, 0);
});

fleetTest('a worker, and then the coordinator, which is started again', 1, async ({ fleet, workers, leaders }) => {
  const { twice } = await fleet.run(graph, {
    70: () => workers[0]!.kill(),
    140: async () => {
      leaders[0]!.kill();
      await sleep(500);
      fleet.coordinator();
    },
  });
  assert.ok(twice <= 24, `${twice} actions ran again`);
});

fleetTest('the leading one of two coordinators', 2, async ({ fleet, leader, leaders }) => {
  const { events } = await fleet.run(graph, { 100: () => leader().kill() });
  assert.ok(events.some(({ type }) => type === 'RunRecovered'));
  assert.ok(leaders.every((one) => one.has('taken')));
});

fleetTest('nobody, but the leader sleeps until another has the run', 2, async ({ fleet, leader, leaders }) => {
  let old: Member | undefined;
  await fleet.run(graph, {
    100: async () => {
      old = leader();
      old.kill('SIGSTOP');
      await fleet.until(() => leaders.every((one) => one === old || one.has('taken')));
      old.kill('SIGCONT');
    },
  });
  await fleet.until(() => old!.has('left'));
});

fleetTest('nobody, but a worker sleeps for longer than its locks last', 1, async ({ fleet, workers }) => {
  const { twice } = await fleet.run(graph, {
    60: async () => {
      workers[0]!.kill('SIGSTOP');
      await sleep(3_500);
      workers[0]!.kill('SIGCONT');
    },
  });
  assert.ok(twice <= 24, `${twice} actions ran again`);
});

fleetTest(
  'Redis',
  1,
  async ({ fleet, server }) => {
    await fleet.run(graph, { 100: () => server.restart(1_000) });
  },
  { appendfsync: 'always' },
);

fleetTest('Redis, and the end of what it had written is gone', 2, async ({ fleet, server }) => {
  await fleet.run(graph, {
    100: async () => {
      await server.kill();
      server.cutTail(100_000);
      await sleep(500);
      await server.start();
    },
  });
});

redisTest(test, 'the network, again and again', async (server) => {
  const proxy = await server.proxy();
  const fleet = await Fleet.open(server.url);
  try {
    const workers = [fleet.worker(proxy.url), fleet.worker()];
    fleet.coordinator(proxy.url);
    await fleet.until(() => workers.every((worker) => worker.has('workerStarted')));
    await fleet.run(graph, {
      40: () => proxy.cut(),
      80: async () => {
        proxy.hold('both');
        await sleep(3_000);
        proxy.hold('nothing');
        proxy.cut();
      },
      120: () => proxy.delay(50),
    });
  } finally {
    fleet.close();
  }
});

test.run();
