import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action, circuitBreaker, type CircuitBreakerOptions, type DagExecutionReport } from '../../lib/index.js';
import { fail, labSuite, type Lab } from '../support/executor.js';
import { isDagError } from '../support/isDagError.js';

const test = labSuite('circuitBreaker');

const ids = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => `n${i + 1}`);
const breaker = (lab: Lab, options: CircuitBreakerOptions) => circuitBreaker({ scheduler: lab.time, ...options });

const statuses = ({ nodeOutcomes }: DagExecutionReport): string => nodeOutcomes.map(({ status }) => status).join(' ');

/** The nth start of any node fails if `bad` says so; each lasts 10 ms. */
const service = (lab: Lab, bad: (start: number) => boolean) => {
  let starts = 0;
  return async () => {
    const isBad = bad(++starts);
    await lab.after(10);
    if (isBad) throw new Error('unavailable');
    return 'ok';
  };
};

test('a success begins the count anew', async (lab) => {
  const { log } = await lab.finish(ids(9), {
    does: { '*': service(lab, (start) => start % 3 !== 0) },
    hooks: [breaker(lab, { failures: 3 })],
    config: { maxParallelNodes: 1 },
  });
  assert.equal(log.ofType('RunPaused'), []);
});

test('attempts that will be tried again count too', async (lab) => {
  const trial = lab.start([{ id: 'a', action: 'work', tryCount: 3, retry: { type: 'Linear', delayMs: 20 } }], {
    does: { a: fail() },
    hooks: [breaker(lab, { failures: 2 })],
  });
  await trial.pass(500);
  assert.is(trial.run.snapshot.status, 'paused');
  assert.is(trial.statuses, 'a retrying');
  await trial.grant({ type: 'ResumeRun' });
  await trial.pass(500);
  // The trial has failed: open again.
  assert.is(trial.statuses, 'a failed');
  assert.is(trial.run.snapshot.status, 'paused');
  await trial.grant({ type: 'ResumeRun' });
  assert.is((await trial.end()).status, 'failed');
});

test('may count one thing and stop another', async (lab) => {
  const { report } = await lab.finish(
    [
      { id: 'probe', action: 'probe' },
      { id: 'x', action: 'work' },
      { id: 'y', action: 'work', branch: 'costly', deps: ['x'] },
    ],
    {
      actions: [action('probe', fail('down'))],
      does: { x: 50 },
      hooks: [breaker(lab, { failures: 1, action: 'probe', then: 'cancelBranch', target: 'costly' })],
    },
  );
  assert.is(statuses(report), 'failed succeeded cancelled');
});

test('counts only nodes that match', async (lab) => {
  const { log } = await lab.finish(ids(4), {
    does: { '*': fail() },
    hooks: [breaker(lab, { failures: 2, match: ({ id }) => id === 'n1', then: 'cancelRun' })],
  });
  assert.equal(log.ofType('RunCancelling'), []);
});

test('ends the run', async (lab) => {
  const { report } = await lab.finish(ids(9), {
    does: { '*': fail() },
    hooks: [breaker(lab, { failures: 3, then: 'cancelRun' })],
    config: { maxParallelNodes: 1 },
  });
  assert.is(report.status, 'cancelled');
  assert.is(report.metrics.nodesFailed, 3);
  assert.is(report.metrics.nodesCancelled, 6);
});

test('neither gates nor fan-outs count by themselves', async (lab) => {
  const { log } = await lab.finish([{ id: 'all', action: 'work', forEach: { $ref: 'inputs.items' } }, 'gated'], {
    inputs: { items: [1, 2] },
    does: { 'all[0]': fail() },
    hooks: [
      breaker(lab, { failures: 2, then: 'cancelRun' }),
      { name: 'gate', beforeNodeStart: (_, { id }) => (id === 'gated' ? { fail: 'no' } : 'proceed') },
    ],
  });
  assert.equal(log.ofType('RunCancelling'), []);
});

test.run();

const options = suite('circuitBreaker options');

options('wrong ones are refused at once', () => {
  for (const failures of [0, -1, 1.5, NaN]) assert.throws(() => circuitBreaker({ failures }), isDagError);
  assert.throws(() => circuitBreaker({ failures: 1, resetMs: 0 }), isDagError);
  assert.throws(() => circuitBreaker({ failures: 1, then: 'pauseBranch' }), /needs the option "branch"/);
});

options.run();
