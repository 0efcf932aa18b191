import { NEVER, VirtualTimeScheduler, defer, map, of, timer, type SchedulerLike } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  pauseBranch,
  retryNode,
  type ExecutionEvent,
  type Hook,
} from '../../lib/index.js';
import { VirtualTime, checkLog, describeEvent, letters, random } from '../../lib/testing/index.js';
import { Lab, labSuite, specs } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';

const test = suite('Virtual time');

test('one flush runs a whole run of synchronous and Observable actions and hooks, without a microtask', () => {
  const lab = new Lab(false);
  const trial = lab.start(
    [
      'a',
      'b: a',
      node('c: b', { tryCount: 2, retry: { type: 'Linear', delayMs: 1_000 } }),
      node('f: a', { forEach: { $ref: 'inputs.list' } }),
    ],
    {
      inputs: { list: [1, 2] },
      does: {
        a: 5,
        b: '--x|',
        c: ({ attempt }) => (attempt === 1 ? timer(3, lab.time).pipe(map(() => JSON.parse('{'))) : of(1)),
        '*': 2,
      },
      hooks: [
        {
          name: 'gate',
          beforeNodeStart: (_, { id }) =>
            id === 'b' ? timer(7, lab.time).pipe(map(() => 'proceed' as const)) : undefined,
        },
        {
          name: 'later',
          onNodeComplete: (_, { nodeId }) =>
            nodeId === 'a' ? timer(4, lab.time).pipe(map(() => pauseBranch('nobody'))) : undefined,
        },
      ],
    },
  );
  lab.time.flush();
  assert.is(trial.run.snapshot.status, 'succeeded', trial.log.text({ times: true }));
  assert.is(trial.events.at(-1)!.type, 'RunSettled');
});

test('nothing happens before time is let pass', async () => {
  const lab = new Lab(false);
  const trial = lab.start(['a']);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.is(trial.events.length, 0);
  lab.time.flush();
  assert.is(trial.run.snapshot.status, 'succeeded');
});

test('the next start comes within the call in which an Observable action ends', () => {
  const lab = new Lab(false);
  const seen: string[] = [];
  lab.start(['a', 'b: a'], { does: { a: 5, b: () => (seen.push(`b at ${lab.time.now() - 1_000_000}`), NEVER) } });
  lab.time.advanceBy(4);
  assert.equal(seen, []);
  lab.time.advanceBy(1);
  assert.equal(seen, ['b at 5']);
});

test('equal runs give equal logs, however they are flushed', () => {
  const play = (flush: (lab: Lab) => void): string => {
    const lab = new Lab(false);
    const chance = random(7);
    const hook: Hook = {
      name: 'h',
      onNodeFailed: (_, { nodeId, attempt }) => (attempt < 3 ? retryNode(nodeId) : undefined),
    };
    const nodes = Array.from(
      { length: 25 },
      (_, i) =>
        `n${i}: ${Array.from({ length: i }, (_, j) => `n${j}`)
          .filter(() => chance.chance(0.1))
          .join(' ')}`,
    );
    const does = Object.fromEntries(nodes.map((_, i) => [`n${i}`, chance.chance(0.1) ? '---#' : chance.int(0, 9)]));
    const trial = lab.start(nodes, { runId: 'r', does, hooks: [hook] });
    flush(lab);
    assert.is(trial.events.at(-1)!.type, 'RunSettled');
    return trial.events
      .map((event) => JSON.stringify({ ...event, text: describeEvent(event) }).replace(/"stack":"[^"]*"/g, ''))
      .join('\n');
  };
  const first = play(({ time }) => time.flush());
  assert.is(
    play(({ time }) => time.flush()),
    first,
  );
  assert.is(
    play(({ time }) => {
      while (time.step());
    }),
    first,
  );
  assert.is(
    play(({ time }) => {
      for (let i = 0; i < 400; i++) time.advanceBy(1);
      time.flush();
    }),
    first,
  );
});

test("RxJS's own VirtualTimeScheduler does as well", () => {
  const virtual = new VirtualTimeScheduler();
  const executor = new Lab(false).executor({
    does: { '*': () => timer(3, virtual) },
    executor: { scheduler: virtual },
  });
  const run = executor.start({ name: 'g', nodes: specs(['a', 'b: a']) });
  virtual.flush();
  assert.is(run.snapshot.status, 'succeeded');
});

test('a TestScheduler plays actions from marbles', () => {
  const scheduler = new TestScheduler((actual, expected) => assert.equal(actual, expected));
  scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
    const a = cold('   ------(x|)');
    const b = cold('   --------(x|)');
    const c = cold('           -----(x|)');
    const sources: Record<string, typeof a> = { a, b, c };
    const executor = new Lab(false).executor({
      does: { '*': ({ nodeId }) => sources[nodeId]! },
      executor: { scheduler },
    });
    const event$ = defer(() => executor.start({ name: 'g', nodes: specs(['a', 'b', 'c: a b']) }).event$);
    expectObservable(letters(event$)).toBe('(>ab)-A-(Bc)-(C.|)');
    expectSubscriptions(c.subscriptions).toBe('--------^----!');
  });
});

test('timeouts, graces, deadlines, retries and timestamps come from the given clock alone', () => {
  const lab = new Lab(false);
  const since = Date.now();
  const trial = lab.start(
    [node('slow', { timeoutMs: 3_600_000, tryCount: 2, retry: { type: 'Linear', delayMs: 3_600_000 } })],
    {
      does: { slow: () => NEVER },
      config: { timeoutMs: 100_000_000, graceMs: 1_000 },
    },
  );
  lab.time.flush();
  assert.ok(Date.now() - since < 2_000);
  expectTimeline(trial.events, '0 >s, 3600000 ~, 7200000 s, 10800000 x.');
});

test('a clock that is set back in mid-run costs the time since it was read last, and no more', () => {
  const time = new VirtualTime(1_000_000);
  let back = 0;
  const scheduler: SchedulerLike = {
    now: () => time.now() - back,
    schedule: time.schedule.bind(time) as SchedulerLike['schedule'],
  };
  const registry = new ActionRegistry().register(
    action('work', ({ nodeId, attempt }) =>
      timer(20, time).pipe(
        map(() => {
          if (nodeId === 'b') back = 3_600_000;
          if (nodeId === 'c' && attempt === 1) throw new Error('once');
          return nodeId;
        }),
      ),
    ),
  );
  const run = new DagExecutor({ registry, scheduler }).start({
    name: 'g',
    nodes: ['a', 'b', 'c', 'd'].map((id, i, ids) => ({
      id,
      action: 'work',
      tryCount: 2,
      retry: { type: 'Linear', delayMs: 50 } as const,
      deps: i === 0 ? [] : [ids[i - 1]!],
    })),
  });
  const events: ExecutionEvent[] = [];
  run.event$.subscribe((event) => events.push(event));
  time.flush();
  expectTimeline(events, '0 >a, 20 ABbc, 40 ~, 90 c, 110 Cd, 130 .D');
  assert.equal(
    events.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.durationMs] : [])),
    [20, 0, 20, 20],
  );
  assert.equal(
    checkLog(events).map(({ message }) => message),
    [],
  );
});

test('a run that has settled leaves nothing on its clock', () => {
  const lab = new Lab(false);
  const trial = lab.start([node('a', { timeoutMs: 1_000, idleTimeoutMs: 500 }), node('b: a', { timeoutMs: 10 }), 'c'], {
    does: { a: 5, b: () => NEVER, c: 20 },
    hooks: [{ name: 'h', onNodeComplete: () => timer(1, lab.time).pipe(map(() => pauseBranch('nobody'))) }],
  });
  lab.time.flush({ maxMs: 100 });
  assert.is(trial.run.snapshot.status, 'failed');
  assert.is(lab.time.pending, 0);
});

test.run();

const promises = labSuite('Virtual time with Promises');

promises(
  'lets macrotasks pass between virtual instants, so that Promises of user code keep their order',
  async (lab) => {
    const order: string[] = [];
    await lab.finish(['a', 'b', 'c: a'], {
      does: {
        '*': async ({ nodeId }) => {
          await lab.after(nodeId === 'b' ? 2 : 1);
          await new Promise((resolve) => setImmediate(resolve));
          order.push(`${nodeId} at ${lab.time.now() - 1_000_000}`);
        },
      },
    });
    assert.equal(order.toSorted(), ['a at 1', 'b at 2', 'c at 2']);
  },
);

promises.run();
