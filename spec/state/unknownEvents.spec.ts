import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  EngineError,
  ExecutionEvent,
  action,
  initialSnapshot,
  memoryStore,
  reduce,
  type ExecutorSnapshot,
} from '../../lib/index.js';
import { addUnknown, isKnownType, unknownIn, unknownText } from '../../lib/model/UnknownEvents.js';
import { eventTypes } from '../../lib/viewer/log/eventWord.js';
import { storeFaultOf } from '../../lib/stores/storeFaultOf.js';
import { strangeLog, strangeText } from '../support/strangeLog.js';

const test = suite('events of types that are not known');

test('are all but those that the codec knows', () => {
  for (const type of eventTypes) {
    assert.ok(isKnownType(type));
    assert.not.match(JSON.stringify(ExecutionEvent.decode({ type })), 'is no ExecutionEvent');
  }
  for (const type of ['NodeTeleported', '__proto__', 'constructor', 'toString', ''])
    assert.not.ok(isKnownType(type), type);
});

test('are counted, and their types told as far as there are few and short ones', () => {
  let unknown = addUnknown(undefined, 'A');
  assert.is(unknownText(unknown), '1 event of a type unknown to this version: A');
  for (const type of ['A', 'B', 7, { toString: 1 }]) unknown = addUnknown(unknown, type);
  assert.is(unknownText(unknown), '5 events of types unknown to this version: A, B, number, object');
  for (let i = 0; i < 10_000; i++) unknown = addUnknown(unknown, `${i}${'x'.repeat(1_000)}`);
  assert.is(unknown.count, 10_005);
  assert.is(unknown.types.length, 5);
  assert.ok(unknownText(unknown).length < 400);
  assert.match(unknownText(unknown), / …$/);
});

test('leave the state as it is, folded one by one and looked at in the past', async () => {
  const events = strangeLog();
  const states = events.reduce<readonly ExecutorSnapshot[]>(
    (all, event) => [...all, reduce(all.at(-1) ?? initialSnapshot(), event)],
    [],
  );
  const { seq, at, ...before } = states[1]!.toJSON() as { readonly seq: number; readonly at: number };
  assert.equal(states[4]!.toJSON(), { ...before, seq: 5, at });
  assert.is(seq, 2);
  assert.is(states[1]!.unknownEvents, undefined);
  assert.is(unknownText(states[4]!.unknownEvents!), strangeText);
  assert.is(unknownText(unknownIn(events)!), strangeText);
  assert.is(unknownIn(strangeLog(false)), undefined);

  const store = memoryStore();
  const acquired = await store.acquire('run', { id: 'spec', startedAt: 0 })();
  assert.ok(acquired._tag === 'Right');
  await store.append('run', acquired.right.epoch, 0, events, {})();
  await store.release('run', acquired.right.epoch)();
  const executor = new DagExecutor({ registry: new ActionRegistry(), store });
  for (const state of [...states.toReversed(), ...states]) {
    const past = await executor.snapshotAt('run', state.seq);
    assert.equal(past.toJSON(), state.toJSON());
    assert.equal(past.unknownEvents, state.unknownEvents);
  }
});

test('are nothing that a run goes on from', async () => {
  const registry = new ActionRegistry().register(action('work', () => null));
  const store = memoryStore();
  const acquired = await store.acquire('run', { id: 'spec', startedAt: 0 })();
  assert.ok(acquired._tag === 'Right');
  await store.append('run', acquired.right.epoch, 0, strangeLog().slice(0, 5), {})();
  await store.release('run', acquired.right.epoch)();
  const executor = new DagExecutor({ registry, store });
  const why = `The log of run "run" has ${strangeText}. A version that knows them can go on with it.`;
  for (const begin of [() => executor.resume('run'), () => executor.fork('run', { atSeq: 5 })]) {
    const error = await begin().then(String, (error: Error) => error);
    assert.instance(error, EngineError);
    assert.is((error as Error).message, why);
    assert.is(storeFaultOf(error)?.type, 'NewerFormat');
  }
  const runs = await store.runs()();
  assert.equal(runs._tag === 'Right' && runs.right.map(({ runId, seq, owner }) => [runId, seq, owner]), [
    ['run', 5, undefined],
  ]);
  const fork = await executor.fork('run', { atSeq: 2 }); // there is nothing strange up to there
  assert.ok((await fork.report).success);
});

test.run();
