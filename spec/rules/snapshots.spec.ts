import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addNode,
  initialSnapshot,
  pauseBranch,
  reduce,
  removeNode,
  resumeBranch,
  type ExecutorSnapshot,
} from '../../lib/index.js';
import { Lab, labSuite } from '../support/executor.js';
import { logOf, node, runStarted, started, succeeded } from '../support/logOf.js';

const test = labSuite('Snapshots cost what they are used for');

const ids = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => `n${i}`);

test('reduce is pure as seen from outside: the same snapshot and event give equal states, however often', async (lab) => {
  const trial = lab.start(['a', 'b: a', node('f: a', { forEach: { $ref: 'inputs.list' }, branch: 'x' })], {
    inputs: { list: [1, 2] },
    does: { '*': 5, 'f[1]': '--#' },
  });
  await trial.pass(1);
  for (const command of [addNode(node('x: b')), pauseBranch('x'), pauseBranch('b'), addNode(node('y: x'))])
    await trial.grant(command);
  await trial.grant(removeNode('y'));
  for (const branch of ['x', 'b']) await trial.grant(resumeBranch(branch));
  await trial.end();
  const { events } = trial;
  const [snapshots] = [events.reduce((all, event) => [...all, reduce(all.at(-1)!, event)], [initialSnapshot()])];
  for (let i = events.length - 1; i >= 0; i--) {
    const before = JSON.stringify(snapshots[i]);
    assert.is(JSON.stringify(reduce(snapshots[i]!, events[i]!)), JSON.stringify(snapshots[i + 1]));
    assert.is(JSON.stringify(snapshots[i]), before);
  }
});

test('two futures of one snapshot do not meet', () => {
  const [first, a, b] = logOf(runStarted([node('a'), node('b')]), started('a'), { ...started('b'), seq: 2 });
  const root = reduce(initialSnapshot(), first!);
  const [left, right] = [reduce(root, a!), reduce(root, b!)];
  assert.equal([left.node('a')!.status, left.node('b')!.status], ['running', 'ready']);
  assert.equal([right.node('a')!.status, right.node('b')!.status], ['ready', 'running']);
  const more = reduce(left, { seq: 3, at: 9, ...succeeded('a') });
  assert.is(left.node('a')!.status, 'running');
  assert.is(more.node('a')!.status, 'succeeded');
  assert.is(root.node('a')!.status, 'ready');
});

test('a hook that asks for a snapshot gets the state at that event, and may keep it', async (lab) => {
  const kept: (readonly [number, ExecutorSnapshot, string])[] = [];
  await lab.finish(ids(40), {
    hooks: [
      {
        name: 'h',
        onNodeStart: (ctx, { seq }) => {
          const snapshot = ctx.snapshot();
          kept.push([seq, snapshot, JSON.stringify(snapshot)]);
        },
      },
    ],
  });
  assert.is(kept.length, 40);
  for (const [seq, snapshot, text] of kept) {
    assert.ok(snapshot.seq >= seq);
    assert.is(JSON.stringify(snapshot), text);
  }
});

test('the same transition gives the same snapshot to all who ask', async (lab) => {
  const trial = lab.start(['a', 'b'], { does: { '*': 5 } });
  await trial.pass(1);
  assert.is(trial.run.snapshot, trial.run.snapshot);
  await trial.end();
});

test.run();

const cost = suite('Snapshots cost what they are used for, in time');

/** How long a run of so many nodes takes, its snapshots asked for as `use` says, in ms. */
const runOf = (
  size: number,
  use: (snapshot$: { subscribe(next: (snapshot: ExecutorSnapshot) => void): unknown }) => void,
): number => {
  const lab = new Lab(false);
  const run = lab.executor().start({ name: 'wide', nodes: ids(size).map((id) => node(id)) });
  use(run.snapshot$);
  const since = process.cpuUsage();
  lab.time.flush();
  assert.is(run.snapshot.status, 'succeeded');
  return process.cpuUsage(since).user / 1_000;
};

cost('one per transition costs a run with many nodes hardly more for each node than one with few', () => {
  const keep = (snapshot$: { subscribe(next: (snapshot: ExecutorSnapshot) => void): unknown }): void => {
    const kept: ExecutorSnapshot[] = [];
    snapshot$.subscribe((snapshot) => kept.push(snapshot));
  };
  runOf(1_000, keep);
  const few = Math.max(runOf(4_000, keep), 2) / 4_000;
  const many = runOf(32_000, keep) / 32_000;
  assert.ok(
    many < few * 4,
    `${(many * 1_000).toFixed(1)} µs for each of 32,000 nodes, ${(few * 1_000).toFixed(1)} µs for each of 4,000`,
  );
});

cost.run();
