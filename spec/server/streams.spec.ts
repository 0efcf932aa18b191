// timeout: 120000
import { get as httpGet, type IncomingMessage } from 'node:http';
import { lastValueFrom, toArray } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  addNodes,
  emitEvent,
  memoryStore,
  removeNode,
  setConcurrency,
  type DagRun,
  type ExecutionEvent,
} from '../../lib/index.js';
import { startServer, type ViewerServer } from '../../lib/server/index.js';
import { SseReader } from '../../lib/viewer/source/SseReader.js';
import * as L from '../../lib/viewer/theme/looks.js';
import { Following } from './Following.js';
import { held, serving } from './serving.js';

const test = suite('streams of the server');

const sleep = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));
const logOf = (run: DagRun): Promise<readonly ExecutionEvent[]> => lastValueFrom(run.eventsFrom(1).pipe(toArray()));

/** Asks a command many times; each is one event. */
const busy = async (run: DagRun, times: number): Promise<void> => {
  for (let i = 0; i < times; i++) await run.dispatch(setConcurrency(1 + (run.snapshot.maxParallelNodes % 9)));
};

test('a viewer is told a live run from its first event to its last', async () => {
  const { run, release } = held();
  await serving({ runs: [run] }, async (server) => {
    const following = new Following(server, 'held');
    await following.until((it) => it.events.length > 0);
    assert.equal(following.of('connection').slice(0, 2), [
      { type: 'connection', state: 'connecting' },
      { type: 'connection', state: 'live' },
    ]);
    await busy(run, 3);
    await following.until((it) => it.events.at(-1)?.type === 'ConcurrencySet');
    release();
    await following.done;
    following.isComplete(await logOf(run));
    assert.is(following.events.at(-1)?.type, 'RunSettled');
    assert.is(following.of('state').length, 0);
    assert.equal(following.of('connection').at(-1), { type: 'connection', state: 'ended' });
    const lags = following.of('connection').flatMap(({ lagMs }) => (lagMs === undefined ? [] : [lagMs]));
    assert.ok(lags.length > 0 && lags.every((lag) => lag >= 0 && lag < 5_000), String(lags));
  });
});

test('five viewers cost one encoding, whenever they come', async () => {
  const { run, release } = held();
  let encoded = 0;
  const encode = (events: readonly ExecutionEvent[]): string => {
    encoded += events.length;
    return JSON.stringify(events);
  };
  await busy(run, 50);
  await serving({ runs: [run], encode }, async (server) => {
    const viewers = Array.from({ length: 5 }, () => new Following(server, 'held'));
    for (const viewer of viewers) await viewer.until((it) => it.of('connection').length >= 3);
    assert.is(encoded, run.snapshot.seq);
    for (let i = 0; i < 5; i++) {
      await busy(run, 10);
      await sleep(40);
    }
    release();
    for (const viewer of viewers) await viewer.done;
    assert.is(encoded, run.snapshot.seq);
    for (const viewer of viewers) viewer.isComplete(await logOf(run));
  });
});

test('a run that nobody watches is not listened to', async () => {
  const { run, release } = held();
  let encoded = 0;
  await serving({ runs: [run], encode: (events) => `${void encoded++}${JSON.stringify(events)}` }, async () => {
    release();
    await run.report;
    await sleep(50);
    assert.is(encoded, 0);
  });
});

test('after the server was gone a viewer goes on where it was, without a gap or an event twice', async () => {
  const { run, release } = held();
  let server: ViewerServer = await startServer({ runs: [run] });
  const { port, tokens } = server;
  const following = new Following(server, 'held');
  let isDone = false;
  const asking = (async () => {
    for (; !isDone; await sleep(2)) await busy(run, 5);
  })();
  for (let times = 0; times < 3; times++) {
    const { length } = following.events;
    await following.until((it) => it.events.length > length + 50);
    await server.close();
    await following.until((it) => it.of('connection').at(-1)?.state === 'retrying');
    await sleep(times * 200);
    server = await startServer({ runs: [run], port, tokens });
  }
  const { length } = following.events;
  await following.until((it) => it.events.length > length + 50);
  isDone = true;
  await asking;
  release();
  await following.done;
  await server.close();
  const seqs = following.of('events').flatMap(({ events }) => events.map(({ seq }) => seq));
  assert.equal(
    seqs,
    seqs.map((_, i) => i + 1),
  );
  following.isComplete(await logOf(run));
  assert.ok(following.of('connection').filter(({ state }) => state === 'retrying').length >= 3);
});

test('a viewer who was too slow is told the state, and may read what it missed', async () => {
  const { run, release } = held();
  await serving({ runs: [run] }, async (server, origin) => {
    const headers = { authorization: `Bearer ${server.tokens.reader}` };
    const stream = await new Promise<IncomingMessage>((resolve) =>
      httpGet(`${origin}/api/runs/held/stream`, { headers }, resolve),
    );
    const reader = new SseReader();
    const messages: { event: string; value: any }[] = [];
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const { event, data } of reader.read(text)) messages.push({ event, value: JSON.parse(data) });
    });
    const until = async (isEnough: () => boolean): Promise<void> => {
      for (let i = 0; i < 500 && !isEnough(); i++) await sleep(20);
      assert.ok(isEnough(), JSON.stringify(messages.map(({ event }) => event)));
    };
    await until(() => messages.some(({ event }) => event === 'live'));
    stream.pause();
    const payload = 'x'.repeat(200_000);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 150; i++) {
      await run.dispatch(emitEvent('large', payload));
      if (i % 10 === 0) await sleep(20);
    }
    await sleep(50);
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < 25_000_000, `${grown} bytes wait to be sent`); // of 30 MB, most of what there is being the system's
    stream.resume();
    await until(() => messages.some(({ event }) => event === 'state'));
    const at = messages.findIndex(({ event }) => event === 'state');
    const told = messages.slice(0, at).flatMap(({ event, value }) => (event === 'events' ? value : []));
    const state = messages[at]!.value as { seq: number; looks: string; status: string };
    assert.is(state.seq, run.snapshot.seq);
    assert.is(state.status, 'running');
    assert.equal([...Buffer.from(state.looks, 'base64')], [L.RUNNING, L.PENDING, L.PENDING]);
    const missed: ExecutionEvent[] = [];
    for (let from: number | undefined = told.at(-1).seq + 1; from !== undefined;) {
      const page = await fetch(`${origin}/api/runs/held/events?from=${from}&to=${state.seq}`, { headers });
      const { events, next } = (await page.json()) as { events: ExecutionEvent[]; next?: number };
      missed.push(...events);
      from = next;
    }
    assert.ok(missed.length > 10, String(missed.length));
    await busy(run, 3);
    release();
    await new Promise((ended) => stream.on('end', ended));
    const later = messages.slice(at + 1).flatMap(({ event, value }) => (event === 'events' ? value : []));
    assert.is(messages.at(-1)?.event, 'over');
    const log = (await logOf(run)).map(({ seq }) => seq);
    assert.equal(
      [...told, ...missed, ...later].map(({ seq }: ExecutionEvent) => seq),
      log,
    );
  });
});

test('in a flood there are states, few of them, and the events come afterwards', async () => {
  let nodes = 0;
  const registry = new ActionRegistry().register(action('work', async () => nodes++));
  const executor = new DagExecutor({ registry, config: { maxParallelNodes: 64 } });
  const graph = Array.from({ length: 60_000 }, (_, i) => ({ id: `n${i}`, action: 'work' }));
  const run = executor.start({ name: 'flood', nodes: graph }, { runId: 'flood' });
  await serving({ runs: [run] }, async (server) => {
    const began = performance.now();
    const following = new Following(server, 'flood');
    await run.report;
    const took = performance.now() - began;
    await following.done;
    const states = following.of('state');
    assert.ok(states.length > 0, 'no state came');
    assert.ok(states.length <= 2 + took / 90, `${states.length} states in ${took} ms`);
    // Each tells of a later moment; the end may be told once more, for those who can't get the events any more.
    assert.ok(states.slice(0, -1).every(({ seq }, i) => i === 0 || seq > states[i - 1]!.seq));
    assert.is(states.at(-1)!.seq, run.snapshot.seq);
    following.isComplete(await logOf(run));
    const told = following.messages.filter(({ type }) => type !== 'connection' && type !== 'owner');
    assert.is(told[0]?.type, 'events'); // with the definition
  });
});

test('who comes late to a long log sees the present first', async () => {
  const { run, release } = held();
  await busy(run, 25_000);
  await serving({ runs: [run] }, async (server) => {
    const following = new Following(server, 'held');
    await following.until((it) => it.of('state').length > 0);
    assert.is(following.of('state')[0]!.seq, run.snapshot.seq);
    assert.ok(following.events.length <= 5_000);
    await following.until((it) => it.events.length === run.snapshot.seq);
    release();
    await following.done;
    following.isComplete(await logOf(run));
  });
});

test('a state has the looks of nodes by their index, those that are gone too', async () => {
  const { run, release } = held();
  await run.dispatch(
    addNodes([
      { id: 'late', action: 'work', deps: ['gate'] },
      { id: 'free', action: 'work' },
    ]),
  );
  await run.dispatch(removeNode('n0'));
  await run.dispatch({ type: 'PauseBranch', branchId: 'n1' });
  await busy(run, 26_000);
  await serving({ runs: [run] }, async (server) => {
    const following = new Following(server, 'held');
    await following.until((it) => it.of('state').length > 0);
    const { looks, status, at, seq } = following.of('state')[0]!;
    assert.equal([...looks], [L.RUNNING, L.GONE, L.PAUSED, L.PENDING, L.SUCCEEDED]);
    assert.equal([status, seq], ['running', run.snapshot.seq]);
    assert.ok(Math.abs(Date.now() - at) < 10_000);
    following.stop();
    await run.dispatch({ type: 'ResumeBranch', branchId: 'n1' });
    release();
    await run.report;
  });
});

test('a stored run is replayed, to its end', async () => {
  const store = memoryStore();
  const { run, release } = held({ store }, 3_000, 'stored');
  release();
  await run.report;
  await serving({ store }, async (server) => {
    const following = new Following(server, 'stored');
    await following.done;
    following.isComplete(await logOf(run));
    assert.is(following.of('state').length, 0);
  });
});

test('a stored run that somebody else writes is followed', async () => {
  const store = memoryStore();
  const { run, release } = held({ store }, 3, 'stored');
  await busy(run, 5);
  await serving({ store }, async (server) => {
    const following = new Following(server, 'stored');
    await following.until((it) => it.events.length === run.snapshot.seq);
    await busy(run, 5);
    await following.until((it) => it.events.length === run.snapshot.seq);
    assert.equal(await following.source.dispatch!({ type: 'PauseRun' }), {
      refused: 'This run goes on in another process, so it takes no commands here.',
    });
    release();
    await following.done;
    following.isComplete(await logOf(run));
  });
});

test('a run that was removed ends its streams', async () => {
  const store = memoryStore();
  const { run, release } = held({ store }, 3, 'stored');
  release();
  await run.report;
  const log = await logOf(run);
  const copy = memoryStore();
  const owner = { id: 'me', startedAt: 0 };
  const taken = await copy.acquire('stored', owner)();
  if (taken._tag === 'Left') throw new Error(taken.left.message);
  await copy.append('stored', taken.right.epoch, 0, log.slice(0, 4), {})();
  await serving({ store: copy }, async (server) => {
    const following = new Following(server, 'stored');
    await following.until((it) => it.events.length === 4);
    await copy.release('stored', taken.right.epoch)();
    await copy.remove('stored')();
    await following.done;
    assert.equal(following.of('connection').at(-1), {
      type: 'connection',
      state: 'ended',
      text: 'The run was removed.',
    });
  });
});

test('while nothing happens there are signs of life', async () => {
  const { run, release } = held();
  await serving({ runs: [run] }, async (server, origin) => {
    const headers = { authorization: `Bearer ${server.tokens.reader}` };
    const stream = await fetch(`${origin}/api/runs/held/stream`, { headers });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = performance.now() + 5_600;
    while (performance.now() < until && !text.endsWith(': \n\n')) text += (await reader.read()).value;
    assert.ok(text.endsWith(': \n\n'), text.slice(-100));
    await reader.cancel();
  });
  release();
});

test('a run taken away is shown no more', async () => {
  const { run, release } = held();
  await serving({}, async (server) => {
    const remove = server.add(run);
    const following = new Following(server, 'held');
    await following.until((it) => it.events.length > 0);
    remove();
    await following.done;
    assert.equal(following.of('connection').at(-1), {
      type: 'connection',
      state: 'ended',
      text: 'There is no such run.',
    });
  });
  release();
});

test.run();
