import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addNode,
  cancelBranch,
  cancelRun,
  emitEvent,
  setPriority,
  type ExecutionEvent,
  type Hook,
} from '../../lib/index.js';
import { Lab, realExecutor, specs, type Trial } from '../support/executor.js';
import { heldStore, type HeldStore } from '../support/heldStore.js';
import { lateStore } from '../support/lateStore.js';

const test = suite('A store may answer later');

/** A run whose store waits to be let go, advanced until its action `a` runs. */
const running = async (
  plot: Parameters<Lab['start']>[1] = {},
): Promise<{ trial: Trial; store: HeldStore; go: () => Promise<void> }> => {
  const lab = new Lab(false);
  const store = heldStore(true);
  const trial = lab.start(['a', 'b: a'], { does: { a: 1_000 }, ...plot, executor: { store } });
  await trial.pass(1);
  store.open = false;
  const go = async (): Promise<void> => {
    store.release1();
    await trial.pass();
  };
  return { trial, store, go };
};

test('all inputs that have gathered are appended in one call', async () => {
  const { trial, store, go } = await running();
  const first = trial.run.dispatch(emitEvent('first', 0));
  await trial.pass();
  assert.is(store.waiting.length, 1);
  for (let i = 1; i <= 20; i++) void trial.run.dispatch(emitEvent('n', i));
  await trial.pass();
  assert.is(store.waiting.length, 1, 'one append at a time');
  await go();
  await first;
  assert.is(store.waiting.length, 1);
  assert.is(store.waiting[0]!.length, 20);
  await go();
  assert.is(trial.log.ofType('CustomEmitted').length, 21);
});

test('an answer that needs no event does not overtake what it rests on', async () => {
  const { trial, store, go } = await running();
  const told: string[] = [];
  void trial.run.dispatch(setPriority('b', 1)).then(() => told.push('set'));
  await trial.pass();
  void trial.run.dispatch(setPriority('b', 1)).then(() => told.push('it is so already'));
  await trial.pass();
  assert.equal(told, []);
  store.open = true;
  await go();
  assert.equal(told, ['set', 'it is so already']);
  await trial.end();
});

test('they are stepped at once, one after the other: a later one sees what an earlier one did', async () => {
  const { trial, store, go } = await running();
  const answers: string[] = [];
  for (const command of [
    addNode({ id: 'x', action: 'work', deps: ['a'] }),
    setPriority('x', 3),
    addNode({ id: 'x', action: 'work' }),
  ])
    void trial.run.dispatch(command).then(({ _tag }) => answers.push(_tag));
  await trial.pass();
  while (store.waiting.length > 0) await go();
  assert.equal(answers, ['Right', 'Right', 'Left']);
});

test('publication, snapshot, answers and Schedule wait for it', async () => {
  const { trial, store, go } = await running();
  const seen: string[] = [];
  trial.run.event$.subscribe(({ type }) => seen.push(type));
  const { seq } = trial.run.snapshot;
  void trial.run.dispatch(addNode({ id: 'x', action: 'work' })).then(({ _tag }) => seen.push(_tag));
  await trial.pass(5);
  assert.equal(seen, []);
  assert.is(trial.run.snapshot.seq, seq);
  assert.is(trial.run.snapshot.node('x'), undefined);
  assert.is(
    store.waiting.flat().filter(({ type }) => type === 'NodeStarted').length,
    0,
    'Schedule has not come before',
  );
  await go();
  assert.equal(seen, ['NodeAdded', 'Right']);
  assert.is(trial.run.snapshot.node('x')!.status, 'ready');
});

test("hooks see an event only when it is stored, and their answers come before the event's consequences", async () => {
  const shown: ExecutionEvent[] = [];
  const hook: Hook = {
    name: 'h',
    onNodeComplete: (_, event) => {
      shown.push(event);
      return { type: 'PauseBranch', branchId: 'b' };
    },
  };
  const { trial, store, go } = await running({ does: { a: 5 }, hooks: [hook] });
  await trial.pass(10);
  assert.is(shown.length, 0);
  while (store.waiting.length > 0) {
    const stored = store.appends.flat();
    for (const { seq } of shown) assert.ok(stored.some((event) => event.seq === seq));
    await go();
  }
  assert.is(shown.length, 1);
  assert.is(trial.status('b'), 'ready');
});

test('ctx.snapshot() never shows more than what has been published', async () => {
  const lab = new Lab(true);
  const ahead: number[] = [];
  const { report } = await lab.finish(['a', 'b: a', 'c: a'], {
    does: { '*': 2 },
    hooks: [{ name: 'h', onEvent: (ctx, { seq }) => void (ctx.snapshot().seq < seq && ahead.push(seq)) }],
  });
  assert.ok(report.success);
  assert.equal(ahead, []);
});

test('a late timer, a deadline and a cancellation wait for nothing but the store', async () => {
  const lab = new Lab(true);
  const { report } = await lab.finish(['a'], { does: { a: 500 }, config: { timeoutMs: 100 } });
  assert.is(report.durationMs, 100);
});

test('the real clock does as well, one macrotask at a time', async () => {
  const run = realExecutor({ store: lateStore() }).start({ name: 'g', nodes: specs(['a', 'b: a', 'c: b']) });
  const types: string[] = [];
  run.event$.subscribe(({ type }) => types.push(type));
  await Promise.resolve();
  assert.equal(types, []);
  assert.ok((await run.report).success);
  assert.is(types.length, 9);
});

test('several runs share a store', async () => {
  const store = lateStore();
  const executor = realExecutor({ store });
  const runs = Array.from({ length: 5 }, (_, i) =>
    executor.start({ name: `g${i}`, nodes: specs(['a', 'b: a']) }, { runId: `r${i}` }),
  );
  for (const { success } of await Promise.all(runs.map(({ report }) => report))) assert.ok(success);
  const listed = await store.runs()();
  assert.is(listed._tag, 'Right');
  if (listed._tag === 'Right')
    assert.equal(
      listed.right.map(({ runId, status }) => [runId, status]),
      runs.map(({ runId }) => [runId, 'succeeded']),
    );
});

test('what ends between a cancellation and its storing is cancelled, whatever it returns', async () => {
  for (const command of [cancelBranch('a'), cancelRun()]) {
    const { trial, store, go } = await running({ does: { a: 5 } });
    void trial.run.dispatch(command);
    await trial.pass();
    assert.is(store.waiting.length, 1);
    await trial.pass(10);
    while (store.waiting.length > 0) await go();
    assert.is(trial.status('a'), 'cancelled');
    assert.is(trial.log.ofType('NodeSucceeded').length, 0);
  }
});

test.run();
