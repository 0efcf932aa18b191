import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addNode, type DagRun, type Hook, type RunOptions } from '../../lib/index.js';
import { Lab, realExecutor } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = suite('Fairness');

/** A run on the real clock that would never end by itself: each node is instant and has the next one added. */
const flood = (options: RunOptions = {}): DagRun => {
  const hook: Hook = { name: 'next', onNodeComplete: (_, { nodeId }) => addNode(node(String(Number(nodeId) + 1))) };
  return realExecutor().start({ name: 'flood', nodes: [node('0')] }, { ...options, hooks: [hook] });
};

test('timers go on under a flood of instant nodes', async () => {
  let ticks = 0;
  const run = flood();
  const timer = setInterval(() => {
    if (++ticks === 3) void run.cancel();
  }, 1);
  const { status, nodeOutcomes } = await run.report;
  clearInterval(timer);
  assert.is(status, 'cancelled');
  assert.ok(nodeOutcomes.length > 10);
});

test('the deadline ends a flood', async () => {
  const report = await flood({ config: { timeoutMs: 30 } }).report;
  assert.is(report.status, 'failed');
  assert.ok(report.durationMs < 1_000, `it took ${report.durationMs} ms`);
});

test('a signal that is aborted by a timer ends a flood', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10);
  assert.is((await flood({ signal: controller.signal }).report).status, 'cancelled');
});

test('no turn of the event loop lasts much longer than the 12 ms that are allowed', async () => {
  const run = flood();
  const gaps: number[] = [];
  let last = performance.now();
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      if (gaps.length < 20) setImmediate(turn);
      else resolve();
    };
    setImmediate(turn);
  });
  await run.cancel();
  const typical = gaps.toSorted((a, b) => a - b)[10]!;
  assert.ok(typical < 100, `a typical turn lasted ${typical.toFixed(0)} ms`);
});

test('a run on a given scheduler never yields: one flush does it all', () => {
  const lab = new Lab(false);
  const run = lab
    .executor()
    .start({ name: 'long', nodes: Array.from({ length: 5_000 }, (_, i) => node(i === 0 ? '0' : `${i}: ${i - 1}`)) });
  lab.time.flush();
  assert.is(run.snapshot.status, 'succeeded');
});

test.run();
