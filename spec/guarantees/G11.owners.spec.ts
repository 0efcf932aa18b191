import * as E from '#fp-ts/Either';
import * as assert from 'uvu/assert';
import { DagError, type EventStore } from '../../lib/index.js';
import { doomed } from '../support/crash.js';
import { Lab, labSuite, specs } from '../support/executor.js';
import { heldStore } from '../support/heldStore.js';

const test = labSuite('G11 Durable: one owner');

const lengthOf = async (store: EventStore, runId: string): Promise<number> => {
  let length = 0;
  for await (const { seq } of store.read(runId)) length = seq;
  return length;
};

test('lets two executors not write one run', async (lab) => {
  const store = heldStore(true);
  const first = lab.start(['a'], { does: { a: 100 }, runId: 'r', executor: { store } });
  await first.pass(1);
  const second = new Lab(false);
  const other = second.executor({ executor: { store } }).start({ name: 'x', nodes: specs(['a']) }, { runId: 'r' });
  const error = await second.time.until(
    other.report.then(
      () => undefined,
      (e: Error) => e,
    ),
  );
  assert.is(error?.name, 'EngineError');
  assert.ok((await first.end()).success);
});

test('fences an owner that was overtaken', async (lab) => {
  const store = heldStore(true);
  const first = lab.start(['a'], { does: { a: 100 }, runId: 'r', executor: { store } });
  await first.pass(1);
  const before = await lengthOf(store, 'r');
  const taken = await store.acquire('r', { id: 'other', startedAt: 0 }, { takeOver: true })();
  assert.ok(E.isRight(taken));
  first.run.report.catch(() => undefined);
  const error = await lab.time.until(
    first.run.report.then(
      () => undefined,
      (e: Error) => e,
    ),
  );
  assert.is(error?.name, 'EngineError');
  assert.is(await lengthOf(store, 'r'), before);
});

test('gives up its ownership when it has settled', async (lab) => {
  const store = heldStore(true);
  await lab.finish(['a'], { runId: 'r', executor: { store } });
  await lab.pass();
  assert.ok(E.isRight(await store.acquire('r', { id: 'other', startedAt: 0 })()));
});

test('is refused while an owner lives, for an unknown run, and without a store', async () => {
  const { trial, store } = doomed(['a'], { does: { a: 100 } });
  await trial.pass(5);
  const lab = new Lab(false);
  const kinds: string[] = [];
  const note = (error: unknown): void => void kinds.push(error instanceof DagError ? error.type : String(error));
  await lab.executor({ executor: { store } }).resume('r').catch(note);
  await lab.executor({ executor: { store } }).resume('nobody', { takeOver: true }).catch(note);
  await lab.executor().resume('r').catch(note);
  assert.equal(kinds, ['OwnedElsewhere', 'UnknownRun', 'InvalidOptions']);
  assert.ok((await trial.end()).success);
});

test('takes over from an owner that still writes, which is fenced', async () => {
  const { trial, store } = doomed(['a', 'b: a'], { does: { '*': 100 } });
  await trial.pass(5);
  const lab = new Lab(false);
  const run = await lab.executor({ executor: { store } }).resume('r', { takeOver: true });
  const broken = await trial.lab.time.until(
    trial.run.report.then(
      () => undefined,
      (error: Error) => error.name,
    ),
  );
  assert.is(broken, 'EngineError');
  assert.ok((await lab.time.until(run)).success);
});

test.run();
