import { Subject } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../../lib/model/ExecutorSnapshot.js';
import { describeEvent, record } from '../../lib/testing/index.js';
import {
  cancelled,
  error,
  failed,
  logOf,
  node,
  quiescent,
  runStarted,
  settled,
  skipped,
  started,
  succeeded,
} from '../support/logOf.js';

const test = suite('record');

const recorded = (events: readonly ExecutionEvent[]): ReturnType<typeof record> => {
  const event$ = new Subject<ExecutionEvent>();
  const snapshot$ = new Subject<ExecutorSnapshot>();
  const log = record({ event$, snapshot$ });
  for (const event of events) {
    event$.next(event);
    snapshot$.next({ seq: event.seq } as ExecutorSnapshot);
  }
  return log;
};

const log = recorded(
  logOf(
    runStarted([node('a'), node('b'), node('c: a'), node('d: b')]),
    started('a'),
    started('b'),
    succeeded('a'),
    started('c'),
    failed('b'),
    skipped('d', 'b'),
    succeeded('c'),
    quiescent,
    settled('failed'),
  ),
);

test('keeps events and snapshots', () => {
  assert.is(log.events.length, 10);
  assert.equal(
    log.snapshots.map(({ seq }) => seq),
    log.events.map(({ seq }) => seq),
  );
  assert.equal(
    log.ofType('NodeSucceeded').map(({ nodeId }) => nodeId),
    ['a', 'c'],
  );
  assert.equal(log.started, ['a', 'b', 'c']);
});

test('tells how two nodes stood to each other', () => {
  assert.is(log.order('a', 'c'), 'before');
  assert.is(log.order('c', 'a'), 'after');
  assert.is(log.order('a', 'b'), 'overlap');
  assert.is(log.order('b', 'c'), 'overlap');
  assert.is(log.order('a', 'd'), undefined);
  assert.is(log.order('x', 'a'), undefined);
});

test('prints one line per event, with times where wanted', () => {
  assert.is(
    log.text(),
    [
      'RunStarted test, 4 nodes',
      'NodeStarted a#1',
      'NodeStarted b#1',
      'NodeSucceeded a#1 null',
      'NodeStarted c#1',
      'NodeFailed b#1 no',
      'NodeSkipped d because of b: it must be',
      'NodeSucceeded c#1 null',
      'RunQuiescent',
      'RunSettled failed',
    ].join('\n'),
  );
  assert.is(log.text({ times: true }).split('\n')[3], '3 NodeSucceeded a#1 null');
});

test('checks what it has', () => {
  assert.equal(log.checkLog(), []);
  assert.match(recorded(logOf(runStarted([node('a'), node('b: a')]), started('b'))).checkLog()[0]!.message, /^I2 /);
});

test('words every event in one line', () => {
  const spec = node('n: a b', { action: 'fetch' });
  const words = logOf(
    { type: 'RunPaused', reason: 'lunch', by: 'user' },
    { type: 'RunResumed' },
    { type: 'RunCancelling', reason: 'late', origin: 'deadline' },
    { type: 'RunRecovered', interrupted: ['a', 'b'] },
    { type: 'NodeAdded', node: spec, by: 'h', cause: 3, nth: 1 },
    { type: 'NodeRemoved', nodeId: 'a' },
    { type: 'NodeStarting', nodeId: 'a' },
    { type: 'NodeInterrupted', nodeId: 'a', attempt: 2 },
    { type: 'NodeWaiting', nodeId: 'a', on: 'items' },
    { type: 'NodeProgressed', nodeId: 'a', attempt: 1, value: 'x'.repeat(100) },
    { type: 'NodeRetryScheduled', nodeId: 'a', attempt: 1, delayMs: 50, error },
    { type: 'NodeSucceeded', nodeId: 'a', attempt: 1, output: [1], durationMs: 1, cached: true },
    { type: 'NodeSkipped', nodeId: 'a', reason: 'no need' },
    { ...cancelled('a'), abandoned: true } as never,
    { type: 'NodeRetried', nodeId: 'a', revived: ['b', 'c'] },
    { type: 'NodeInputsSet', nodeId: 'a', inputs: { x: { $ref: 'b' } } },
    { type: 'DependencyAdded', from: 'a', to: 'b' },
    { type: 'PrioritySet', nodeId: 'a', priority: 3 },
    { type: 'BranchPaused', branchId: 'x' },
    { type: 'BranchResumed', branchId: 'x' },
    { type: 'BranchCancelled', branchId: 'x' },
    { type: 'ConcurrencySet', maxParallelNodes: 5 },
    { type: 'MetricsUpdated', metrics: { x: 1 } },
    { type: 'CustomEmitted', name: 'x', payload: null },
    { type: 'CommandRefused', command: { type: 'PauseRun' }, reason: 'no' },
    { type: 'HookFailed', hook: 'h', error },
  ).map(describeEvent);
  assert.equal(words, [
    'RunPaused lunch (by user)',
    'RunResumed',
    'RunCancelling deadline: late',
    'RunRecovered a, b',
    'NodeAdded n fetch [a, b] (by h on 3)',
    'NodeRemoved a',
    'NodeStarting a',
    'NodeInterrupted a#2',
    'NodeWaiting a on items',
    `NodeProgressed a#1 "${'x'.repeat(78)}…`,
    'NodeRetryScheduled a#1 in 50 ms: no',
    'NodeSucceeded a#1 [1] cached',
    'NodeSkipped a: no need',
    'NodeCancelled a abandoned: it must be',
    'NodeRetried a [b, c]',
    'NodeInputsSet a {"x":{"$ref":"b"}}',
    'DependencyAdded a -> b',
    'PrioritySet a 3',
    'BranchPaused x',
    'BranchResumed x',
    'BranchCancelled x',
    'ConcurrencySet 5',
    'MetricsUpdated {"x":1}',
    'CustomEmitted x null',
    'CommandRefused {"type":"PauseRun"}: no',
    'HookFailed h: no',
  ]);
});

test.run();
