import * as assert from 'uvu/assert';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Failure actions');

test('runs a failure action after the final failure, with the error and the inputs; the node stays failed', async (lab) => {
  const { report, statuses, log } = await lab.finish(
    [
      node('a', {
        failureAction: 'work',
        tryCount: 2,
        retry: { type: 'Immediate' },
        inputs: { x: { $ref: 'inputs.x' }, y: 1 },
      }),
      'b: a',
    ],
    { inputs: { x: 7 }, does: { a: fail('broken'), 'a.failure': ({ inputs: given }) => given } },
  );
  assert.is(statuses, 'a failed, b skipped, a.failure succeeded');
  const given = report.outputs['a.failure'] as { error: { message: string }; inputs: unknown };
  assert.is(given.error.message, 'broken');
  assert.equal(given.inputs, { x: 7, y: 1 });
  assert.is(log.ofType('NodeStarted').filter(({ nodeId }) => nodeId === 'a.failure').length, 1);
  assert.not(report.success);
});

test('warns of a failure action that is not registered or empty, and runs none', async (lab) => {
  for (const failureAction of ['', 'nobody']) {
    const { report, statuses } = await lab.finish([node('a', { failureAction })], { does: { a: fail() } });
    assert.is(statuses, 'a failed');
    assert.ok(report.warnings.length > 0);
  }
});

test.run();
