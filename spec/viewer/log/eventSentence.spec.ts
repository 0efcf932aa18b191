import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody, EventHead, ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import { eventSentence } from '../../../lib/viewer/log/eventSentence.js';
import { eventTypes, eventWord } from '../../../lib/viewer/log/eventWord.js';
import { node, runStarted } from '../../support/logOf.js';

const test = suite('eventSentence');

const said = (body: EventBody & Partial<EventHead>): string =>
  eventSentence({ seq: 20, at: 1, ...body } as ExecutionEvent);

const error = { name: 'Error', message: 'no route' };
const nodeId = 'a';
const attempt = 2;

const sentences: readonly (readonly [EventBody, string])[] = [
  [runStarted([node('a'), node('b: a')]), 'test: 2 nodes, at most 3 at once, run run'],
  [{ type: 'RunPaused', reason: 'lunch' }, 'Nothing more starts: lunch'],
  [{ type: 'RunResumed' }, 'The run goes on'],
  [{ type: 'RunCancelling', reason: 'late', origin: 'deadline' }, 'The run is being cancelled at its deadline: late'],
  [{ type: 'RunRecovered', interrupted: ['a'] }, 'The run goes on in a new process; 1 node had been interrupted'],
  [{ type: 'RunQuiescent' }, 'Every node has ended; hooks may still add some'],
  [{ type: 'RunSettled', status: 'failed', success: false, error: 'a failed' }, 'The run ended as failed: a failed'],
  [
    { type: 'NodeAdded', node: node('c: a b d e', { action: 'load' }), after: 'a' },
    'Added with action load, waits for a, b, d and 1 more, after a',
  ],
  [{ type: 'NodeRemoved', nodeId }, 'Removed from the graph'],
  [{ type: 'NodeStarting', nodeId }, 'Has a slot, waits for its gates'],
  [{ type: 'NodeStarted', nodeId, attempt }, 'Attempt 2 began'],
  [{ type: 'NodeWaiting', nodeId, on: 'input' }, 'Waits for a person’s input'],
  [{ type: 'NodeProgressed', nodeId, attempt, value: { done: 0.5 } }, '{done: 0.5}'],
  [
    { type: 'NodeRetryScheduled', nodeId, attempt, delayMs: 2_000, error },
    'Attempt 2 failed, next in 2.00 s: no route',
  ],
  [{ type: 'NodeInterrupted', nodeId, attempt }, 'Its process died in attempt 2'],
  [{ type: 'NodeSucceeded', nodeId, attempt, output: [1, 'b'], durationMs: 35, cached: false }, 'Took 35 ms: [1, "b"]'],
  [
    { type: 'NodeFailed', nodeId, attempt, error: { name: 'TypeError', message: 'x is not a function' } },
    'Attempt 2 failed: TypeError: x is not a function',
  ],
  [{ type: 'NodeSkipped', nodeId, reason: '"b" failed', becauseOf: 'b' }, 'Never ran: "b" failed'],
  [
    { type: 'NodeCancelled', nodeId, reason: 'stop', abandoned: true },
    'stop (did not end in time and was left to itself)',
  ],
  [{ type: 'NodeRetried', nodeId, revived: ['b', 'c'] }, 'Runs again, with b, c that had been skipped'],
  [{ type: 'NodeInputsSet', nodeId, inputs: { url: 'x' } }, 'Inputs changed: url'],
  [{ type: 'DependencyAdded', from: 'a', to: 'b' }, 'b now waits for a'],
  [{ type: 'PrioritySet', nodeId, priority: 3 }, 'Priority is now 3'],
  [{ type: 'BranchPaused', branchId: 'x', reason: 'r' }, 'Nothing more of branch x starts: r'],
  [{ type: 'BranchResumed', branchId: 'x' }, 'Branch x goes on'],
  [{ type: 'BranchCancelled', branchId: 'x' }, 'Branch x was cancelled'],
  [{ type: 'ConcurrencySet', maxParallelNodes: 9 }, 'At most 9 at once from now on'],
  [{ type: 'MetricsUpdated', metrics: { cost: 2 } }, '{cost: 2}'],
  [{ type: 'CustomEmitted', name: 'note', payload: null }, 'note: null'],
  [
    { type: 'CommandRefused', command: { type: 'RetryNode', nodeId: 'a' }, reason: 'it runs' },
    'RetryNode a was refused: it runs',
  ],
  [{ type: 'HookFailed', hook: 'slack', error }, 'Hook slack: no route'],
];

test('every type of event has a sentence and a word', () => {
  for (const [body, sentence] of sentences) assert.is(said(body), sentence);
  assert.equal(
    sentences.map(([{ type }]) => type),
    eventTypes,
  );
  assert.is(eventTypes.length, 31);
});

test('a run that goes on where nothing was interrupted says no more', () => {
  assert.is(said({ type: 'RunRecovered', interrupted: [] }), 'The run goes on in a new process');
});

test('who asked stands behind it', () => {
  assert.is(
    said({ type: 'RunResumed', by: 'retryFailed', cause: 12 }),
    'The run goes on — by hook retryFailed, answer to #12',
  );
  assert.is(said({ type: 'RunResumed', by: 'user' }), 'The run goes on — by the user');
});

test('text of others is cut, on one line, and steers nothing', () => {
  const hostile = `\u202e<script>alert(1)</script>\n\u0007${'x'.repeat(100_000)}`;
  const failure = { name: hostile, message: hostile };
  for (const body of [
    { type: 'HookFailed', hook: hostile, error: failure },
    { type: 'NodeFailed', nodeId: hostile, attempt: 1, error: failure },
    { type: 'CommandRefused', command: { type: hostile, nodeId: hostile }, reason: hostile },
    { type: 'NodeAdded', node: { id: hostile, action: hostile, deps: [hostile, hostile] }, after: hostile },
    { type: 'NodeSucceeded', nodeId: 'a', attempt: 1, output: { [hostile]: [hostile] }, durationMs: 1, cached: false },
    { type: 'CustomEmitted', name: hostile, payload: hostile, by: hostile },
  ] as readonly EventBody[]) {
    const sentence = said(body);
    assert.ok(sentence.length <= 401, `${body.type}: ${sentence.length} units`);
    assert.not.match(sentence, /[\u202e\n\u0007]/u);
  }
});

test('a type that is not known is shown as it is', () => {
  const strange = { seq: 1, at: 1, type: '__proto__', what: 'new' } as unknown as ExecutionEvent;
  assert.is(eventSentence(strange), '{"seq":1,"at":1,"type":"__proto__","what":"new"}');
  assert.is(eventWord('__proto__').word, '__proto__');
  assert.is(eventWord('constructor').word, 'constructor');
  assert.not.match(eventWord(`\u202e${'x'.repeat(1_000)}`).word, /\u202e|x{41}/u);
});

test('an event that is none of its type is shown as it is', () => {
  for (const body of [
    { type: 'NodeFailed', nodeId: 'a' },
    { type: 'NodeSkipped', reason: { text: 'x' } },
    { type: 'RunStarted' },
    { type: 'NodeAdded', node: null },
    { type: 'NodeTeleported', by: 7 },
  ]) {
    const event = { seq: 1, at: 1, ...body } as unknown as ExecutionEvent;
    assert.is(eventSentence(event), JSON.stringify(event));
  }
});

test('a refused command may be anything', () => {
  for (const command of [null, 'x', [], { type: 3 }])
    assert.is(said({ type: 'CommandRefused', command, reason: 'odd' }).endsWith('was refused: odd'), true);
});

test.run();
