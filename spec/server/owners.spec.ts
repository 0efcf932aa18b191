// timeout: 60000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  memoryStore,
  type Definition,
  type DagRun,
  type EventStore,
  type ExecutionEvent,
  type StoreOwner,
} from '../../lib/index.js';
import type { ViewerServer } from '../../lib/server/index.js';
import type { RunListing } from '../../lib/viewer/source/ListedRun.js';
import { Following } from './Following.js';
import { held, serving } from './serving.js';

const registry = new ActionRegistry().register(action('work', async () => 'done'));
const asking: Definition = {
  name: 'asking',
  nodes: [
    { id: 'ask', action: 'human.input' },
    { id: 'after', action: 'work', deps: ['ask'] },
  ],
};

/** A run that waits for a person, in this process. */
const asks = async (runId: string): Promise<DagRun> => {
  const run = new DagExecutor({ registry }).start(asking, { runId });
  while (run.snapshot.node('ask')?.status !== 'waiting') await new Promise((later) => setTimeout(later, 5));
  return run;
};

const eventsOf = async (run: DagRun): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  await new Promise<void>((done) => {
    run.eventsFrom(1).subscribe((event) => {
      events.push(event);
      if (event.seq === run.snapshot.seq) done();
    });
  });
  return events;
};

const me: StoreOwner = { id: 'me', startedAt: 1 };
const other: StoreOwner = { id: 'other', pid: 4_242, startedAt: 2 };

/** Puts a log into a store, as a process does that leaves it then. */
const put = async (store: EventStore, runId: string, events: readonly ExecutionEvent[]): Promise<void> => {
  const taken = await store.acquire(runId, me)();
  if (taken._tag === 'Left') throw new Error(taken.left.message);
  const { epoch } = taken.right;
  const added = await store.append(runId, epoch, 0, events, {})();
  assert.is(added._tag, 'Right');
  await store.release(runId, epoch)();
};

const listed = async ({ port, tokens }: ViewerServer): Promise<RunListing> => {
  const headers = { authorization: `Bearer ${tokens.reader}` };
  return (await (await fetch(`http://127.0.0.1:${port}/api/runs`, { headers })).json()) as RunListing;
};
const stands = async (server: ViewerServer): Promise<unknown> =>
  (await listed(server)).runs.map(({ runId, stand }) => [runId, stand]);

const test = suite('who goes on with a run');

test('a run of this process takes commands; where it waits for a person the list says so', async () => {
  const run = await asks('asks');
  const busy = held();
  await serving({ runs: [run, busy.run] }, async (server) => {
    const following = new Following(server, 'asks');
    await following.until((it) => it.events.length > 0);
    assert.equal(following.of('owner'), [{ type: 'owner', where: 'here' }]);
    assert.equal(await stands(server), [
      ['asks', 'waiting'],
      ['held', 'running'],
    ]);
    await run.dispatch({ type: 'PauseRun' });
    assert.equal(((await stands(server)) as unknown[])[0], ['asks', 'paused']);
    following.stop();
  });
  busy.release();
  await run.cancel();
});

test('of a stored run it is told whether a process has it, and each change of that', async () => {
  const run = await asks('asks');
  const store = memoryStore();
  await put(store, 'asks', await eventsOf(run));
  await serving({ store }, async (server) => {
    const following = new Following(server, 'asks');
    await following.until((it) => it.of('owner').length > 0);
    const [left] = following.of('owner');
    assert.is(left!.where, 'nowhere');
    assert.match(left!.text!, /`rxdag resume asks --db FILE`/);
    const taken = await store.acquire('asks', other)();
    await following.until((it) => it.of('owner').length > 1);
    const { text, ...owner } = following.of('owner')[1]!;
    assert.equal(owner, { type: 'owner', where: 'elsewhere', pid: 4_242 });
    assert.match(text!, 'in another process (4242)');
    await store.release('asks', taken._tag === 'Right' ? taken.right.epoch : 0)();
    await following.until((it) => it.of('owner').length > 2);
    assert.is(following.of('owner')[2]!.where, 'nowhere');
    following.stop();
  });
  await run.cancel();
});

/** A store in which another process has a run that waits for a person; `reading` is called before its log is read. */
const waitingElsewhere = async (
  events: readonly ExecutionEvent[],
  reading: () => void | Promise<void>,
): Promise<EventStore> => {
  const kept = memoryStore();
  await put(kept, 'asks', events);
  await kept.acquire('asks', other)();
  return {
    ...kept,
    read: async function* (runId, from) {
      await reading();
      yield* kept.read(runId, from);
    },
  };
};

test('what another process has is read at once, and not again while nothing is added', async () => {
  const run = await asks('asks');
  let reads = 0;
  const store = await waitingElsewhere(await eventsOf(run), () => void reads++);
  await serving({ store }, async (server) => {
    assert.equal(await stands(server), [['asks', 'waiting (process 4242)']]);
    assert.ok(reads > 0);
    const before = reads;
    for (let i = 0; i < 3; i++) assert.equal(await stands(server), [['asks', 'waiting (process 4242)']]);
    assert.is(reads, before);
  });
  await run.cancel();
});

test('a run that waits is told as such though its log grows all the while', async () => {
  const run = await asks('asks');
  const events = await eventsOf(run);
  const kept = memoryStore();
  await put(kept, 'asks', events);
  const taken = await kept.acquire('asks', other)();
  const epoch = taken._tag === 'Right' ? taken.right.epoch : 0;
  let { length: seq } = events;
  await serving({ store: kept }, async (server) => {
    for (let i = 0; i < 4; i++) {
      assert.equal(await stands(server), [['asks', 'waiting (process 4242)']]);
      await new Promise((later) => setTimeout(later, 500)); // a reading may not follow upon another at once
      const more: ExecutionEvent = { type: 'MetricsUpdated', metrics: { i }, seq: seq + 1, at: 9 };
      assert.is((await kept.append('asks', epoch, seq++, [more], {})())._tag, 'Right');
    }
  });
  await run.cancel();
});

test('the list waits for no log that takes long, and tells what it says once it is read', async () => {
  const run = await asks('asks');
  let end = (): void => undefined;
  const gate = new Promise<void>((done) => (end = done));
  const store = await waitingElsewhere(await eventsOf(run), () => gate);
  await serving({ store }, async (server) => {
    for (let i = 0; i < 2; i++) assert.equal(await stands(server), [['asks', 'running (process 4242)']]);
    end();
    assert.equal(await stands(server), [['asks', 'waiting (process 4242)']]);
  });
  await run.cancel();
});

test('nor for many logs, though their store reads each in one go', async () => {
  const run = await asks('asks');
  const events = await eventsOf(run);
  const kept = memoryStore();
  const ids = Array.from({ length: 60 }, (_, i) => `asks-${i}`);
  for (const runId of ids) await put(kept, runId, events);
  const store: EventStore = {
    ...kept,
    read: (runId, from) => {
      const until = performance.now() + 40;
      while (performance.now() < until);
      return kept.read(runId, from);
    },
  };
  await serving({ store }, async (server) => {
    const told = async (stand: string): Promise<number> =>
      (await listed(server)).runs.filter((one) => one.stand === stand).length;
    assert.ok((await told('interrupted')) > 0);
    while ((await told('interrupted')) > 0);
    assert.is(await told('waiting'), ids.length);
  });
  await run.cancel();
});

test('a log that can not be read is tried again', async () => {
  const run = await asks('asks');
  let isAway = true;
  const store = await waitingElsewhere(await eventsOf(run), () => {
    if (isAway) throw new Error('The disk is away.');
  });
  await serving({ store }, async (server) => {
    for (let i = 0; i < 2; i++) assert.equal(await stands(server), [['asks', 'running (process 4242)']]);
    isAway = false;
    await new Promise((later) => setTimeout(later, 500));
    assert.equal(await stands(server), [['asks', 'waiting (process 4242)']]);
  });
  await run.cancel();
});

test('the latest ten thousand runs are listed, and how many there are', async () => {
  const store: EventStore = {
    ...memoryStore(),
    runs: () => async () => ({
      _tag: 'Right',
      right: Array.from({ length: 10_020 }, (_, i) => ({
        runId: `run-${i}`,
        dagName: 'many',
        status: i % 10 === 0 ? ('running' as const) : ('succeeded' as const),
        startedAt: 10_020 - i,
        seq: 3,
        ...(i % 10 === 0 ? {} : { endedAt: 20_000 }),
      })),
    }),
  };
  await serving({ store }, async (server) => {
    const { runs, total } = await listed(server);
    assert.is(total, 10_020);
    assert.is(runs.length, 10_000);
    assert.is(runs[0]!.runId, 'run-9999');
    assert.is(runs.at(-1)!.runId, 'run-0');
    assert.is(runs.find(({ runId }) => runId === 'run-9990')!.stand, 'interrupted');
  });
});

test('a comparison tells how each node ended in either run, and where texts part', async () => {
  const store = memoryStore();
  let isOther = false;
  const long = (end: string): string => `${'x'.repeat(500)}${end}`;
  const both = new ActionRegistry()
    .register(action('same', async () => 1))
    .register(action('texts', async () => long(isOther ? 'there' : 'here')))
    .register(
      action('breaks', async () => {
        if (isOther) throw new Error('no such table');
        return { rows: 2 };
      }),
    );
  const executor = new DagExecutor({ registry: both, store });
  const nodes = ['same', 'texts', 'breaks'].map((name) => ({ id: name, action: name }));
  await executor.start({ name: 'compared', nodes }, { runId: 'one' }).report;
  isOther = true;
  await executor.start({ name: 'compared', nodes: [...nodes, { id: 'new', action: 'same' }] }, { runId: 'two' }).report;
  await serving({ store, executor }, async (server) => {
    const { source } = new Following(server, 'one');
    const { differing, nodes: told } = await source.diff!('two');
    assert.equal(differing, ['breaks', 'new', 'texts'], 'those of another status first');
    assert.equal(told![0], {
      id: 'breaks',
      here: { status: 'succeeded', attempts: 1, text: '{"rows":2}' },
      there: { status: 'failed', attempts: 1, text: 'no such table' },
    });
    assert.equal(told![1], { id: 'new', there: { status: 'succeeded', attempts: 1, text: '1' } });
    assert.equal([told![2]!.here!.text, told![2]!.there!.text], [`…${'x'.repeat(24)}here`, `…${'x'.repeat(24)}there`]);
    assert.equal(
      (await source.runs!()).runs.map(({ runId }) => runId),
      ['one', 'two'],
    );
  });
});

test.run();
