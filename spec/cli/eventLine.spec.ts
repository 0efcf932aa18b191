import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventLine } from '../../lib/cli/eventLine.js';
import type { EventBody, ExecutionEvent, Graph } from '../../lib/index.js';
import { defaultConfig } from '../../lib/model/DagConfig.js';

type Body<K extends EventBody['type']> = Omit<Extract<EventBody, { type: K }>, 'type'>;
/** One or more of each event there is, with what its line says after the time. */
type Lines = { readonly [K in EventBody['type']]: readonly (readonly [body: Body<K>, line: string])[] };

const error = { name: 'Error', message: 'no luck' };
const node = { nodeId: 'a' };
const attempt = { ...node, attempt: 1 };
const definition: Graph = { name: 'd', nodes: [{ id: 'a', action: 'x' }] };

const lines: Lines = {
  RunStarted: [
    [
      { format: 1, runId: 'r', dagName: 'd', definition, inputs: {}, config: defaultConfig },
      'running    d: 1 node, at most 3 at once, run r',
    ],
  ],
  RunPaused: [
    [{}, 'paused     the run'],
    [{ reason: 'look' }, 'paused     the run: look'],
  ],
  RunResumed: [[{ reason: 'fine' }, 'running    the run goes on: fine']],
  RunCancelling: [[{ reason: 'late', origin: 'deadline' }, 'cancelling the run: late']],
  RunRecovered: [
    [{ interrupted: ['a', 'b'] }, 'running    the run goes on; 2 nodes had been interrupted'],
    [{ interrupted: [] }, 'running    the run goes on'],
  ],
  RunQuiescent: [[{}, 'quiescent  every node has ended']],
  RunSettled: [
    [{ status: 'succeeded', success: true }, 'succeeded  the run'],
    [{ status: 'failed', success: false, error: 'one\ntwo' }, 'failed     the run: one; two'],
    [{ status: 'cancelled', success: false, error: 'late' }, 'cancelled  the run: late'],
  ],
  NodeAdded: [[{ node: { id: 'a', action: 'x' } }, 'pending    a added, action x']],
  NodeRemoved: [[node, 'removed    a']],
  NodeStarting: [[node, 'starting   a']],
  NodeStarted: [
    [attempt, 'running    a'],
    [{ ...node, attempt: 2 }, 'running    a, attempt 2'],
  ],
  NodeWaiting: [
    [{ ...node, on: 'input' }, 'waiting    a for input'],
    [{ ...node, on: 'items' }, 'waiting    a for its items'],
    [{ ...node, on: 'dag' }, 'waiting    a for its nodes'],
  ],
  NodeProgressed: [[{ ...attempt, value: { page: 3 } }, 'running    a {"page":3}']],
  NodeRetryScheduled: [[{ ...attempt, delayMs: 2_500, error }, 'retrying   a in 2.5 s: no luck']],
  NodeInterrupted: [[attempt, 'pending    a was interrupted in attempt 1']],
  NodeSucceeded: [
    [{ ...attempt, output: null, durationMs: 35, cached: false }, 'succeeded  a in 35 ms'],
    [{ ...attempt, output: 'x', durationMs: 35, cached: false }, 'succeeded  a in 35 ms: x'],
    [{ ...attempt, output: 5, durationMs: 0, cached: true }, 'succeeded  a from the cache: 5'],
  ],
  NodeFailed: [[{ ...attempt, error }, 'failed     a: no luck']],
  NodeSkipped: [[{ ...node, reason: '"b" failed', becauseOf: 'b' }, 'skipped    a: "b" failed']],
  NodeCancelled: [
    [{ ...node, reason: 'late', abandoned: false }, 'cancelled  a: late'],
    [
      { ...node, reason: 'late', abandoned: true },
      'cancelled  a: late (it did not end in time and was left to itself)',
    ],
  ],
  NodeRetried: [
    [{ ...node, revived: [] }, 'pending    a is tried again'],
    [{ ...node, revived: ['b'] }, 'pending    a is tried again, with 1 node that had been skipped'],
  ],
  NodeInputsSet: [[{ ...node, inputs: {} }, 'pending    a got other inputs']],
  DependencyAdded: [[{ from: 'a', to: 'b' }, 'pending    b waits for a']],
  PrioritySet: [[{ ...node, priority: 5 }, 'pending    a has priority 5']],
  BranchPaused: [[{ branchId: 'p', reason: 'look' }, 'paused     branch p: look']],
  BranchResumed: [[{ branchId: 'p' }, 'running    branch p goes on']],
  BranchCancelled: [[{ branchId: 'p' }, 'cancelled  branch p']],
  ConcurrencySet: [[{ maxParallelNodes: 8 }, 'running    at most 8 at once']],
  MetricsUpdated: [[{ metrics: { done: 1 } }, 'metrics    {"done":1}']],
  CustomEmitted: [[{ name: 'n', payload: [1] }, 'event      n: [1]']],
  CommandRefused: [[{ command: null, reason: 'There is no node "x".' }, 'refused    There is no node "x".']],
  HookFailed: [[{ hook: 'h', error }, 'failed     hook h: no luck']],
};

const line = (event: object): string => eventLine({ seq: 1, at: 12_345, ...event } as ExecutionEvent, 10_000);

const test = suite('eventLine');

for (const [type, cases] of Object.entries(lines))
  test(`tells ${type}`, () => {
    for (const [body, expected] of cases) assert.is(line({ type, ...body }), `   2.345 s  ${expected}`);
  });

test('tells which hook it was', () => {
  assert.match(line({ type: 'RunPaused', by: 'guard' }), /paused {5}the run \(by guard\)$/);
  assert.match(line({ type: 'RunPaused', by: 'user' }), /paused {5}the run$/);
});

test('is one line, whatever the event holds', () => {
  const odd = 'a\u001b[31m\u009b\nb\u2028\u202e';
  assert.match(
    line({ type: 'NodeFailed', nodeId: odd, attempt: 1, error: { name: odd, message: odd }, by: odd }),
    /^[^\u0000-\u001f\u0080-\u009f\u2028\u202e]+$/,
  );
});

test.run();
