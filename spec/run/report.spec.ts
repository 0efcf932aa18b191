import * as assert from 'uvu/assert';
import { addNode, emitEvent, removeNode, setPriority, skipNode } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('DagExecutionReport');

test('tells how the run went, as a whole', async (lab) => {
  const since = lab.time.now();
  const { report } = await lab.finish(['a', 'b: a'], { runId: 'r', name: 'Dag', does: { '*': 5 } });
  const {
    runId,
    dagName,
    status,
    success,
    overallSuccess,
    error,
    startedAt,
    endedAt,
    durationMs,
    warnings,
    refusedCommands,
    hookFailures,
  } = report;
  assert.equal(
    {
      runId,
      dagName,
      status,
      success,
      overallSuccess,
      error,
      startedAt,
      endedAt,
      durationMs,
      warnings,
      refusedCommands,
      hookFailures,
    },
    {
      runId: 'r',
      dagName: 'Dag',
      status: 'succeeded',
      success: true,
      overallSuccess: true,
      error: undefined,
      startedAt: since,
      endedAt: since + 10,
      durationMs: 10,
      warnings: [],
      refusedCommands: [],
      hookFailures: [],
    },
  );
});

test('lists every node, in definition order, added ones after; removed ones are not', async (lab) => {
  const trial = lab.start(['z: a', 'a', node('f: a', { forEach: { $ref: 'inputs.list' } }), 'gone: a'], {
    inputs: { list: [1, 2] },
    does: { a: 10 },
  });
  await trial.pass(1);
  await trial.grant(addNode(node('first')));
  await trial.grant(removeNode('gone'));
  const { nodeOutcomes } = await trial.end();
  assert.equal(
    nodeOutcomes.map(({ nodeId }) => nodeId),
    ['z', 'a', 'f', 'first', 'f[0]', 'f[1]'],
  );
});

test('tells how each node went', async (lab) => {
  const { report, events } = await lab.finish(
    [
      node('a', { tryCount: 2, retry: { type: 'Linear', delayMs: 5 } }),
      node('bad: a', { tryCount: 2, retry: { type: 'Immediate' } }),
      'never: bad',
      'skipped',
      'cut',
    ],
    {
      does: {
        a: ({ attempt }) => (attempt === 1 ? fail('early')({} as never) : lab.after(3, 1)),
        bad: ({ attempt }) => fail(`bad ${attempt}`)({} as never),
        cut: 100,
      },
      hooks: [
        {
          name: 'h',
          onStart: () => skipNode('skipped', 'why'),
          onNodeFailed: () => ({ type: 'CancelBranch', branchId: 'cut' }),
        },
      ],
    },
  );
  const [a, bad, never, skipped, cut] = report.nodeOutcomes;
  const t0 = events[0]!.at;
  assert.equal(a, {
    nodeId: 'a',
    status: 'succeeded',
    success: true,
    attempts: 2,
    retryMessages: ['Attempt 1 failed: early'],
    cached: false,
    startedAt: t0 + 5,
    endedAt: t0 + 8,
    durationMs: 3,
  });
  assert.equal([bad!.status, bad!.success, bad!.attempts], ['failed', false, 2]);
  assert.equal(bad!.retryMessages, ['Attempt 1 failed: bad 1', 'Attempt 2 failed: bad 2']);
  assert.is(bad!.finalError!.message, 'Failed after 2 attempts. Last error: bad 2');
  assert.is(bad!.finalError!.cause!.message, 'bad 2');
  assert.equal(never, {
    nodeId: 'never',
    status: 'skipped',
    success: false,
    attempts: 0,
    retryMessages: [],
    cached: false,
    endedAt: bad!.endedAt!,
    becauseOf: 'bad',
  });
  assert.equal([skipped!.status, skipped!.success, skipped!.becauseOf], ['skipped', false, undefined]);
  assert.equal([cut!.status, cut!.success], ['cancelled', false]);
  assert.is(report.error, 'Node "bad" failed: bad 2');
});

test('gives the outputs by node, on an object without a prototype', async (lab) => {
  const { report } = await lab.finish(['a', 'bad', 'none', node('known')], {
    does: { a: () => ({ x: 1 }), bad: fail(), none: () => undefined },
    hooks: [{ name: 'h', onStart: () => skipNode('known', 'why', 7) }],
  });
  assert.is(Object.getPrototypeOf(report.outputs), null);
  assert.equal(Object.entries(report.outputs), [
    ['a', { x: 1 }],
    ['none', null],
    ['known', 7],
  ]);
});

test('counts in its metrics', async (lab) => {
  const { report, run } = await lab.finish(
    [node('a', { tryCount: 3, retry: { type: 'Immediate' } }), 'b', 'bad', 'skipped: bad', 'x: b'],
    {
      does: { a: ({ attempt }) => (attempt < 3 ? fail()({} as never) : 1), b: 5, x: 7, bad: '---#' },
      hooks: [{ name: 'h', onStart: () => ({ type: 'UpdateMetrics', metrics: { mine: 1.5 } }) }],
    },
  );
  assert.equal(report.metrics, {
    nodesTotal: 5,
    nodesSucceeded: 3,
    nodesFailed: 1,
    nodesSkipped: 1,
    nodesCancelled: 0,
    retries: 2,
    cacheHits: 0,
    runningMs: 15,
    custom: { mine: 1.5 },
  });
  assert.equal(run.snapshot.metrics, report.metrics);
});

test('names the chain of dependencies that took longest as its critical path', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a', 'c: a', 'd: b c', 'e'], {
    does: { a: 5, b: 20, c: 10, d: 5, e: 12 },
  });
  assert.equal(report.criticalPath, ['a', 'b', 'd']);
  const reversed = await lab.finish(['d: b c', 'c: a', 'b: a', 'a'], { does: { a: 5, b: 20, c: 10, d: 5 } });
  assert.equal(reversed.report.criticalPath, ['a', 'b', 'd']);
  const equal = await lab.finish(['p', 'q', 'z: p q'], { does: { p: 5, q: 5, z: 1 } });
  assert.equal(equal.report.criticalPath, ['p', 'z'], 'of equal ones the first defined');
  assert.equal((await lab.finish(['p', 'q'], { does: { '*': 5 } })).report.criticalPath, ['p']);
  const other = await lab.finish(['a', 'b: a', 'e'], { does: { a: 5, b: 5, e: 50 } });
  assert.equal(other.report.criticalPath, ['e']);
  assert.equal((await lab.finish([])).report.criticalPath, []);
});

test('counts on the critical path what has run alone', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a', 'c: b', 'd'], { does: { a: 5, b: '---------#', d: 3 } });
  assert.equal(report.criticalPath, ['a', 'b']);
});

test('draws the execution tree, flat: dependencies, additions, expansions', async (lab) => {
  const { report } = await lab.finish(
    ['a', 'b: a', 'bad', 'never: bad', node('f', { forEach: { $ref: 'inputs.list' } })],
    {
      inputs: { list: [1] },
      does: { bad: fail() },
      hooks: [
        { name: 'planner', onNodeComplete: (_, { nodeId }) => (nodeId === 'b' ? addNode(node('x: a')) : undefined) },
      ],
    },
  );
  const { nodes, edges } = report.executionTree;
  assert.equal(
    nodes.map(({ nodeId, status, addedBy }) => [nodeId, status, addedBy]),
    [
      ['a', 'succeeded', undefined],
      ['b', 'succeeded', undefined],
      ['bad', 'failed', undefined],
      ['never', 'skipped', undefined],
      ['f', 'succeeded', undefined],
      ['f[0]', 'succeeded', undefined],
      ['x', 'succeeded', 'planner'],
    ],
  );
  assert.equal(
    edges.toSorted((p, q) => (`${p.parent} ${p.child}` < `${q.parent} ${q.child}` ? -1 : 1)),
    [
      { parent: 'a', child: 'b', label: 'executed_after' },
      { parent: 'a', child: 'x', label: 'executed_after' },
      { parent: 'b', child: 'x', label: 'added_by' },
      { parent: 'f', child: 'f[0]', label: 'expanded_from' },
    ],
  );
  for (const { startedAt, endedAt, status } of nodes)
    assert.is(startedAt === undefined, status === 'skipped' && endedAt !== undefined);
});

test('lists refused commands and hook failures, at most 1,000 of them', async (lab) => {
  const trial = lab.start(['a'], {
    does: { a: 10 },
    hooks: [
      {
        name: 'bad',
        onNodeStart: () => {
          throw new Error('boom');
        },
      },
    ],
  });
  await trial.pass(1);
  const answers = Promise.all(
    Array.from({ length: 1_200 }, (_, i) => trial.run.dispatch(setPriority(`nobody${i}`, 1))),
  );
  await lab.time.until(answers, { maxMs: 0 });
  const report = await trial.end();
  assert.is(report.refusedCommands.length, 1_000);
  assert.equal(report.refusedCommands[0]!.command, setPriority('nobody0', 1));
  assert.is(report.warnings.length, 1);
  assert.match(report.warnings[0]!, '200');
  assert.equal(
    report.hookFailures.map(({ hook, error }) => [hook, error.message]),
    [['bad', 'boom']],
  );
});

test('survives JSON, and is the same for all who ask', async (lab) => {
  const trial = await lab.finish(['a', 'b: a'], { does: { '*': 1 } });
  const text = JSON.stringify(trial.report);
  for (const key of ['nodeOutcomes', 'outputs', 'criticalPath', 'executionTree', 'metrics'])
    assert.ok(text.includes(`"${key}":`), key);
  assert.is(await trial.run.report, trial.report);
  assert.is(trial.report.nodeOutcomes, trial.report.nodeOutcomes);
});

test('tells the first failures in its error', async (lab) => {
  const ids = Array.from({ length: 30 }, (_, i) => `n${i}`);
  const { report } = await lab.finish(ids, { does: { '*': fail('no') } });
  assert.ok(report.error!.split('\n').length <= 12);
  assert.match(report.error!, 'Node "n0" failed: no');
});

test('holds nothing of custom events but the log does', async (lab) => {
  const { report, log } = await lab.finish(['a'], {
    hooks: [{ name: 'h', onStart: () => emitEvent('mine', { x: 1 }) }],
  });
  assert.ok(report.success);
  assert.equal(log.ofType('CustomEmitted')[0]!.payload, { x: 1 });
});

test.run();
