import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action, metricsHook, type NodeSpec } from '../../lib/index.js';
import { fail, labSuite, type Lab } from '../support/executor.js';

const test = labSuite('metricsHook');

/** `slow` lasts as many milliseconds as its node's priority says. */
const actions = (lab: Lab) => [action('slow', ({ inputs }) => lab.last(Number(inputs.ms), 'done'))];
const slow = (id: string, ms: number): NodeSpec => ({ id, action: 'slow', inputs: { ms } });

test('counts and times what each action does', async (lab) => {
  const { report } = await lab.finish(
    [slow('a', 10), slow('b', 30), slow('c', 20), 'x', { id: 'y', action: 'work', tryCount: 3 }],
    { actions: actions(lab), does: { x: 5, y: fail() }, hooks: [metricsHook()] },
  );
  assert.equal(report.metrics.custom, {
    'slow.succeeded': 3,
    'slow.totalMs': 60,
    'slow.maxMs': 30,
    'work.succeeded': 1,
    'work.totalMs': 5,
    'work.maxMs': 5,
    'work.retried': 2,
    'work.failed': 1,
  });
});

test('tells once per so many ended attempts, and what is left at the end', async (lab) => {
  const nodes = Array.from({ length: 25 }, (_, i) => slow(`n${i}`, 10));
  const { report, log } = await lab.finish(nodes, { actions: actions(lab), hooks: [metricsHook({ every: 10 })] });
  assert.equal(
    log.ofType('MetricsUpdated').map(({ metrics, by }) => [metrics['slow.succeeded'], by]),
    [
      [10, 'metrics'],
      [20, 'metrics'],
      [25, 'metrics'],
    ],
  );
  assert.is(report.metrics.custom['slow.succeeded'], 25);
  assert.is(report.metrics.custom['slow.totalMs'], 250);
});

test('tells nothing twice, and nothing where there is nothing to tell', async (lab) => {
  const exact = await lab.finish([slow('a', 1), slow('b', 1)], {
    runId: 'exact',
    actions: actions(lab),
    hooks: [metricsHook({ every: 2 })],
  });
  assert.is(exact.log.ofType('MetricsUpdated').length, 1);
  const empty = await lab.finish([], { runId: 'empty', hooks: [metricsHook()] });
  assert.is(empty.log.ofType('MetricsUpdated').length, 0);
});

test('tells when the run pauses, and counts a node each time it ends', async (lab) => {
  const trial = lab.start(['a', 'b'], {
    does: { a: fail(), b: 100 },
    config: { onFailure: 'Pause' },
    hooks: [metricsHook({ every: 1_000 })],
  });
  await trial.pass(10);
  assert.equal(trial.run.snapshot.metrics.custom, { 'work.failed': 1 });
  await trial.grant({ type: 'RetryNode', nodeId: 'a' });
  await trial.grant({ type: 'ResumeRun' });
  await trial.pass(10);
  await trial.grant({ type: 'ResumeRun' });
  const report = await trial.end();
  assert.is(report.metrics.custom['work.failed'], 2);
  assert.is(report.metrics.custom['work.succeeded'], 1);
});

test('counts a fan-out by its items, and a sub-DAG by its nodes', async (lab) => {
  const { report } = await lab.finish(
    [
      { id: 'all', action: 'slow', forEach: { $ref: 'inputs.items' }, inputs: { ms: 7 } },
      { id: 'sub', action: 'dag', inputs: { dag: 'inner' } },
    ],
    {
      actions: actions(lab),
      inputs: { items: [1, 2, 3] },
      library: [{ name: 'inner', nodes: [slow('p', 4), slow('q', 4)] }],
      hooks: [metricsHook()],
    },
  );
  assert.equal(report.metrics.custom, { 'slow.succeeded': 5, 'slow.totalMs': 29, 'slow.maxMs': 7 });
});

test('takes any name of an action, and a prefix', async (lab) => {
  const names = ['__proto__', 'constructor', 'a b.c'];
  const { report } = await lab.finish(
    names.map((name, i) => ({ id: `n${i}`, action: name })),
    { actions: names.map((name) => action(name, () => 1)), hooks: [metricsHook({ prefix: 'by-action/' })] },
  );
  assert.ok(report.success);
  for (const name of names) assert.is(report.metrics.custom[`by-action/${name}.succeeded`], 1);
});

test('a thousand nodes cost few commands', async (lab) => {
  const { log } = await lab.finish(
    Array.from({ length: 1_000 }, (_, i) => `n${i}`),
    { hooks: [metricsHook()] },
  );
  assert.is(log.ofType('MetricsUpdated').length, 20);
});

test.run();

const options = suite('metricsHook options');

options('wrong numbers are refused at once', () => {
  for (const every of [0, -1, 0.5, NaN]) assert.throws(() => metricsHook({ every }), /metricsHook: the option "every"/);
  assert.is(metricsHook().hookName, 'metrics');
  assert.is(metricsHook({ name: 'mine' }).hookName, 'mine');
});

options.run();
