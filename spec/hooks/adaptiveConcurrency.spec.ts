import { suite } from 'uvu';
import { from, tap } from 'rxjs';
import * as assert from 'uvu/assert';
import { action, adaptiveConcurrency, type ExecutionEvent, type HookContext } from '../../lib/index.js';
import { labSuite, type Lab, type Nodes } from '../support/executor.js';
import { isDagError } from '../support/isDagError.js';

const test = labSuite('adaptiveConcurrency');

const many = (n: number, more: object = {}): Nodes =>
  Array.from({ length: n }, (_, i) => ({ id: `n${i}`, action: 'work', ...more }));

/** A service that serves `capacity` requests side by side in 10 ms each, and all slower when there are more. */
const service = (lab: Lab, capacity: number) => {
  let busy = 0;
  return async () => {
    busy++;
    await lab.after(Math.max(10, (10 * busy) / capacity));
    busy--;
    return null;
  };
};

const limits = (events: readonly ExecutionEvent[]): readonly number[] =>
  events.flatMap((event) => (event.type === 'ConcurrencySet' ? [event.maxParallelNodes] : []));

test('raises the limit as long as nodes wait and none gets slower', async (lab) => {
  const { events, report } = await lab.finish(many(400), {
    does: { '*': 10 },
    hooks: [adaptiveConcurrency({ min: 1, max: 10, window: 10, start: 2 })],
    config: { maxParallelNodes: 2 },
  });
  assert.equal(limits(events), [4, 8, 10]);
  assert.ok(report.success);
});

test('finds about the number that a service can serve, and stays there', async (lab) => {
  const { events } = await lab.finish(many(3_000), {
    does: { '*': service(lab, 8) },
    hooks: [adaptiveConcurrency({ min: 1, max: 64 })],
  });
  const found = limits(events);
  assert.equal(found.slice(0, 5), [1, 2, 4, 8, 16]);
  const late = found.slice(5);
  assert.ok(late.length > 0 && Math.min(...late) >= 6 && Math.max(...late) <= 14, found.join(' '));
});

test('comes down from far too many', async (lab) => {
  const { events } = await lab.finish(many(1_500), {
    does: { '*': service(lab, 4) },
    hooks: [
      adaptiveConcurrency({ min: 2, max: 100 }),
      {
        name: 'hand',
        onNodeComplete: (_, { nodeId }) =>
          nodeId === 'n300' ? { type: 'SetConcurrency', maxParallelNodes: 60 } : undefined,
      },
    ],
  });
  const found = limits(events);
  const raised = found.indexOf(60);
  assert.ok(raised > 0);
  assert.ok(Math.min(...found.slice(raised)) <= 6, found.join(' '));
  assert.ok(found.at(-1)! <= 6, found.join(' '));
});

test('learns anew what is fast when the work becomes harder', async (lab) => {
  let n = 0;
  const { events } = await lab.finish(many(2_000), {
    does: {
      '*': async () => {
        await lab.after(++n > 500 ? 50 : 10);
        return null;
      },
    },
    hooks: [adaptiveConcurrency({ min: 2, max: 12 })],
  });
  const found = limits(events);
  assert.ok(found.includes(2, 2), found.join(' '));
  assert.is(found.at(-1), 12, found.join(' '));
});

test('comes down when half of the nodes fail', async (lab) => {
  let n = 0;
  const { events } = await lab.finish(many(200), {
    does: {
      '*': async () => {
        await lab.after(10);
        if (n++ % 5 < 3) throw new Error('overloaded');
      },
    },
    hooks: [adaptiveConcurrency({ min: 2, max: 16, start: 16, window: 10 })],
    config: { maxParallelNodes: 16 },
  });
  assert.equal(limits(events), [12, 9, 6, 4, 3, 2]);
});

test('keeps within its bounds from the start, whatever others set', async (lab) => {
  const trial = lab.start(many(10), {
    does: { '*': 100 },
    hooks: [adaptiveConcurrency({ min: 2, max: 4, start: 4 })],
    config: { maxParallelNodes: 9 },
  });
  await trial.pass();
  assert.is(trial.run.snapshot.maxParallelNodes, 4);
  await trial.grant({ type: 'SetConcurrency', maxParallelNodes: 1 });
  await trial.pass();
  assert.is(trial.run.snapshot.maxParallelNodes, 2);
  await trial.end();
});

test('does not raise a limit that nobody waits for', async (lab) => {
  const chain = Array.from({ length: 60 }, (_, i) => (i === 0 ? 'n0' : `n${i}: n${i - 1}`));
  const { events } = await lab.finish(chain, {
    does: { '*': 10 },
    hooks: [adaptiveConcurrency({ min: 1, max: 10, window: 5, start: 3 })],
  });
  assert.equal(limits(events), []);
});

test('long work among short work is no slowness', async (lab) => {
  const nodes = Array.from({ length: 300 }, (_, i) => ({
    id: `n${i}`,
    action: i % 50 < 25 ? 'short' : 'long',
  }));
  const { events } = await lab.finish(nodes, {
    actions: [action('short', () => lab.last(1, 0)), action('long', () => lab.last(500, 0))],
    hooks: [adaptiveConcurrency({ min: 1, max: 6, window: 10, start: 2 })],
  });
  const found = limits(events);
  assert.equal(
    found,
    found.toSorted((a, b) => a - b),
    'it only rises',
  );
});

test('leaves a run alone that goes one node at a time, and instant nodes', async (lab) => {
  const sequential = await lab.finish(many(50), {
    runId: 'sequential',
    does: { '*': 10 },
    hooks: [adaptiveConcurrency({ min: 2, max: 8, window: 5 })],
    config: { enableParallelExecution: false },
  });
  assert.equal(limits(sequential.events), []);
  const instant = await lab.finish(many(50), {
    runId: 'instant',
    hooks: [adaptiveConcurrency({ min: 3, max: 8, window: 5 })],
  });
  assert.equal(limits(instant.events), []);
});

test('the same log gives the same decisions', async (lab) => {
  const hook = adaptiveConcurrency({ min: 1, max: 64 });
  const { events, log } = await lab.finish(many(800), { does: { '*': service(lab, 6) }, hooks: [hook] });
  let shown = 0;
  const again: number[] = [];
  const event$ = from(events).pipe(
    tap(({ seq }) => {
      while (log.snapshots[shown]!.seq < seq) shown++;
    }),
  );
  hook(event$, { snapshot: () => log.snapshots[shown] } as HookContext).subscribe((command) => {
    if (command.type === 'SetConcurrency') again.push(command.maxParallelNodes);
  });
  assert.ok(again.length > 4);
  assert.equal(again, limits(events));
});

test.run();

const options = suite('adaptiveConcurrency options');

options('wrong ones are refused at once', () => {
  for (const wrong of [
    { min: 0 },
    { max: 0 },
    { min: 5, max: 4 },
    { window: 0 },
    { tolerance: 1 },
    { backoff: 1 },
    { backoff: 0 },
    { start: 9 },
    { min: NaN },
    { tolerance: Infinity },
    { tolerance: '2' as never },
    { backoff: '0.5' as never },
    { name: 7 as never },
  ])
    assert.throws(() => adaptiveConcurrency({ min: 1, max: 8, ...wrong }), isDagError);
});

options.run();
