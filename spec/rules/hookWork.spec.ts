import { delay, map, mergeMap, of, switchMap, takeUntil, timer, type Observable } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  answerWith,
  emitEvent,
  ofType,
  skipNode,
  type Hook,
  type HookContext,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { Lab, labSuite } from '../support/executor.js';
import { heldStore } from '../support/heldStore.js';
import { expectTimeline } from '../support/timeline.js';

const test = labSuite('Hook work');

/** Hooks whose work takes 100 ms from the start (or the end) of a run of one instant. */
const working: Readonly<Record<string, (lab: Lab) => Hook>> = {
  'a Promise from onStart': (lab) => method({ onStart: () => lab.after(100) }),
  'a Promise from onEvent': (lab) =>
    method({ onEvent: (_, { type }) => (type === 'RunStarted' ? lab.after(100) : undefined) }),
  'a Promise from onNodeStart': (lab) => method({ onNodeStart: () => lab.after(100) }),
  'a Promise from onNodeComplete': (lab) => method({ onNodeComplete: () => lab.after(100) }),
  'an Observable from onNodeComplete': (lab) =>
    method({ onNodeComplete: () => timer(100, lab.time).pipe(mergeMap(() => [])) }),
  'an async iterable from onNodeComplete': (lab) =>
    method({
      onNodeComplete: async function* () {
        await lab.after(100);
        yield emitEvent('x', 1);
      },
    }),
  'a Promise from onComplete': (lab) => method({ onComplete: () => lab.after(100) }),
  'a tracked Promise': (lab) => method({ onStart: (ctx) => void ctx.track(lab.after(100)) }),
  'a tracked Observable': (lab) => (event$, ctx) =>
    event$.pipe(
      ofType('RunStarted'),
      mergeMap(() => ctx.track(timer(100, lab.time))),
      map((n) => emitEvent('n', n)),
    ),
  'answerWith a Promise': (lab) => answerWith(ofType('NodeSucceeded'), () => lab.after(100, emitEvent('x', 1))),
  'answerWith an Observable': (lab) =>
    answerWith(ofType('NodeSucceeded'), () => of(emitEvent('x', 1)).pipe(delay(100, lab.time))),
};

const method = (methods: Omit<SupervisorHookV2, 'name'>): Hook => ({ ...methods, name: 'h' });

for (const [what, hook] of Object.entries(working)) {
  test(`${what} keeps the run open until it is done`, async (lab) => {
    const { report } = await lab.finish(['a'], { hooks: [hook(lab)] });
    assert.is(report.durationMs, 100);
    assert.equal(report.hookFailures, []);
  });

  test(`${what} is closed by hookTimeoutMs`, async (lab) => {
    const { report } = await lab.finish(['a'], { hooks: [hook(lab)], config: { hookTimeoutMs: 40 } });
    assert.is(report.durationMs, 40);
    assert.is(report.hookFailures.length, 1);
    assert.is(report.hookFailures[0]!.error.name, 'TimeoutError');
    await lab.pass(200);
  });
}

test('is closed behind its last command: all of them are applied before the dependants go on', async (lab) => {
  const later = (): Observable<ReturnType<typeof skipNode>> =>
    of(skipNode('b'), skipNode('c'), skipNode('d')).pipe(delay(5, lab.time));
  for (const answer of [later, () => lab.after(5, [skipNode('b'), skipNode('c'), skipNode('d')])]) {
    const { statuses, log } = await lab.finish(['a', 'b: a', 'c: a', 'd: a', 'e: a'], {
      hooks: [method({ onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? answer() : undefined) })],
      config: { maxParallelNodes: 9 },
    });
    assert.is(statuses, 'a succeeded, b skipped, c skipped, d skipped, e succeeded');
    assert.is(log.ofType('CommandRefused').length, 0);
  }
});

test('closes when the last command of a failing answer has been applied', async (lab) => {
  const { statuses } = await lab.finish(['a', 'b: a', 'c: a'], {
    hooks: [
      method({
        onNodeComplete: async function* (_: HookContext, { nodeId }: { nodeId: string }) {
          if (nodeId !== 'a') return;
          yield skipNode('b');
          throw new Error('no more');
        } as never,
      }),
    ],
  });
  assert.is(statuses, 'a succeeded, b skipped, c succeeded');
});

test('waits as long as tracked work is said to need', async (lab) => {
  const { report } = await lab.finish(['a'], {
    hooks: [
      (event$, ctx) =>
        event$.pipe(
          ofType('RunStarted'),
          mergeMap(() => ctx.track(timer(100_000, lab.time), { timeoutMs: Infinity })),
          map(() => emitEvent('x', 1)),
        ),
    ],
  });
  assert.is(report.durationMs, 100_000);
  assert.equal(report.hookFailures, []);
  const early = await lab.finish(['a'], {
    hooks: [
      (event$, ctx) =>
        event$.pipe(
          ofType('RunStarted'),
          mergeMap(() => ctx.track(timer(100, lab.time), { timeoutMs: 10 })),
          map(() => emitEvent('x', 1)),
        ),
    ],
  });
  assert.is(early.report.durationMs, 10);
  assert.is(early.log.ofType('CustomEmitted').length, 0);
});

test('lets untracked timers keep nothing open', async (lab) => {
  const trial = await lab.finish(['a'], {
    hooks: [
      (event$) =>
        event$.pipe(
          ofType('NodeSucceeded'),
          delay(100, lab.time),
          map(() => emitEvent('too late', 1)),
        ),
    ],
  });
  assert.is(trial.report.durationMs, 0);
  await lab.pass(200);
  assert.is(trial.log.ofType('CustomEmitted').length, 0);
});

test('calls the methods of a hook in event order, each at its event, whatever they still owe', async (lab) => {
  const seen: number[] = [];
  const { events } = await lab.finish(['a', 'b: a', 'c: b'], {
    does: { '*': 1 },
    hooks: [
      {
        name: 'slow',
        observe: true,
        onEvent: (ctx, { seq, at }) => {
          seen.push(seq);
          assert.is(at, lab.time.now());
          assert.ok(ctx.snapshot().seq >= seq);
          return lab.after(50);
        },
      },
    ],
  });
  assert.equal(
    seen,
    events.map(({ seq }) => seq),
  );
  assert.is(events.findLast(({ type }) => type === 'NodeSucceeded')!.at, events[0]!.at + 3);
});

test('bounds what a hook may owe: no new node starts while it owes hookBacklog answers', async (lab) => {
  const { events } = await lab.finish(['a', 'b', 'c', 'd'], {
    does: { '*': 1 },
    hooks: [{ name: 'slow', observe: true, onNodeComplete: () => lab.after(10) }],
    config: { hookBacklog: 2, maxParallelNodes: 1 },
  });
  expectTimeline(events, '0 >a, 1 Ab, 2 B, 11 c, 12 Cd, 13 D, 23 .');
});

test('tells the store up to which event each hook has answered: the lowest unanswered one less 1', async () => {
  const lab = new Lab(false);
  const store = heldStore(true);
  const trial = lab.start(['a', 'b: a'], {
    does: { '*': 5 },
    runId: 'r',
    hooks: [
      { name: 'slow', observe: true, onNodeComplete: (_, { nodeId }) => lab.after(nodeId === 'a' ? 20 : 1) },
      { name: 'quick', onEvent: () => undefined },
    ],
    executor: { store },
  });
  const answered = async (): Promise<Readonly<Record<string, number>>> => {
    const told = await store.answered('r')();
    return told._tag === 'Right' ? told.right : {};
  };
  await trial.pass(11);
  const first = trial.log.ofType('NodeSucceeded')[0]!.seq;
  await trial.grant(emitEvent('x', 1));
  assert.is((await answered())['slow'], first - 1);
  assert.is((await answered())['quick'], trial.events.length - 1);
  await trial.pass(20);
  await trial.end();
  assert.ok((await answered())['slow']! > first);
});

test('is closed when tracked work fails, or when the hook lets go of it', async (lab) => {
  const failing = await lab.finish(['a'], {
    hooks: [{ name: 'h', onStart: (ctx) => void ctx.track(lab.after(20, () => Promise.reject(new Error('mine')))) }],
  });
  assert.is(failing.report.durationMs, 20);
  const { report } = await lab.finish(['a'], {
    hooks: [
      (event$, ctx) =>
        event$.pipe(
          ofType('RunStarted'),
          switchMap(() => ctx.track(timer(1_000, lab.time)).pipe(takeUntil(timer(30, lab.time)))),
          map((n) => emitEvent('n', n)),
        ),
    ],
  });
  assert.is(report.durationMs, 30);
  assert.equal(report.hookFailures, []);
});

test.run();
