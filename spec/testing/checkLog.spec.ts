// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody, EventHead, ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import { checkLog } from '../../lib/testing/index.js';
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

type Body = EventBody & Partial<EventHead>;

/** The first violation's message, and that all of them are of that rule. */
const first = (...bodies: readonly Body[]): string => {
  const found = checkLog(logOf(...bodies));
  return found[0]?.message ?? 'nothing';
};

const accepts = (...bodies: readonly Body[]): void => assert.equal(checkLog(logOf(...bodies)), []);

const ab = runStarted([node('a'), node('b: a')]);
const retrying: EventBody = { type: 'NodeRetryScheduled', nodeId: 'a', attempt: 1, delayMs: 10, error };
const retried = (nodeId: string, ...revived: readonly string[]): EventBody => ({
  type: 'NodeRetried',
  nodeId,
  revived,
});
const added = (spec: NodeSpec): EventBody => ({ type: 'NodeAdded', node: spec });
const starting = (nodeId: string): EventBody => ({ type: 'NodeStarting', nodeId });
const waiting = (nodeId: string, on: 'input' | 'items' | 'dag' = 'input'): EventBody => ({
  type: 'NodeWaiting',
  nodeId,
  on,
});
const branch = (what: 'Paused' | 'Resumed' | 'Cancelled', branchId: string): EventBody => ({
  type: `Branch${what}`,
  branchId,
});
const paused: EventBody = { type: 'RunPaused' };
const resumed: EventBody = { type: 'RunResumed' };
const cancelling = (origin: 'user' | 'deadline' | 'policy' = 'user'): EventBody => ({
  type: 'RunCancelling',
  reason: 'so',
  origin,
});

const good = suite('checkLog accepts');

good('a plain run', () =>
  accepts(ab, started('a'), succeeded('a'), started('b'), succeeded('b'), quiescent, settled()),
);

good('a log that has not ended', () => {
  accepts();
  accepts(ab);
  accepts(ab, started('a'));
});

good('retries, each after its delay', () =>
  accepts(
    runStarted([node('a', { tryCount: 3, retry: { type: 'Linear', delayMs: 10 } })]),
    started('a'),
    retrying,
    { ...started('a', 2), at: 14 },
    { ...retrying, attempt: 2 },
    { ...started('a', 3), at: 50 },
    failed('a', 3),
    quiescent,
    settled('failed'),
  ),
);

good('a failure, the skips it causes, and a retry that revives them', () =>
  accepts(
    runStarted([
      node('a'),
      node('b: a'),
      node('c: b'),
      node('d: a', { runIf: 'allDone' }),
      node('e: b d', { runIf: 'anySucceeded' }),
    ]),
    started('a'),
    failed('a'),
    skipped('b', 'a'),
    skipped('c', 'a'),
    started('d'),
    succeeded('d'),
    started('e'),
    retried('a', 'b', 'c'),
    started('a', 2),
    succeeded('a', 2),
    succeeded('e'),
    started('b'),
    succeeded('b'),
    started('c'),
    succeeded('c'),
    quiescent,
    settled(),
  ),
);

good('a failure that lets the rest go on still fails the run', () =>
  accepts(
    runStarted([node('a', { onFailure: 'continue' }), node('b: a')]),
    started('a'),
    failed('a'),
    started('b'),
    succeeded('b'),
    quiescent,
    settled('failed'),
  ),
);

good('skips on purpose, with and without an output', () =>
  accepts(
    runStarted([node('a'), node('b: a'), node('c'), node('d: c'), node('e: d')]),
    { ...skipped('a'), output: 1 } as EventBody,
    skipped('c'),
    skipped('d', 'c'),
    skipped('e', 'c'),
    started('b'),
    succeeded('b'),
    quiescent,
    settled(),
  ),
);

good('gates: a node keeps its slot while they are asked, and a pause takes it back', () =>
  accepts(
    runStarted([node('a'), node('b', { branch: 'x' }), node('c'), node('d')], { maxParallelNodes: 2 }),
    starting('a'),
    started('a'),
    succeeded('a'),
    starting('b'),
    starting('c'),
    branch('Paused', 'x'),
    starting('d'),
    paused,
    resumed,
    { type: 'NodeInputsSet', nodeId: 'c', inputs: {} },
    starting('c'),
    { ...failed('c', 0), by: 'gate', cause: 12 },
    starting('d'),
    { ...skipped('d'), by: 'gate', cause: 14 },
    branch('Resumed', 'x'),
    starting('b'),
    started('b'),
    succeeded('b'),
    quiescent,
    settled('failed'),
  ),
);

good('waiting for people, without a slot', () =>
  accepts(
    runStarted([node('a', { action: 'human.input' }), node('b'), node('c: a')], { maxParallelNodes: 1 }),
    waiting('a'),
    started('b'),
    succeeded('a'),
    succeeded('b'),
    started('c'),
    succeeded('c'),
    quiescent,
    settled(),
  ),
);

const item = (index: number): NodeSpec => node(`p[${index}]`, { parent: 'p', index, item: index });

good('fan-out and sub-DAGs, and the retry of one item', () =>
  accepts(
    runStarted([node('a'), node('p', { forEach: { $ref: 'a.list' } }), node('s: p', { action: 'dag' })]),
    started('a'),
    succeeded('a'),
    waiting('p', 'items'),
    added(item(0)),
    added(item(1)),
    started('p[0]'),
    started('p[1]'),
    failed('p[1]'),
    succeeded('p[0]'),
    failed('p'),
    skipped('s', 'p'),
    retried('p', 's'),
    waiting('p', 'items'),
    retried('p[1]'),
    started('p[1]', 2),
    succeeded('p[1]', 2),
    succeeded('p', 2),
    waiting('s', 'dag'),
    added(node('s/x', { parent: 's' })),
    started('s/x'),
    succeeded('s/x'),
    succeeded('s'),
    quiescent,
    settled(),
  ),
);

good('surgery', () =>
  accepts(
    ab,
    added(node('c')),
    { type: 'DependencyAdded', from: 'c', to: 'a' },
    added(node('d: b')),
    { type: 'NodeRemoved', nodeId: 'd' },
    added(node('d: c')),
    { type: 'PrioritySet', nodeId: 'd', priority: 2 },
    started('c'),
    succeeded('c'),
    started('d'),
    started('a'),
    succeeded('d'),
    succeeded('a'),
    started('b'),
    succeeded('b'),
    quiescent,
    added(node('e: b')),
    started('e'),
    succeeded('e'),
    quiescent,
    settled(),
  ),
);

good('a cancelled branch, and what depends on its labelled nodes', () =>
  accepts(
    runStarted([node('a', { branch: 'x' }), node('b: a'), node('c', { branch: 'x' }), node('d')]),
    started('a'),
    branch('Cancelled', 'x'),
    cancelled('c'),
    cancelled('a'),
    skipped('b', 'a'),
    started('d'),
    succeeded('d'),
    quiescent,
    settled('failed'),
  ),
);

good('a cancelled run', () =>
  accepts(
    ab,
    started('a'),
    cancelling(),
    cancelled('b'),
    { type: 'MetricsUpdated', metrics: { x: 1 } },
    cancelled('a'),
    quiescent,
    settled('cancelled'),
  ),
);

good('a run that its deadline or a policy ended has failed', () => {
  accepts(ab, cancelling('deadline'), cancelled('a'), cancelled('b'), quiescent, settled('failed'));
  accepts(ab, started('a'), failed('a'), cancelling('policy'), cancelled('b'), quiescent, settled('failed'));
});

good('a run that went on after a crash', () =>
  accepts(
    ab,
    starting('a'),
    started('a'),
    { type: 'RunRecovered', interrupted: ['a'] },
    { type: 'NodeInterrupted', nodeId: 'a', attempt: 1 },
    starting('a'),
    { type: 'RunRecovered', interrupted: [] },
    starting('a'),
    started('a', 2),
    succeeded('a', 2),
    started('b'),
    { type: 'NodeInterrupted', nodeId: 'b', attempt: 1 },
    failed('b', 1),
    quiescent,
    settled('failed'),
  ),
);

good('what a cache or a hook had to say', () =>
  accepts(
    ab,
    { ...succeeded('a', 0), cached: true } as EventBody,
    { type: 'HookFailed', hook: 'h', error },
    { type: 'CustomEmitted', name: 'x', payload: 1, by: 'h', cause: 2, nth: 1 },
    { type: 'CommandRefused', command: {}, reason: 'no', by: 'user' },
    started('b'),
    { type: 'NodeProgressed', nodeId: 'b', attempt: 1, value: 0.5 },
    succeeded('b'),
    quiescent,
    settled(),
  ),
);

good('ids with dots, brackets and prototypes, and references bound to the longest of them', () =>
  accepts(
    runStarted([
      node('a'),
      node('a.b'),
      node('__proto__'),
      { id: 'c', action: 'work', inputs: { x: [{ $ref: 'a.b.c[0]' }], y: { $literal: { $ref: 'a' } } } },
      {
        id: 'd',
        action: 'work',
        inputs: { x: { $ref: 'x', node: '__proto__' }, y: { $ref: 'inputs.a' } },
        when: { $ref: 'c' },
      },
    ]),
    started('a.b'),
    succeeded('a.b'),
    started('c'),
    started('__proto__'),
    succeeded('__proto__'),
    succeeded('c'),
    started('d'),
    started('a'),
  ),
);

const bad = suite('checkLog finds');

bad('I1: gaps, repeats, time that goes back, a wrong beginning', () => {
  assert.match(first(ab, { ...started('a'), seq: 3 }), /^I1 \(G1\) at seq 3: the event before it has seq 1\.$/);
  assert.match(first(ab, { ...started('a'), seq: 1 }), /^I1 .*the event before it has seq 1/);
  assert.match(first({ ...ab, at: 5 }, { ...started('a'), at: 4 }), /^I1 .*time goes back from 5 to 4/);
  assert.match(first({ ...ab, at: Number.NaN }), /^I1 .*time goes back/);
  assert.match(first(started('a')), /^I1 .*NodeStarted comes before RunStarted/);
  assert.match(first(ab, ab), /^I1 .*a second time/);
});

bad('I2: a start before a dependency has ended', () => {
  assert.is(first(ab, started('b')), 'I2 (G2) at seq 2, node "b": it starts though its dependency "a" is idle.');
  assert.match(
    first(ab, started('a'), starting('b')),
    /^I2 .*its gates are asked though its dependency "a" is running/,
  );
  assert.match(
    first(
      runStarted([node('a'), node('b'), node('c: a b', { runIf: 'anySucceeded' })]),
      started('a'),
      succeeded('a'),
      started('c'),
    ),
    /^I2 .*"b" is idle/,
  );
  assert.match(
    first(runStarted([node('a'), { id: 'b', action: 'x', inputs: { y: { z: [{ $ref: 'a.b' }] } } }]), started('b')),
    /^I2 /,
  );
  assert.match(
    first(runStarted([node('a'), node('b', { when: { $ref: 'a' } })]), waiting('b')),
    /^I2 .*it waits on input/,
  );
  assert.match(first(runStarted([node('a'), node('b', { forEach: { $ref: 'a' } })]), waiting('b', 'items')), /^I2 /);
  assert.match(
    first(
      runStarted([node('a', { onFailure: 'continue' }), node('b: a')]),
      started('a'),
      failed('a'),
      retried('a'),
      started('b'),
    ),
    /^I2 .*"a" is idle/,
  );
  assert.match(first(ab, { ...succeeded('b'), cached: true } as EventBody), /^I2 .*served from the cache/);
});

bad('I3: a succeeded node that is tried again, but for a redacted output of a resumed run', () => {
  const recovered: Body = { type: 'RunRecovered', interrupted: [] };
  const shown = { ...succeeded('a'), output: { token: '[redacted]' } } as Body;
  const ends = (...bodies: readonly Body[]): string =>
    first(runStarted([node('a')], { redact: ['token'] }), started('a'), ...bodies, retried('a'), started('a', 2));
  assert.is(ends(shown, recovered), 'nothing');
  assert.match(ends(shown), /^I3 .*it is tried again although it is succeeded/);
  assert.match(ends(succeeded('a'), recovered), /^I3 .*it is tried again although it is succeeded/);
});

bad('I3: a life that leaves its states', () => {
  const life = (...bodies: readonly Body[]): string => first(runStarted([node('a')]), ...bodies);
  assert.match(life(started('x')), /^I3 \(G12\) at seq 2, node "x": it starts although there is no such node\.$/);
  assert.match(life(succeeded('a')), /^I3 .*it succeeds although it is idle/);
  assert.match(life(started('a'), succeeded('a'), failed('a')), /^I3 .*it fails although it is succeeded/);
  assert.match(life(started('a'), succeeded('a'), skipped('a')), /^I3 .*it is skipped although it is succeeded/);
  assert.match(life(starting('a'), starting('a')), /^I3 .*its gates are asked although it is starting/);
  assert.match(
    life({ type: 'NodeProgressed', nodeId: 'a', attempt: 1, value: 1 }),
    /^I3 .*progresses although it is idle/,
  );
  assert.match(life(started('a'), waiting('a')), /^I3 .*it waits on input although it is running/);
  assert.match(life(retrying), /^I3 .*a retry is scheduled although it is idle/);
  assert.match(
    life({ type: 'NodeInterrupted', nodeId: 'a', attempt: 1 }),
    /^I3 .*it is interrupted although it is idle/,
  );
  assert.match(life(started('a'), succeeded('a'), retried('a')), /^I3 .*it is tried again although it is succeeded/);
  assert.match(life(started('a'), { type: 'NodeRemoved', nodeId: 'a' }), /^I3 .*it is removed although it is running/);
  assert.match(
    life(started('a'), { type: 'NodeInputsSet', nodeId: 'a', inputs: {} }),
    /^I3 .*inputs are set although it is running/,
  );
  assert.match(life(resumed), /^I3 .*resumed while it is running/);
  assert.match(life(paused, paused), /^I3 .*paused while it is paused/);
  assert.match(life(cancelling(), cancelling()), /^I3 .*cancelled a second time/);
});

bad('I3: attempts that are not counted, or too many', () => {
  const tries = (tryCount: number, ...bodies: readonly Body[]): string =>
    first(runStarted([node('a', { tryCount, retry: { type: 'Linear', delayMs: 10 } })], { maxAttempts: 3 }), ...bodies);
  assert.match(tries(3, started('a', 2)), /^I3 .*attempt 2 after attempt 0/);
  assert.match(tries(3, started('a'), retrying, { ...started('a', 1), at: 99 }), /^I3 .*attempt 1 after attempt 1/);
  assert.match(tries(1, started('a'), retrying), /^I3 .*after 1 of 1 tries/);
  assert.match(
    first(
      runStarted([node('a', { tryCount: 9, retry: { type: 'Immediate' } })], { maxAttempts: 2 }),
      ...[1, 2].flatMap((attempt): EventBody[] => [
        started('a', attempt),
        { type: 'NodeRetryScheduled', nodeId: 'a', attempt, delayMs: 0, error },
      ]),
    ),
    /^I3 .*after 2 of 2 tries/,
  );
  assert.match(tries(1, started('a'), failed('a', 0)), /^I5 .*attempt 0 fails/);
  assert.match(tries(1, starting('a'), failed('a', 1)), /^I5 .*attempt 1 fails, though its latest is 0/);
  assert.match(
    first(
      runStarted([node('a')], { maxInterruptions: 0 }),
      ...[1, 2].flatMap((attempt): EventBody[] => [
        started('a', attempt),
        { type: 'NodeInterrupted', nodeId: 'a', attempt },
      ]),
    ),
    /^I3 .*interrupted 2 times; maxInterruptions is 0/,
  );
});

bad('I4: more than the limit, or than a pool has', () => {
  const three = [node('a'), node('b'), node('c')];
  assert.match(
    first(runStarted(three, { maxParallelNodes: 2 }), started('a'), starting('b'), started('c')),
    /^I4 \(G2\) at seq 4, node "c": it starts though 2 of 2 slots are in use\.$/,
  );
  assert.match(
    first(runStarted(three, { enableParallelExecution: false }), started('a'), starting('b')),
    /^I4 .*1 of 1 slots/,
  );
  assert.match(
    first(runStarted(three), { type: 'ConcurrencySet', maxParallelNodes: 1 }, started('a'), started('b')),
    /^I4 .*1 of 1 slots/,
  );
  assert.match(
    first(
      runStarted(
        three.map((spec) => ({ ...spec, pool: 'db' })),
        { pools: { db: 1 } },
      ),
      started('a'),
      started('b'),
    ),
    /^I4 .*1 of 1 slots of pool "db"/,
  );
  accepts(
    runStarted(
      three.map((spec) => ({ ...spec, pool: 'db' })),
      { pools: { db: 1 } },
    ),
    starting('a'),
    started('a'),
    succeeded('a'),
    started('b'),
    failed('b'),
    started('c'),
  );
});

bad('I5: an end that belongs to no attempt', () => {
  assert.match(
    first(runStarted([node('a')]), started('a'), succeeded('a', 2)),
    /^I5 \(G8\) at seq 3, node "a": attempt 2 succeeds, though its latest is 1\.$/,
  );
  assert.match(
    first(runStarted([node('a')]), started('a'), { type: 'NodeInterrupted', nodeId: 'a', attempt: 3 }),
    /^I5 /,
  );
  assert.match(
    first(runStarted([node('a')]), started('a'), { type: 'NodeProgressed', nodeId: 'a', attempt: 2, value: 1 }),
    /^I5 /,
  );
});

bad('I6: a dependant of a bad node that starts, is skipped twice or without need', () => {
  assert.match(
    first(ab, started('a'), failed('a'), started('b')),
    /^I6 \(G7\) at seq 4, node "b": it starts though its dependency "a" is failed/,
  );
  assert.match(first(ab, skipped('a'), started('b')), /^I6 .*"a" is skipped/);
  assert.match(
    first(ab, started('a'), failed('a'), skipped('b', 'a'), skipped('b', 'a')),
    /^I6 .*skipped a second time/,
  );
  assert.match(first(ab, started('a'), skipped('b', 'a')), /^I6 .*because of "a", which is running/);
  assert.match(
    first(
      runStarted([node('a'), node('b: a', { onFailure: 'continue' }), node('c')]),
      started('a'),
      failed('a'),
      skipped('c', 'a'),
    ),
    /^I6 .*allow it to run/,
  );
  assert.match(
    first(runStarted([node('a'), node('b: a', { runIf: 'allDone' })]), started('a'), failed('a'), skipped('b', 'a')),
    /^I6 .*runIf is allDone/,
  );
  const any = runStarted([node('a'), node('b'), node('c: a b', { runIf: 'anySucceeded' })]);
  assert.match(first(any, started('a'), failed('a'), skipped('c', 'a')), /^I6 .*allow it to run/);
  assert.match(
    first(any, started('a'), failed('a'), started('b'), failed('b'), started('c')),
    /^I6 .*none of its dependencies succeeded/,
  );
  assert.match(first(ab, skipped('a'), skipped('b', 'a'), started('a')), /^I3 .*it starts although it is skipped/);
});

bad('I6: a revival of what has no reason to be', () => {
  const abc = runStarted([node('a'), node('b'), node('c: a b')]);
  const bothFail = [started('a'), failed('a'), started('b'), failed('b'), skipped('c', 'a')];
  assert.match(first(abc, ...bothFail, retried('a', 'c')), /^I6 .*"c".*still stands against it/);
  assert.match(first(abc, ...bothFail, retried('a', 'b')), /^I3 .*revived although it is failed/);
  assert.match(
    first(runStarted([node('a'), node('b')]), started('a'), failed('a'), skipped('b'), retried('a', 'b')),
    /^I6 .*skipped on purpose/,
  );
  assert.match(
    first(
      ab,
      started('a'),
      failed('a'),
      skipped('b', 'a'),
      retried('a'),
      started('a', 2),
      succeeded('a', 2),
      quiescent,
      settled('failed'),
    ),
    /^I6 .*"b": it stays skipped because of "a"/,
  );
});

bad('I7: a run that rests or settles too early, or as what it is not', () => {
  assert.match(
    first(ab, started('a'), succeeded('a'), quiescent),
    /^I7 \(G5\) at seq 4: the run is quiescent though "b" is idle\.$/,
  );
  const whole = [ab, started('a'), succeeded('a'), started('b'), succeeded('b')];
  assert.match(first(...whole, paused, quiescent), /^I7 .*quiescent while it is paused/);
  assert.match(first(...whole, settled()), /^I7 .*without having been quiescent/);
  assert.match(first(...whole.slice(0, 4), settled('failed')), /^I7 .*settles though "b" is running/);
  assert.match(first(...whole, quiescent, settled('failed')), /^I7 .*make it succeeded/);
  assert.match(
    first(...whole, quiescent, { type: 'RunSettled', status: 'succeeded', success: false }),
    /^I7 .*with success false/,
  );
  assert.match(
    first(...whole, quiescent, settled(), { type: 'CustomEmitted', name: 'x', payload: 1 }),
    /^I7 .*comes after RunSettled/,
  );
  assert.match(first(ab, started('a'), failed('a'), skipped('b', 'a'), quiescent, settled()), /^I7 .*make it failed/);
  assert.match(
    first(ab, cancelling(), cancelled('a'), cancelled('b'), quiescent, settled('failed')),
    /^I7 .*make it cancelled/,
  );
  assert.match(
    first(runStarted([], { onHookError: 'failRun' }), { type: 'HookFailed', hook: 'h', error }, quiescent, settled()),
    /^I7 .*make it failed/,
  );
});

bad('I8: a graph that is none', () => {
  assert.match(first(runStarted([node('a'), node('a')])), /^I8 \(G9\) at seq 1: the id "a" is defined twice\.$/);
  assert.match(first(runStarted([node('a: b')])), /^I8 .*"a" depends on "b", which does not exist/);
  assert.match(first(runStarted([node('a: b'), node('b: a'), node('c: b')])), /^I8 .*3 nodes lie in or behind a cycle/);
  assert.match(first(ab, added(node('a'))), /^I8 .*its id is taken/);
  assert.match(first(ab, added(node('c: d'))), /^I8 .*depends on "d"/);
  assert.match(first(ab, added({ action: 'x' })), /^I8 .*without an id/);
  assert.match(first(ab, { type: 'DependencyAdded', from: 'b', to: 'a' }), /^I8 .*closes a cycle/);
  assert.match(first(ab, { type: 'DependencyAdded', from: 'a', to: 'a' }), /^I8 .*closes a cycle/);
  assert.match(first(ab, { type: 'DependencyAdded', from: 'x', to: 'a' }), /^I8 .*does not exist/);
  assert.match(
    first(ab, started('a'), { type: 'DependencyAdded', from: 'b', to: 'a' }),
    /^I3 .*although it is running/,
  );
  assert.match(first(ab, { type: 'NodeRemoved', nodeId: 'a' }), /^I8 .*"b" depends on it/);
});

bad('I8: a cycle far away, in a graph whose order has been mended many times', () => {
  const nodes = Array.from({ length: 50 }, (_, i) => node(`n${i}`));
  const chain = Array.from({ length: 49 }, (_, i): EventBody => ({
    type: 'DependencyAdded',
    from: `n${(i * 7 + 7) % 50}`,
    to: `n${(i * 7) % 50}`,
  }));
  accepts(runStarted(nodes), ...chain);
  assert.match(
    first(runStarted(nodes), ...chain, { type: 'DependencyAdded', from: 'n0', to: `n${(49 * 7) % 50}` }),
    /^I8 .*closes a cycle/,
  );
});

bad('I8: an expansion with wrong ids, or a parent that ends before its nodes', () => {
  const fan = runStarted([node('p')]);
  assert.match(first(fan, added(item(0))), /^I8 .*expanded from "p", which is idle/);
  assert.match(first(fan, waiting('p', 'items'), added(item(1))), /^I8 .*not of the form p\[0\]/);
  assert.match(first(fan, waiting('p', 'dag'), added(node('x', { parent: 'p' }))), /^I8 .*not of the form p\/child/);
  assert.match(first(fan, waiting('p', 'items'), added(item(0)), succeeded('p')), /^I8 .*1 of the nodes/);
  assert.match(
    first(fan, waiting('p', 'items'), added(item(0)), started('p[0]'), failed('p[0]'), succeeded('p')),
    /^I8 .*"p\[0\]".*is failed/,
  );
});

bad('I8: a retry under a parent that has ended', () => {
  assert.match(
    first(
      runStarted([node('p')]),
      waiting('p', 'items'),
      added(item(0)),
      started('p[0]'),
      failed('p[0]'),
      failed('p'),
      retried('p[0]'),
    ),
    /^I8 .*"p\[0\]": it is tried again though "p", which it was expanded from, is failed/,
  );
});

bad('I14: a cause that does not come before, or that is nobody’s', () => {
  const custom: EventBody = { type: 'CustomEmitted', name: 'x', payload: 1 };
  assert.match(first(ab, { ...custom, by: 'h', cause: 2 }), /^I14 \(G3\) at seq 2: its cause 2 is no earlier event\.$/);
  assert.match(first(ab, { ...custom, cause: 1 }), /^I14 .*nobody/);
  assert.match(first(ab, { ...custom, by: 'h', cause: 1, nth: 0 }), /^I14 .*answer number 0/);
});

bad('I14: a gate that answers a question of before', () => {
  const asked = [ab, starting('a'), paused, resumed, starting('a')];
  for (const answer of [failed('a', 0), skipped('a'), { type: 'NodeInputsSet', nodeId: 'a', inputs: {} } as const]) {
    assert.match(
      first(...asked, { ...answer, by: 'g', cause: 2 }),
      /^I14 .*answers the question of seq 2; the open one is of seq 5/,
    );
    accepts(...asked, { ...answer, by: 'g', cause: 5 });
  }
  accepts(...asked, { ...skipped('a'), by: 'h', cause: 2, nth: 1 });
});

bad('I15: starts in a paused run or branch', () => {
  const nodes = runStarted([node('a'), node('b: a'), node('c', { branch: 'x' }), node('d: c')]);
  assert.match(
    first(nodes, paused, started('a')),
    /^I15 \(G8\) at seq 3, node "a": it starts while the run is paused\.$/,
  );
  assert.match(first(nodes, branch('Paused', 'x'), starting('c')), /^I15 .*while its branch "x" is paused/);
  assert.match(
    first(nodes, started('a'), succeeded('a'), branch('Paused', 'a'), started('b')),
    /^I15 .*branch "a" is paused/,
  );
  accepts(nodes, started('c'), branch('Paused', 'x'), succeeded('c'), started('d'));
  accepts(nodes, branch('Paused', 'x'), branch('Resumed', 'x'), started('c'));
  assert.match(first(nodes, branch('Paused', 'x'), added(node('e', { branch: 'x' })), started('e')), /^I15 /);
  assert.match(first(nodes, branch('Paused', 'a'), started('c'), added(node('e', { parent: 'b' }))), /^I8 /);
  assert.match(
    first(
      nodes,
      branch('Paused', 'a'),
      { type: 'DependencyAdded', from: 'a', to: 'c' },
      branch('Resumed', 'a'),
      branch('Paused', 'x'),
      started('a'),
      succeeded('a'),
      started('c'),
    ),
    /^I15 .*branch "x"/,
  );
  assert.match(
    first(
      runStarted([node('p'), node('q: p')]),
      waiting('p', 'items'),
      added(item(0)),
      branch('Paused', 'p'),
      started('p[0]'),
    ),
    /^I15 /,
  );
  assert.match(
    first(runStarted([node('p')]), waiting('p', 'items'), branch('Paused', 'p'), added(item(0)), started('p[0]')),
    /^I15 /,
  );
});

bad('I15: starts, additions and successes after a cancellation; cancellations without one', () => {
  const nodes = runStarted([node('a', { branch: 'x' }), node('b: a')]);
  assert.match(first(nodes, cancelling(), started('a')), /^I15 .*while the run is cancelling/);
  assert.match(first(nodes, branch('Cancelled', 'x'), started('a')), /^I15 .*although its branch "x" is cancelled/);
  assert.match(
    first(nodes, started('a'), branch('Cancelled', 'x'), succeeded('a')),
    /^I15 .*although it was cancelled/,
  );
  assert.match(first(nodes, cancelled('a')), /^I15 .*neither the run nor a branch/);
  assert.match(first(nodes, branch('Cancelled', 'x'), cancelled('b')), /^I15 .*neither the run nor a branch/);
  assert.match(
    first(nodes, branch('Cancelled', 'x'), added(node('c', { branch: 'x' }))),
    /^I15 .*added to a cancelled branch/,
  );
  assert.match(first(nodes, cancelling(), added(node('c'))), /^I15 .*added to a cancelling run/);
  assert.match(
    first(nodes, branch('Cancelled', 'x'), cancelled('a'), retried('a')),
    /^I15 .*tried again in a cancelled branch/,
  );
  assert.match(
    first(nodes, started('a'), failed('a'), skipped('b', 'a'), branch('Cancelled', 'b'), retried('a', 'b')),
    /^I15 .*"b": it is revived in a cancelled branch/,
  );
  assert.match(
    first(nodes, started('a'), failed('a'), cancelling(), retried('a')),
    /^I15 .*tried again in a cancelling run/,
  );
});

bad('I15: commands on branches that are not there, or not so', () => {
  assert.match(first(ab, branch('Paused', 'x')), /^I15 .*branch "x" is paused, but no node has that label or id/);
  assert.match(first(ab, branch('Resumed', 'a')), /^I15 .*resumed while it is running/);
  assert.match(first(ab, branch('Paused', 'a'), branch('Paused', 'a')), /^I15 .*paused while it is paused/);
  assert.match(first(ab, branch('Cancelled', 'a'), branch('Resumed', 'a')), /^I15 .*resumed while it is cancelled/);
});

bad('I20: a retry that comes too early or after another delay than its strategy gives', () => {
  const run = (delayMs: number, ...more: readonly Body[]): string =>
    first(
      runStarted([
        node('a', {
          tryCount: 2,
          retry: { type: 'Exponential', initialDelayMs: 100, maxDelayMs: 150, multiplier: 2, jitter: 0.5 },
        }),
      ]),
      started('a'),
      { ...retrying, delayMs, at: 10 },
      ...more,
    );
  assert.is(run(75), 'nothing');
  assert.match(
    run(120),
    /^I20 \(G2\) at seq 3, node "a": its retry delay is 120 ms; its strategy gives 50 to 100 ms\.$/,
  );
  assert.match(run(40), /^I20 /);
  assert.match(run(75, { ...started('a', 2), at: 80 }), /^I20 .*at 80 ms, before its retry delay ended at 85 ms/);
  assert.is(run(75, { ...started('a', 2), at: 85 }), 'nothing');
});

bad('at most 1,000 violations', () => {
  const log = logOf(ab, ...Array.from({ length: 5_000 }, () => started('x')));
  assert.is(checkLog(log).length, 1_000);
});

const large = suite('checkLog at length');

/** Layers of nodes, each depending on three of the layer before: two events per node, without keeping them all. */
function* longLog(width: number, layers: number): Iterable<ExecutionEvent> {
  const id = (layer: number, i: number): string => `n${layer}_${i % width}`;
  const nodes = Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: width }, (_, i) => ({
      id: id(layer, i),
      action: 'work',
      deps: layer === 0 ? [] : [id(layer - 1, i), id(layer - 1, i + 1), id(layer - 1, i + 7)],
    })),
  ).flat();
  let seq = 1;
  yield { seq, at: 0, ...runStarted(nodes, { maxParallelNodes: width }) };
  for (let layer = 0; layer < layers; layer++) {
    for (let i = 0; i < width; i++) yield { seq: ++seq, at: layer, ...started(id(layer, i)) };
    for (let i = 0; i < width; i++) yield { seq: ++seq, at: layer, ...succeeded(id(layer, i)) };
  }
  yield { seq: ++seq, at: layers, ...quiescent };
  yield { seq: ++seq, at: layers, ...settled() };
}

large('1,000,000 events', () => {
  const begun = performance.now();
  assert.equal(checkLog(longLog(1_000, 500)), []);
  assert.ok(performance.now() - begun < 60_000);
});

good.run();
bad.run();
large.run();
