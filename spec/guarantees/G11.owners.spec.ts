import * as E from '#fp-ts/Either';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagError, DagExecutor, type EventStore } from '../../lib/index.js';
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

const isFree = async (store: EventStore): Promise<boolean> => {
  const taken = await store.acquire('r', { id: 'other', startedAt: 0 })();
  if (E.isRight(taken)) await store.release('r', taken.right.epoch)();
  return E.isRight(taken);
};

const errorOf = (going: Promise<unknown>): Promise<Error | undefined> =>
  going.then(
    () => undefined,
    (error: Error) => error,
  );

test('a run that has ended is resumed as often as one likes, and belongs to nobody', async () => {
  const { trial, store } = doomed(['a']);
  const { events } = Object.assign(trial, { report: await trial.end() });
  for (let time = 0; time < 2; time++) {
    const lab = new Lab(false);
    const run = await lab.executor({ executor: { store } }).resume('r');
    const report = await lab.time.until(run);
    assert.equal([report.status, report.outputs['a']], ['succeeded', 'a']);
    assert.is(await lengthOf(store, 'r'), events.length);
    assert.ok(await isFree(store));
  }
});

test('a run that could not be resumed or forked belongs to nobody', async () => {
  const { trial, after } = doomed(['a', 'b: a'], { does: { '*': 100 } });
  await trial.end();
  const { store } = await after(2);
  await store.release('r', 1)();
  const lab = new Lab(false);
  const without = new DagExecutor({ registry: new ActionRegistry(), store, scheduler: lab.time });
  assert.match((await errorOf(without.resume('r')))!.message, /action "work"/);
  assert.ok(await isFree(store));
  assert.match((await errorOf(without.fork('r', { atSeq: 1, runId: 'f' })))!.message, /action "work"/);
  assert.is(await lengthOf(store, 'f'), 0, 'nothing of it is kept');

  const broken: EventStore = {
    ...store,
    answered: () => () => Promise.resolve(E.left({ type: 'StoreUnavailable', message: 'not now' })),
  };
  assert.match((await errorOf(lab.executor({ executor: { store: broken } }).resume('r')))!.message, 'not now');
  assert.ok(await isFree(store));
});

test('an id that a stored run has is refused, and that run stays as it was, for whoever resumes it', async (lab) => {
  for (const appends of [2, Infinity]) {
    const { trial, after } = doomed(['a', 'b: a'], { does: { '*': 100 } });
    await trial.end();
    const { store, events } = await after(appends);
    await store.release('r', 1)();
    const second = lab.start(['x'], { runId: 'r', executor: { store } });
    const told: unknown[] = [];
    second.run.event$.subscribe({ error: (error) => told.push(error) });
    const error = await lab.time.until(errorOf(second.run.report));
    assert.is(error?.name, 'EngineError');
    assert.is(error?.message, 'There is a run "r" already; resume it, or give another id.');
    assert.equal(told, [error]);
    assert.equal(second.events, []);
    assert.is(await lengthOf(store, 'r'), events.length);
    assert.ok(await isFree(store));
    const run = await lab.executor({ does: { '*': 100 }, executor: { store } }).resume('r');
    assert.ok((await lab.time.until(run)).success);
  }
});

test('an engine that breaks lets go of its run', async (lab) => {
  const store = heldStore(true);
  store.failures.push({ type: 'JournalCorrupt', message: 'no' });
  const { run } = lab.start(['a'], { runId: 'r', executor: { store } });
  assert.match((await lab.time.until(errorOf(run.report)))!.message, 'could not keep the run: no');
  assert.ok(await isFree(store));
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
