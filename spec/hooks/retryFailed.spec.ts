import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { retryFailed, type Execute, type NodeSpec, type RetryFailedOptions } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { isDagError } from '../support/isDagError.js';

const test = labSuite('retryFailed');

/** Fails until its nth attempt. */
const until =
  (n: number): Execute<any, any> =>
  ({ attempt }) => {
    if (attempt < n) throw new Error(`attempt ${attempt}`);
    return attempt;
  };
const spec = (id: string, more: Partial<NodeSpec> = {}): NodeSpec => ({ id, action: 'work', ...more });

test('tries a failed node again until it has been tried so many times in all', async (lab) => {
  const { report, log } = await lab.finish(['a', 'b: a', 'x', 'y: x'], {
    does: { a: until(3), x: fail('never') },
    hooks: [retryFailed(3)],
  });
  assert.equal(
    report.nodeOutcomes.map(({ nodeId, status, attempts }) => [nodeId, status, attempts]),
    [
      ['a', 'succeeded', 3],
      ['b', 'succeeded', 1],
      ['x', 'failed', 3],
      ['y', 'skipped', 0],
    ],
  );
  assert.equal(
    log.ofType('NodeRetried').map(({ nodeId, by }) => [nodeId, by]),
    [
      ['a', 'retryFailed'],
      ['x', 'retryFailed'],
      ['a', 'retryFailed'],
      ['x', 'retryFailed'],
    ],
  );
  assert.equal(
    log.ofType('NodeSkipped').map(({ nodeId }) => nodeId),
    ['y'],
  );
});

test('the attempts of a tryCount count', async (lab) => {
  const retry = { type: 'Immediate' } as const;
  const { report } = await lab.finish([spec('a', { tryCount: 2, retry }), spec('b', { tryCount: 3, retry })], {
    does: { '*': fail() },
    hooks: [retryFailed(3)],
  });
  // a: two of its own, then a retry with two more; b: has had its three.
  assert.equal(
    report.nodeOutcomes.map(({ attempts }) => attempts),
    [4, 3],
  );
});

test('retries only what it is told to', async (lab) => {
  const seen: (readonly [string, string | undefined])[] = [];
  const { report } = await lab.finish(['a', 'b'], {
    does: { a: fail('busy'), b: fail('wrong input') },
    hooks: [
      retryFailed(2, {
        when: ({ error }, node) => {
          seen.push([node.id, node.error?.message]);
          return error.message === 'busy';
        },
      }),
    ],
  });
  assert.equal(
    report.nodeOutcomes.map(({ attempts }) => attempts),
    [2, 1],
  );
  // Not asked about the second failure of a: it has had its attempts.
  assert.equal(seen, [
    ['a', 'busy'],
    ['b', 'wrong input'],
  ]);
});

const delayed = (lab: { readonly time: RetryFailedOptions['scheduler'] }, delayMs: RetryFailedOptions['delayMs']) =>
  retryFailed(4, { delayMs: delayMs!, scheduler: lab.time! });

test('waits on the clock of the run, with a delay that may grow', async (lab) => {
  const { report, log } = await lab.finish(['a'], {
    does: { a: until(4) },
    hooks: [delayed(lab, (attempts) => 100 * 2 ** attempts)],
  });
  assert.equal(
    log.ofType('NodeStarted').map(({ at }) => at - report.startedAt),
    [0, 200, 600, 1_400],
  );
  assert.ok(report.success);
});

test('while it waits the failure has no consequences', async (lab) => {
  const { report, log } = await lab.finish(
    [
      spec('a', { failureAction: 'work' }),
      spec('b', { deps: ['a'] }),
      spec('cleanup', { deps: ['a'], runIf: 'allDone' }),
      spec('other'),
    ],
    { does: { a: until(2), other: 10 }, hooks: [delayed(lab, 50)], config: { onFailure: 'Stop' } },
  );
  assert.ok(report.success);
  assert.is(report.durationMs, 50);
  assert.equal(log.started, ['a', 'other', 'b', 'cleanup']);
  assert.equal(log.ofType('NodeSkipped'), []);
});

test('waits for many nodes at once', async (lab) => {
  const { report } = await lab.finish(
    Array.from({ length: 20 }, (_, i) => `n${i}`),
    { does: { '*': until(3) }, hooks: [delayed(lab, 100)], config: { maxParallelNodes: 20 } },
  );
  assert.ok(report.success);
  assert.is(report.durationMs, 200);
});

test('gives up the wait when the run is cancelled', async (lab) => {
  const trial = lab.start(['a', 'b: a'], { does: { a: fail() }, hooks: [delayed(lab, 5_000)] });
  await trial.pass(100);
  assert.is(trial.statuses, 'a failed, b pending');
  await trial.grant({ type: 'CancelRun' });
  const report = await trial.end();
  assert.is(report.status, 'cancelled');
  assert.equal(report.refusedCommands, []);
  assert.is(report.durationMs, 100);
});

test('a delay that is longer than hooks may take fails the hook, not the run', async (lab) => {
  const { report } = await lab.finish(['a', 'b'], {
    does: { a: fail() },
    hooks: [delayed(lab, 5_000)],
    config: { hookTimeoutMs: 100 },
  });
  assert.is(report.durationMs, 100);
  assert.equal(
    report.hookFailures.map(({ error }) => error.name),
    ['TimeoutError'],
  );
  assert.is(report.outputs['b'], 'b');
});

test('retries the items of a fan-out, not the fan-out', async (lab) => {
  const { report, log } = await lab.finish([spec('all', { forEach: { $ref: 'inputs.items' } })], {
    inputs: { items: [1, 2, 3] },
    does: {
      '*': ({ index, attempt, item }) => {
        if (index === 1 && attempt < 3) throw new Error('once more');
        return Number(item) * 10;
      },
    },
    hooks: [retryFailed(3)],
  });
  assert.equal(report.outputs['all'], [10, 20, 30]);
  assert.equal([...new Set(log.ofType('NodeRetried').map(({ nodeId }) => nodeId))], ['all[1]']);
});

test('an item that never succeeds is tried so many times, although its fan-out fails too', async (lab) => {
  const { report } = await lab.finish([spec('all', { forEach: { $ref: 'inputs.items' } })], {
    inputs: { items: [1, 2] },
    does: { 'all[0]': fail() },
    hooks: [retryFailed(3)],
  });
  assert.is(report.nodeOutcomes.find(({ nodeId }) => nodeId === 'all[0]')?.attempts, 3);
});

test('lets a gate that fails a node have its way', async (lab) => {
  let asked = 0;
  const { report } = await lab.finish(['a'], {
    hooks: [retryFailed(5), { name: 'gate', beforeNodeStart: () => ({ fail: `no ${++asked}` }) }],
  });
  assert.is(asked, 1);
  assert.is(report.nodeOutcomes[0]?.status, 'failed');
});

test('one hook serves many runs', async (lab) => {
  const hooks = [retryFailed(2)];
  for (const runId of ['one', 'two']) {
    const { report } = await lab.finish(['a'], { runId, does: { a: until(2) }, hooks });
    assert.ok(report.success);
  }
});

test.run();

const options = suite('retryFailed options');

options('wrong numbers are refused at once', () => {
  for (const attempts of [0, -1, 1.5, NaN, Infinity]) assert.throws(() => retryFailed(attempts), /attempts/);
  assert.throws(() => retryFailed(1, { delayMs: -1 }), /delayMs/);
  assert.throws(() => retryFailed(1, { delayMs: Infinity }), isDagError);
  assert.is(retryFailed(1, { name: 'mine' }).name, 'mine');
});

options.run();
