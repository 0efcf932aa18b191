import * as assert from 'uvu/assert';
import {
  addDependency,
  addNodes,
  cancelBranch,
  pauseBranch,
  pauseRun,
  resumeBranch,
  resumeRun,
  setConcurrency,
  setNodeInputs,
  setPriority,
  updateMetrics,
  type ExecutorCommand,
} from '../../lib/index.js';
import { labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('No-ops');

/** What to do first, and what then changes nothing any more. */
const idle: Readonly<Record<string, readonly [readonly ExecutorCommand[], ExecutorCommand]>> = {
  'pausing a paused run': [[pauseRun()], pauseRun('again')],
  'resuming a run that goes on': [[], resumeRun()],
  'pausing a paused branch': [[pauseBranch('b')], pauseBranch('b', 'again')],
  'resuming a branch that is not paused': [[], resumeBranch('b')],
  'resuming a branch twice': [[pauseBranch('b'), resumeBranch('b')], resumeBranch('b')],
  'cancelling a cancelled branch': [[cancelBranch('c')], cancelBranch('c')],
  'setting the concurrency that is': [[], setConcurrency(3)],
  'setting a concurrency twice': [[setConcurrency(5)], setConcurrency(5)],
  'setting the priority that is': [[], setPriority('b', 0)],
  'setting a priority twice': [[setPriority('b', 2)], setPriority('b', 2)],
  'setting metrics that are': [[updateMetrics({ x: 1, y: 2 })], updateMetrics({ y: 2 })],
  'setting no metrics': [[], updateMetrics({})],
  'adding a dependency that is': [[], addDependency('a', 'b')],
  'adding a dependency twice': [[addDependency('a', 'c')], addDependency('a', 'c')],
  'setting the inputs that are': [[], setNodeInputs('b', { x: { $ref: 'a' }, y: [1] })],
  'adding no nodes': [[], addNodes([])],
};

for (const [what, [before, command]] of Object.entries(idle))
  test(`${what} is accepted with the current seq, and makes no event`, async (lab) => {
    const trial = lab.start(['a', node('b: a', { inputs: { y: [1], x: { $ref: 'a' } } }), 'c: a'], { does: { a: 50 } });
    await trial.pass(1);
    for (const first of before) await trial.grant(first);
    const { seq } = trial.run.snapshot;
    const view = JSON.stringify(trial.run.snapshot);
    assert.is(await trial.grant(command), seq);
    assert.is(trial.events.length, seq);
    assert.is(JSON.stringify(trial.run.snapshot), view);
    await trial.cancel();
  });

test('a no-op at RunQuiescent does not keep the run open', async (lab) => {
  const { log, report } = await lab.finish(['a'], {
    hooks: [{ name: 'h', onComplete: () => [resumeRun(), addNodes([])] }],
  });
  assert.ok(report.success);
  assert.is(log.ofType('RunQuiescent').length, 1);
});

test.run();
