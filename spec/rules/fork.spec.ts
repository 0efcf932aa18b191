import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fold } from '../../lib/state/reduce.js';
import { initialSnapshot, memoryStore, reduce, type EventStore, type ExecutionEvent } from '../../lib/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { Lab } from '../support/executor.js';

const DAY_MS = 86_400_000;

const logIn = async (store: EventStore, runId: string): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId)) events.push(event);
  return events;
};

const test = suite('Fork');

test('the time between a run and its fork counts for neither', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  let isMended = false;
  const plot = {
    does: {
      a: 100,
      b: () => {
        if (!isMended) throw new Error('no');
        return lab.last(20, 'b');
      },
      ask: () => 'asked',
    },
    executor: { store, config: { timeoutMs: 1_000 } },
    runId: 'r',
  };
  await lab.finish(['a', 'b: a'], plot);
  const before = await logIn(store, 'r');
  await lab.pass(DAY_MS);
  isMended = true;
  const executor = lab.executor(plot);
  const begun = lab.time.now();
  const run = await executor.fork('r', { atSeq: before.length, runId: 'r2', again: ['b'] });
  const report = await lab.time.until(run);
  assert.ok(report.success, report.error);
  assert.is(report.startedAt, begun - 100);
  assert.is(report.durationMs, 120);
  const [a, b] = report.nodeOutcomes;
  assert.equal([a!.startedAt, a!.endedAt, a!.durationMs], [begun - 100, begun, 100]);
  assert.equal([b!.startedAt, b!.endedAt], [begun, begun + 20]);
  const events = await logIn(store, 'r2');
  assert.equal(
    checkLog(events).map(({ message }) => message),
    [],
  );
  assert.equal(await logIn(store, 'r'), before, 'the other run is as it was');
});

test('a run that is out of time goes on in a fork, with as long again, also after a crash', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  const plot = { does: { a: 600, b: 600, c: 600 }, executor: { store, config: { timeoutMs: 1_000 } }, runId: 'r' };
  const { report } = await lab.finish(['a', 'b: a', 'c: b'], plot);
  assert.match(report.error!, /^DAG timeout exceeded after 1000 ms/);
  const executor = lab.executor(plot);
  const fork = await executor.fork('r', { atSeq: (await logIn(store, 'r')).length, runId: 'r2' });
  const again = await lab.time.until(fork);
  assert.match(again.error!, /^DAG timeout exceeded/);
  assert.is(again.nodeOutcomes[1]!.status, 'succeeded');

  // Its process dies: what the fork began with counts no more than before.
  const last = await executor.fork('r2', { atSeq: (await logIn(store, 'r2')).length, runId: 'r3' });
  await lab.pass(500);
  const left = memoryStore();
  await left.acquire('r3', { id: 'dead', startedAt: 0 })();
  await left.append('r3', 1, 0, await logIn(store, 'r3'), {})();
  void last.cancel();
  const resumed = await lab
    .executor({ ...plot, executor: { ...plot.executor, store: left } })
    .resume('r3', { takeOver: true });
  assert.ok((await lab.time.until(resumed)).success);
});

test('a wait has as long left in a fork as it had', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  const ask = { id: 'ask', action: 'human.input', inputs: { default: 'nobody' } };
  const plot = {
    executor: { store, config: { humanWaitMs: 5_000, humanTimeoutAction: 'Autopilot' as const } },
    runId: 'r',
  };
  const trial = await lab.finish([ask], plot);
  const waiting = trial.events.find(({ type }) => type === 'NodeWaiting')!;
  await lab.pass(DAY_MS);
  const begun = lab.time.now();
  const run = await lab.executor(plot).fork('r', { atSeq: waiting.seq, runId: 'r2' });
  const report = await lab.time.until(run);
  assert.is(report.endedAt, begun + 5_000);
  assert.is(report.outputs['ask'], 'nobody');
});

test('a log is folded at once to what it is folded to event by event', async () => {
  const { events } = await new Lab(false).finish(['a', 'b: a', 'c'], {
    does: { c: () => Promise.reject(new Error('no')) },
  });
  assert.is(JSON.stringify(fold(events)), JSON.stringify(events.reduce(reduce, initialSnapshot())));
});

test.run();
