import * as t from 'io-ts';
import { NEVER } from 'rxjs';
import * as assert from 'uvu/assert';
import { action, retryNode, type NodeContext, type RetryStrategy } from '../../lib/index.js';
import { fail, labSuite, type Lab } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';

const test = labSuite('Attempts');

const immediate: RetryStrategy = { type: 'Immediate' };
const often = (tryCount: number, retry: RetryStrategy = immediate): { tryCount: number; retry: RetryStrategy } => ({
  tryCount,
  retry,
});

/** Fails so many times, then succeeds. */
const failing =
  (times: number) =>
  ({ attempt }: NodeContext): unknown =>
    attempt <= times ? fail(`no ${attempt}`)({} as never) : attempt;

test('are events each: NodeStarted, and NodeRetryScheduled at the end of all but the last', async (lab) => {
  const { lines, report } = await lab
    .finish([node('a', often(3, { type: 'Linear', delayMs: 5 }))], { does: { a: failing(2) } })
    .then((trial) => ({
      lines: trial.lines('NodeStarted', 'NodeRetryScheduled', 'NodeSucceeded'),
      report: trial.report,
    }));
  assert.equal(lines, [
    'NodeStarted a#1',
    'NodeRetryScheduled a#1 in 5 ms: no 1',
    'NodeStarted a#2',
    'NodeRetryScheduled a#2 in 5 ms: no 2',
    'NodeStarted a#3',
    'NodeSucceeded a#3 3',
  ]);
  assert.is(report.nodeOutcomes[0]!.attempts, 3);
  assert.equal(report.nodeOutcomes[0]!.retryMessages, ['Attempt 1 failed: no 1', 'Attempt 2 failed: no 2']);
  assert.is(report.metrics.retries, 2);
});

test('end in NodeFailed when tryCount is used up, in words that tell how many there were', async (lab) => {
  const { report } = await lab.finish([node('a', often(2))], { does: { a: failing(9) } });
  const [outcome] = report.nodeOutcomes;
  assert.is(outcome!.finalError!.message, 'Failed after 2 attempts. Last error: no 2');
  assert.equal(outcome!.retryMessages, ['Attempt 1 failed: no 1', 'Attempt 2 failed: no 2']);
});

test('that are the only one are told of in the same words; a gate has words of its own', async (lab) => {
  const once = await lab.finish(['a'], { does: { a: fail('broken') } });
  assert.is(once.report.nodeOutcomes[0]!.finalError!.message, 'Failed after 1 attempts. Last error: broken');
  const never = await lab.finish(['a'], { hooks: [{ name: 'g', beforeNodeStart: () => ({ fail: 'forbidden' }) }] });
  assert.is(never.report.nodeOutcomes[0]!.finalError!.message, 'forbidden');
});

const delays: readonly (readonly [RetryStrategy, readonly number[]])[] = [
  [{ type: 'Immediate' }, [0, 0, 0]],
  [{ type: 'Linear', delayMs: 7 }, [7, 7, 7]],
  [{ type: 'Exponential', initialDelayMs: 100, maxDelayMs: 300, multiplier: 2 }, [100, 200, 300]],
  [{ type: 'Exponential', initialDelayMs: 100, maxDelayMs: 300, multiplier: 2, jitter: 0.5 }, [75, 150, 225]],
];

for (const [retry, expected] of delays)
  test(`wait as ${JSON.stringify(retry)} says`, async (lab) => {
    const { log } = await lab.finish([node('a', often(4, retry))], {
      does: { a: failing(3) },
      config: { maxAttempts: 9 },
      executor: { random: () => 0.5 },
    });
    assert.equal(
      log.ofType('NodeRetryScheduled').map(({ delayMs }) => delayMs),
      expected,
    );
    const starts = log.ofType('NodeStarted').map(({ at }) => at);
    assert.equal(
      starts.slice(1).map((at, i) => at - starts[i]!),
      expected,
    );
  });

test("wait as the config's strategy says where the node has none", async (lab) => {
  const { log } = await lab.finish([node('a', { tryCount: 3 })], { does: { a: failing(2) } });
  assert.equal(
    log.ofType('NodeRetryScheduled').map(({ delayMs }) => delayMs),
    [2_000, 4_000],
  );
});

test('free the slot while they wait', async (lab) => {
  const { events } = await lab.finish([node('a', often(2, { type: 'Linear', delayMs: 10 })), 'b'], {
    does: { a: failing(1), b: 4 },
    config: { maxParallelNodes: 1 },
  });
  expectTimeline(events, '0 >a~b, 4 B, 10 aA.');
});

test('are at most maxAttempts, with a warning where a node asks for more', async (lab) => {
  const { report } = await lab.finish([node('a', often(9))], { does: { a: failing(20) }, config: { maxAttempts: 4 } });
  assert.is(report.nodeOutcomes[0]!.attempts, 4);
  assert.is(report.warnings.filter((warning) => warning.includes('"a"') && warning.includes('4')).length, 1);
});

/** An action that takes so long whatever its signal says; tells how many of its calls overlapped at most. */
const deaf = (
  lab: Lab,
  ms: number,
): { readonly act: () => Promise<unknown>; readonly most: () => number; readonly calls: () => number } => {
  let running = 0;
  let most = 0;
  let calls = 0;
  return {
    act: async () => {
      calls++;
      most = Math.max(most, ++running);
      await lab.after(ms);
      running--;
      return 'late';
    },
    most: () => most,
    calls: () => calls,
  };
};

test('are aborted on timeout, and fail with a TimeoutError', async (lab) => {
  let reason: unknown;
  const { log, report } = await lab.finish([node('a', { timeoutMs: 10 })], {
    does: {
      a: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject((reason = signal.reason)));
        }),
    },
  });
  assert.is((reason as Error).name, 'TimeoutError');
  assert.is(log.ofType('NodeFailed')[0]!.error.name, 'TimeoutError');
  assert.is(report.durationMs, 10);
});

test('keep their slot after a timeout until the action ends, and never overlap', async (lab) => {
  const { act, most, calls } = deaf(lab, 25);
  const { events } = await lab.finish([node('a', { ...often(2), timeoutMs: 10 }), 'b'], {
    does: { a: act, b: 5 },
    config: { maxParallelNodes: 1, graceMs: 100 },
  });
  assert.is(calls(), 2);
  assert.is(most(), 1);
  expectTimeline(events, '0 >a, 25 ~b, 30 Ba, 55 x.');
});

test('keep it for graceMs at most, once', async (lab) => {
  const { act } = deaf(lab, 1_000);
  const { events, report } = await lab.finish([node('a', { timeoutMs: 10 }), 'b'], {
    does: { a: act, b: 5 },
    config: { maxParallelNodes: 1, graceMs: 20 },
  });
  expectTimeline(events, '0 >a, 30 xb, 35 B.');
  assert.match(report.nodeOutcomes[0]!.finalError!.message, /Timeout/);
});

test('ignore a result that comes too late', async (lab) => {
  const { act } = deaf(lab, 15);
  const { log, report } = await lab.finish([node('a', { timeoutMs: 10 })], { does: { a: act } });
  assert.is(log.ofType('NodeSucceeded').length, 0);
  assert.is(report.nodeOutcomes[0]!.status, 'failed');
});

test('ignore progress and results after their end', async (lab) => {
  let ctx: NodeContext | undefined;
  const trial = lab.start(['a', 'b'], { does: { a: (given) => ((ctx = given), 1), b: 20 } });
  await trial.pass(5);
  ctx!.progress('too late');
  await trial.end();
  assert.is(trial.log.ofType('NodeProgressed').filter(({ nodeId }) => nodeId === 'a').length, 0);
});

test('are aborted when no progress comes for idleTimeoutMs; progress refreshes it', async (lab) => {
  const { log, report } = await lab.finish([node('a', { idleTimeoutMs: 10 })], {
    does: {
      a: ({ progress, signal }) => {
        for (const ms of [5, 12, 20, 28]) void lab.after(ms, () => progress(ms));
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
    },
  });
  assert.is(log.ofType('NodeProgressed').length, 4);
  assert.is(report.durationMs, 38);
  assert.match(log.ofType('NodeFailed')[0]!.error.message, /without progress/);
});

test("take an Observable's values as progress that refreshes the idle timeout", async (lab) => {
  const { report } = await lab.finish([node('a', { idleTimeoutMs: 5 })], { does: { a: '---x---y---z|' } });
  assert.ok(report.success);
});

test('get a fresh timeout each', async (lab) => {
  const { events } = await lab.finish([node('a', { ...often(3), timeoutMs: 10 })], {
    does: { a: ({ attempt }) => (attempt < 3 ? NEVER : lab.after(9, 1)) },
  });
  expectTimeline(events, '0 >a, 10 ~a, 20 ~a, 29 A.');
});

test('fail for good, after NodeStarted, where a reference leads nowhere or a codec does not fit', async (lab) => {
  const strictly = action({
    name: 'typed',
    input: t.strict({ n: t.number }),
    output: t.number,
    execute: ({ inputs }) => (inputs.n < 0 ? ('no' as never) : inputs.n),
  });
  for (const [spec, says] of [
    [node('a: x', { inputs: { v: { $ref: 'x.deep.down' } } }), 'x.deep.down'],
    [node('a', { action: 'typed', inputs: { n: 'one' } }), 'n'],
    [node('a', { action: 'typed', inputs: { n: -1 } }), 'number'],
  ] as const) {
    const { lines, report } = await lab
      .finish(['x', { ...spec, ...often(3) }], { actions: [strictly] })
      .then((trial) => ({ lines: trial.lines().filter((line) => line.includes(' a')), report: trial.report }));
    assert.match(lines[0]!, 'NodeStarted a#1');
    assert.match(lines[1]!, 'NodeFailed a#1');
    assert.is(lines.length, 2, lines.join('\n'));
    assert.ok(report.nodeOutcomes[1]!.finalError!.message.includes(says), report.nodeOutcomes[1]!.finalError!.message);
  }
});

test('have one idempotency key, also after a RetryNode', async (lab) => {
  const keys: string[] = [];
  let retried = false;
  await lab.finish([node('a', often(2))], {
    runId: 'r',
    does: { a: ({ idempotencyKey }) => (keys.push(idempotencyKey), keys.length < 4 ? fail()({} as never) : 1) },
    hooks: [
      { name: 'h', onNodeFailed: (_, { nodeId }) => (retried ? undefined : ((retried = true), retryNode(nodeId))) },
    ],
  });
  assert.equal(keys, ['r/a', 'r/a', 'r/a', 'r/a']);
});

test('count 0 for a node that failed before its first start', async (lab) => {
  const { report, log } = await lab.finish([node('a', often(3))], {
    hooks: [{ name: 'g', beforeNodeStart: () => ({ fail: 'no' }) }],
  });
  assert.is(log.ofType('NodeFailed')[0]!.attempt, 0);
  assert.is(report.nodeOutcomes[0]!.attempts, 0);
  assert.is(log.ofType('NodeStarted').length, 0);
});

test.run();
