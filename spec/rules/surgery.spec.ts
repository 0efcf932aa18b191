import * as assert from 'uvu/assert';
import { addDependency, addNodes, removeNode, setNodeInputs } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { waiting } from '../support/waiting.js';

const test = labSuite('Surgery');

test('nodes are accepted below a failed or skipped one, and skipped at once', async (lab) => {
  const trial = await waiting(lab, ['bad', 'skipped: bad'], { does: { bad: fail() } });
  await trial.grant(addNodes([node('n: bad'), node('m: skipped'), node('done: bad', { runIf: 'allDone' })]));
  await trial.pass();
  assert.is(trial.status('n'), 'skipped');
  assert.is(trial.status('m'), 'skipped');
  assert.is(trial.status('done'), 'succeeded');
  assert.is(trial.run.snapshot.node('m')!.becauseOf, 'bad');
  await trial.end();
});

test('a node is removed only while it has not started and has no dependants', async (lab) => {
  const trial = await waiting(lab, ['a: gate', 'b: a', node('f: gate', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1] },
    does: { '*': 50 },
  });
  await trial.refuse(removeNode('gate'));
  await trial.refuse(removeNode('a'));
  await trial.grant(removeNode('b'));
  await trial.grant(removeNode('a'));
  await trial.pass(20);
  await trial.refuse(removeNode('f'));
  await trial.refuse(removeNode('f[0]'));
  await trial.end();
});

test('a dependency is added only before the node has started, retries and waits included', async (lab) => {
  const trial = await waiting(
    lab,
    [
      node('again', { tryCount: 2, retry: { type: 'Linear', delayMs: 30 } }),
      { id: 'ask', action: 'human.input' },
      'x: gate',
    ],
    {
      does: { again: ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) },
    },
  );
  await trial.refuse(addDependency('x', 'again'));
  await trial.refuse(addDependency('x', 'ask'));
  await trial.refuse(setNodeInputs('ask', { default: 1 }));
  await trial.grant({ type: 'ProvideInput', nodeId: 'ask', value: 1 });
  await trial.end();
});

test.run();
