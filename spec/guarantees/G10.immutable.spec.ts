import * as assert from 'uvu/assert';
import {
  addNodes,
  initialSnapshot,
  pauseBranch,
  reduce,
  setNodeInputs,
  type ExecutionEvent,
  type ExecutorSnapshot,
} from '../../lib/index.js';
import { fail, labSuite, specs } from '../support/executor.js';
import { logOf, node, runStarted, started, succeeded } from '../support/logOf.js';

const test = labSuite('G10 Immutable');

/** Everything that a snapshot shows, as text. */
const view = (snapshot: ExecutorSnapshot): string =>
  JSON.stringify([
    snapshot,
    snapshot.counts,
    snapshot.metrics,
    snapshot.status,
    [...snapshot.nodes()],
    [...snapshot.branches()],
    [...snapshot.nodes()].map(({ id }) => [
      snapshot.node(id),
      snapshot.branch(id),
      snapshot.whyNotStarted(id)?.on.filter((o) => !('hook' in o) && !('gate' in o)),
    ]),
  ]);

test('shows in a snapshot for ever what it showed when it was emitted', async (lab) => {
  const trial = lab.start(
    [
      'a',
      'b: a',
      node('c', { tryCount: 2, branch: 'left' }),
      'd: b c',
      node('f', { forEach: { $ref: 'inputs.list' } }),
    ],
    {
      does: { a: 3, c: ({ attempt }) => (attempt === 1 ? fail()({} as never) : lab.after(4, { deep: [1] })), '*': 2 },
      inputs: { list: [1, 2, 3] },
    },
  );
  const views = new Map<ExecutorSnapshot, string>();
  trial.run.snapshot$.subscribe((snapshot) => views.set(snapshot, view(snapshot)));
  trial.run.event$.subscribe(() => views.set(trial.run.snapshot, view(trial.run.snapshot)));
  await trial.pass(1);
  await trial.grant(addNodes(specs(['x: d', 'y: x'])));
  await trial.grant(pauseBranch('left'));
  await trial.grant(setNodeInputs('y', { v: { $ref: 'a' } }));
  await trial.grant({ type: 'RemoveNode', nodeId: 'y' });
  await trial.grant({ type: 'ResumeBranch', branchId: 'left' });
  await trial.grant({ type: 'UpdateMetrics', metrics: { n: 1 } });
  await trial.end();
  assert.ok(views.size > 20);
  for (const [snapshot, text] of views) assert.is(view(snapshot), text, `snapshot ${snapshot.seq}`);
});

test('keeps a snapshot as it was when another is folded from it', async (lab) => {
  const { events } = await lab.finish(['a', 'b: a', 'c: a'], { does: { '*': 1 } });
  const snapshots = [initialSnapshot()];
  for (const event of events) snapshots.push(reduce(snapshots.at(-1)!, event));
  const texts = snapshots.map(view);
  const again = snapshots.map((snapshot, i) => (events[i] === undefined ? snapshot : reduce(snapshot, events[i])));
  assert.equal(snapshots.map(view), texts);
  for (const [i, snapshot] of again.slice(0, -1).entries()) assert.is(view(snapshot), texts[i + 1]);
});

test('freezes what it shows', async (lab) => {
  const input = { rows: [{ n: 1 }] };
  const trial = await lab.finish([node('a', { inputs: { v: 1 } })], {
    does: { a: () => input },
    inputs: { x: { y: 1 } },
  });
  const seen = trial.run.snapshot.node('a')!;
  for (const spoil of [
    () => ((seen as { status: string }).status = 'failed'),
    () => ((seen.output as { rows: unknown[] }).rows as number[]).push(1),
    () => ((seen.spec.inputs as { v: number }).v = 2),
    () => ((trial.events[0] as { at: number }).at = 0),
    () => ((trial.run.snapshot.metrics.custom as { z: number }).z = 1),
  ])
    assert.throws(spoil, TypeError);
});

test('copies what goes in, so that its owner may go on changing it', async (lab) => {
  const [given, spec, output] = [{ list: [1] }, node('a', { inputs: { v: [1] } }), { list: [1] }];
  const trial = lab.start([spec, 'b: a'], {
    inputs: given,
    does: { a: () => output, b: () => ((output.list[0] = 99), 1) },
  });
  given.list.push(2);
  (spec.inputs as { v: number[] }).v.push(2);
  (spec as { priority: number }).priority = 7;
  const report = await trial.end();
  const [first] = trial.log.ofType('RunStarted');
  assert.equal(first!.inputs, { list: [1] });
  assert.equal(trial.run.snapshot.node('a')!.spec.inputs, { v: [1] });
  assert.is(trial.run.snapshot.node('a')!.spec.priority, undefined);
  assert.equal(report.outputs['a'], { list: [1] });
});

test('shares between two snapshots what they have in common', async (lab) => {
  const trial = lab.start(['a', 'b: a'], { does: { a: () => ({ big: [1, 2, 3] }), b: 5 } });
  await trial.pass(1);
  const before = trial.run.snapshot;
  await trial.end();
  const after = trial.run.snapshot;
  assert.is.not(before, after);
  assert.is(before.node('a')!.output, after.node('a')!.output);
  assert.is(before.node('b')!.spec, after.node('b')!.spec);
});

/** How long it takes to fold the life of 1,000 nodes of a graph of this size, when every snapshot is kept, in ms of this process. */
const costOf = (size: number): number => {
  const ids = Array.from({ length: size }, (_, i) => `n${i}`);
  const bodies = ids.slice(0, 1_000).flatMap((id) => [started(id), succeeded(id)]);
  const [first, ...events] = logOf(
    runStarted(
      ids.map((id) => node(id)),
      { maxParallelNodes: 9 },
    ),
    ...bodies,
  ) as [ExecutionEvent, ...ExecutionEvent[]];
  const kept = [reduce(initialSnapshot(), first)];
  const since = process.cpuUsage();
  for (const event of events) kept.push(reduce(kept.at(-1)!, event));
  return process.cpuUsage(since).user / 1_000;
};

test.bare('changes at a cost that hardly grows with the number of nodes', () => {
  costOf(1_000);
  const total = (size: number): number => [1, 2].reduce((sum) => sum + costOf(size), 0);
  const ratio = total(32_000) / Math.max(total(1_000), 5);
  assert.ok(ratio < 10, `32 times the nodes cost ${ratio.toFixed(1)} times the time per change`);
});

test.run();
