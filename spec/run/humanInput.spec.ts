import * as assert from 'uvu/assert';
import { addNode, provideInput, resumeRun, retryNode, type NodeSpec } from '../../lib/index.js';
import { labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('human.input');

const ask = (inputs: NodeSpec['inputs'] = {}, more: Partial<NodeSpec> = {}): NodeSpec => ({
  id: 'ask',
  action: 'human.input',
  inputs,
  ...more,
});

test('waits for ProvideInput; the value is its output', async (lab) => {
  const trial = lab.start([ask(), node('b', { inputs: { x: { $ref: 'ask.answer' } } })], {
    does: { b: ({ inputs }) => inputs },
  });
  await trial.pass(10_000);
  assert.is(trial.status('ask'), 'waiting');
  assert.equal(
    trial.log.ofType('NodeWaiting').map(({ on, until }) => [on, until]),
    [['input', undefined]],
  );
  assert.equal(trial.run.snapshot.whyNotStarted('ask'), { on: [{ input: true }] });
  await trial.grant(provideInput('ask', { answer: 42 }));
  const report = await trial.end();
  assert.equal({ ...report.outputs }, { ask: { answer: 42 }, b: { x: 42 } });
  assert.is(trial.log.ofType('NodeSucceeded')[0]!.by, 'user');
});

test('tells what a person is asked with, references replaced', async (lab) => {
  const inputs = { question: { $ref: 'a.text' }, default: 'yes', more: [{ $ref: 'inputs.who' }] };
  const lost = { question: { $ref: 'a.nowhere' } };
  const trial = lab.start(['a', ask(inputs), { ...ask(lost), id: 'lost' }], {
    does: { a: () => ({ text: 'May it run?' }) },
    inputs: { who: 'you' },
  });
  await trial.pass(1);
  assert.equal(
    trial.log.ofType('NodeWaiting').map((event) => [event.nodeId, event.inputs]),
    [
      ['ask', { question: 'May it run?', default: 'yes', more: ['you'] }],
      ['lost', undefined],
    ],
  );
  await trial.grant(provideInput('ask', 1));
  await trial.grant(provideInput('lost', 1));
  await trial.end();
});

test('starts only when its dependencies are done', async (lab) => {
  const trial = lab.start(['a', ask({}, { deps: ['a'] })], { does: { a: 5 } });
  await trial.pass(1);
  await trial.refuse(provideInput('ask', 1));
  await trial.pass(10);
  await trial.grant(provideInput('ask', 1));
  await trial.end();
});

test('takes input from nobody for a node that does not wait for it', async (lab) => {
  const trial = lab.start(['a', ask()], { does: { a: 50 } });
  await trial.pass(1);
  await trial.refuse(provideInput('a', 1));
  await trial.refuse(provideInput('nobody', 1));
  await trial.refuse({ type: 'ProvideInput', nodeId: 'ask', value: (() => 1) as never });
  await trial.grant(provideInput('ask', null));
  await trial.refuse(provideInput('ask', 2));
  await trial.end();
  assert.is(trial.run.snapshot.node('ask')!.output, null);
});

test('succeeds with its default after humanWaitMs on Autopilot', async (lab) => {
  const { report, log, events } = await lab.finish([ask({ default: { $ref: 'inputs.d' } })], {
    inputs: { d: ['yes'] },
    config: { humanWaitMs: 60_000, humanTimeoutAction: 'Autopilot' },
  });
  assert.equal(report.outputs['ask'], ['yes']);
  assert.is(report.durationMs, 60_000);
  assert.is(log.ofType('NodeWaiting')[0]!.until, events[0]!.at + 60_000);
});

test('succeeds with null on Autopilot where there is no default', async (lab) => {
  const { report } = await lab.finish([ask()], { config: { humanWaitMs: 10, humanTimeoutAction: 'Autopilot' } });
  assert.is(report.outputs['ask'], null);
});

test('pauses the run after humanWaitMs, and still takes the answer', async (lab) => {
  const trial = lab.start([ask(), 'b: ask'], { config: { humanWaitMs: 100 } });
  await trial.pass(99);
  assert.is(trial.run.snapshot.status, 'running');
  await trial.pass(2);
  assert.is(trial.run.snapshot.status, 'paused');
  assert.match(trial.log.ofType('RunPaused')[0]!.reason ?? '', 'ask');
  await trial.grant(provideInput('ask', 'at last'));
  assert.is(trial.status('ask'), 'succeeded');
  await trial.grant(resumeRun());
  assert.ok((await trial.end()).success);
});

test('lets no timeout come after the answer', async (lab) => {
  const trial = lab.start([ask(), 'b: ask'], { config: { humanWaitMs: 100 }, does: { b: 500 } });
  await trial.pass(50);
  await trial.grant(provideInput('ask', 1));
  assert.ok((await trial.end()).success);
  assert.is(trial.log.ofType('RunPaused').length, 0);
});

test('may be added, skipped and cancelled like any node', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 50 } });
  await trial.pass(1);
  await trial.grant(addNode({ id: 'p', action: 'human.input' }));
  await trial.grant(addNode({ id: 'q', action: 'human.input' }));
  await trial.pass();
  await trial.grant({ type: 'SkipNode', nodeId: 'p' });
  await trial.grant({ type: 'CancelBranch', branchId: 'q' });
  await trial.refuse(retryNode('q'));
  await trial.end();
  assert.is(trial.statuses, 'a succeeded, p skipped, q cancelled');
});

test.run();
