import {
  EMPTY,
  Subject,
  Subscription,
  catchError,
  concatMap,
  filter,
  from,
  interval,
  map,
  mergeMap,
  of,
  tap,
  type Observable,
} from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addNode,
  addNodes,
  emitEvent,
  ofType as only,
  pauseBranch,
  resumeBranch,
  updateMetrics,
  type ExecutionEvent,
  type ExecutorCommand,
  type Hook,
  type HookContext,
  type NodeSpec,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { fail, specs } from '../support/executor.js';
import { chain, cpuMs, ends, fan, ofType, play, playOut, sleep, sound, tidy, turns } from './play.js';

const test = suite('faults: hooks');

const boom = fail('boom') as () => never;
const method = (methods: Omit<SupervisorHookV2, 'name'>): SupervisorHookV2 => ({ name: 'h', ...methods });
const named = (operator: (event$: Observable<ExecutionEvent>, ctx: HookContext) => Observable<any>): Hook =>
  Object.assign(operator, { hookName: 'h' });

/** Hooks that only watch, and do that badly. */
const watching: Readonly<Record<string, () => Hook>> = {
  'throws synchronously': () => method({ onEvent: boom }),
  rejects: () => method({ onEvent: () => Promise.reject(new Error('boom')) }),
  'rejects later': () => method({ onNodeComplete: () => sleep(2).then(boom) }),
  'throws inside its own error handler': () =>
    named((event$) =>
      event$.pipe(
        tap(boom),
        catchError(() => boom()),
      ),
    ),
  'rejects inside its own error handler': () =>
    method({ onNodeComplete: () => Promise.reject(new Error('first')).catch(boom) }),
  'never answers': () => method({ onNodeComplete: () => new Promise(() => undefined) }),
  'never answers, as a stream': () => method({ onNodeComplete: () => new Subject<ExecutorCommand>() }),
};

const outcome = async (hooks: readonly Hook[]): Promise<string> => {
  const nodes = ['a', 'b: a', { id: 'bad', action: 'bad' }, 'c: bad', ...chain(5)];
  const { report } = await playOut(nodes, { hooks, actions: { bad: fail() }, config: { hookTimeoutMs: 40 } });
  return `${report.status}: ${ends(report)}`;
};

for (const [how, hook] of Object.entries(watching))
  test(`the result is the same with a watching hook that ${how}, and the fault is told`, () =>
    tidy(async () => {
      assert.is(await outcome([hook()]), await outcome([]));
      const seen: string[] = [];
      const good = method({ onEvent: (_, { type }) => void seen.push(type) });
      const { report, events } = await playOut(['a', 'b: a'], {
        hooks: [hook(), { ...good, name: 'good' }],
        config: { hookTimeoutMs: 20 },
      });
      assert.ok(report.success);
      assert.ok(report.hookFailures.length > 0, 'nothing is told');
      assert.ok(report.hookFailures.every((failure) => failure.hook === 'h' && failure.error.message !== ''));
      assert.equal(
        seen,
        events.map(({ type }) => type),
      );
    }));

test('a hook that blocks the thread delays the run, and no more', async () => {
  const block = (): void => {
    const end = performance.now() + 150;
    while (performance.now() < end);
  };
  const { report } = await playOut([{ id: 'a', action: 'work', timeoutMs: 5_000 }, 'b: a'], {
    hooks: [method({ onNodeStart: block })],
    config: { hookTimeoutMs: 50 },
  });
  assert.ok(report.success);
  assert.is(report.hookFailures.length, 0);
});

test('a hook that answers an event while it is shown that event is heard after it', async () => {
  const orders: string[][] = [[], []];
  const { events } = await playOut(['a', 'b: a'], {
    hooks: orders.map((order, i) =>
      named((event$) =>
        event$.pipe(
          tap((event) => order.push(`${event.seq} ${event.type}`)),
          filter((event) => event.type === 'NodeStarted'),
          map(({ seq }) => emitEvent(`from ${i}`, seq)),
        ),
      ),
    ),
  });
  for (const order of orders)
    assert.equal(
      order,
      events.map(({ seq, type }) => `${seq} ${type}`),
    );
  for (const event of ofType(events, 'CustomEmitted'))
    assert.ok(event.cause! < event.seq && event.payload === event.cause);
});

test('one AddNodes with 100,000 nodes in answer to one event', async () => {
  const added = chain(100_000, { branch: 'new' });
  let events: readonly ExecutionEvent[] = [];
  const ms = await cpuMs(async () => {
    const played = await playOut(['a', 'b: a'], {
      hooks: [method({ onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? addNodes(added) : undefined) })],
      limitMs: 30_000,
    });
    assert.ok(played.report.success);
    events = played.events;
  });
  assert.is(ofType(events, 'NodeSucceeded').length, 100_002);
  assert.ok(ms < 8_000, `${ms} ms of CPU for what should take 2 s at most`);
});

test('100,000 AddNode commands in answer to one event, with the budget for them', async () => {
  const { report, events } = await playOut(['a'], {
    hooks: [
      method({
        onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? chain(100_000).map((spec) => addNode(spec)) : undefined),
      }),
    ],
    config: { commandBudget: 100_000 },
    limitMs: 30_000,
  });
  assert.ok(report.success);
  assert.is(ofType(events, 'NodeAdded').length, 100_000);
});

test('a hook that answers its own answers, 100,000 deep', async () => {
  const depth = 100_000;
  const seqs: number[] = [];
  const { report, events } = await playOut(['a'], {
    hooks: [
      named((event$, ctx) => {
        event$.pipe(only('CustomEmitted')).subscribe(({ payload }) => {
          if (Number(payload) < depth) void ctx.dispatch(emitEvent('deeper', Number(payload) + 1));
        });
        return event$.pipe(
          only('RunStarted'),
          map(() => emitEvent('deeper', 1)),
        );
      }),
      { name: 'watcher', onEvent: (_, { seq }) => void seqs.push(seq) },
    ],
    config: { commandBudget: depth },
    limitMs: 30_000,
  });
  assert.ok(report.success);
  assert.is(ofType(events, 'CustomEmitted').length, depth);
  assert.ok(
    seqs.every((seq, i) => seq === i + 1),
    'the other hook saw another order',
  );
});

test('a subscriber that dispatches inside next, 100,000 deep', async () => {
  const depth = 100_000;
  const { run, end, events } = play(['a']);
  const second: number[] = [];
  run.event$.subscribe((event) => {
    if (event.type === 'RunStarted') void run.dispatch(emitEvent('deeper', 1));
    else if (event.type === 'CustomEmitted' && Number(event.payload) < depth)
      void run.dispatch(emitEvent('deeper', Number(event.payload) + 1));
  });
  run.event$.subscribe(({ seq }) => second.push(seq));
  assert.ok((await end()).success);
  assert.is(ofType(events, 'CustomEmitted').length, depth);
  assert.equal(
    second,
    events.map(({ seq }) => seq),
  );
});

const floods: Readonly<Record<string, () => Hook>> = {
  'a list': () => method({ onStart: () => Array.from({ length: 50_000 }, (_, i) => emitEvent('n', i)) }),
  'an endless generator': () =>
    method({
      onNodeComplete: async function* () {
        for (let i = 0; ; i++) yield emitEvent('n', i);
      },
    }),
  'an endless interval': () =>
    method({
      onNodeComplete: () => interval(1).pipe(mergeMap((i) => Array.from({ length: 50 }, () => emitEvent('n', i)))),
    }),
  'an operator that answers itself': () => named((event$) => event$.pipe(map(({ seq }) => emitEvent('n', seq)))),
  'dispatch after dispatch': () =>
    method({
      onStart: async (ctx) => {
        while ((await ctx.dispatch(emitEvent('n', 1)))._tag === 'Right');
      },
    }),
};
for (const [how, hook] of Object.entries(floods))
  test(`a hook that floods is cut off, and the run goes on: ${how}`, async () => {
    const { report, events } = await playOut(chain(20), { hooks: [hook()], config: { commandBudget: 500 } });
    assert.ok(report.success, report.error);
    assert.equal(
      report.hookFailures.map(({ error }) => error.name),
      ['BudgetExceeded'],
    );
    // Each end of a node is a new root, from which a hook that asks later may draw again.
    const roots = how === 'dispatch after dispatch' ? chain(20).length + 1 : 1;
    assert.ok(ofType(events, 'CustomEmitted').length <= 500 * roots);
    await sleep(5); // the event loop is free again
  });

test('a hook that adds nodes for ever stops at the limit of nodes, and the run ends', async () => {
  const { report } = await playOut(['a'], {
    hooks: [method({ onNodeComplete: () => addNode({ action: 'work' }) })],
    config: { maxNodes: 50 },
  });
  assert.ok(report.success);
  assert.is(report.nodeOutcomes.length, 50);
  assert.equal(
    report.refusedCommands.map(({ type }) => type),
    ['TooManyNodes'],
  );
});

const bad: Readonly<Record<string, readonly NodeSpec[]>> = {
  'a cycle': specs(['x: y', 'y: x']),
  'a self-dependency': specs(['x: x']),
  'a duplicate': specs(['a']),
  'a dangling dependency': specs(['x: nowhere']),
  'an unknown action': [{ id: 'x', action: 'nothing' }],
};
for (const [what, nodes] of Object.entries(bad))
  test(`a hook that adds ${what} is refused, and nothing changes`, async () => {
    const { report, events } = await playOut(['a', 'b: a'], { hooks: [method({ onStart: () => addNodes(nodes) })] });
    assert.ok(report.success);
    assert.is(ends(report), 'a succeeded, b succeeded');
    const refused = ofType(events, 'CommandRefused');
    assert.equal(
      refused.map(({ by, cause }) => [by, cause]),
      [['h', 1]],
    );
  });

test('a hook that adds below finished, failed and cancelled nodes is answered, not lost', async () => {
  const { report } = await playOut(['a', { id: 'bad', action: 'bad' }], {
    actions: { bad: fail() },
    hooks: [
      method({
        onComplete: (ctx) =>
          ctx.snapshot().node('good') === undefined ? addNodes(specs(['good: a', 'doomed: bad'])) : undefined,
      }),
    ],
  });
  assert.is(ends(report), 'a succeeded, bad failed, good succeeded, doomed skipped');
  const { run, end } = play([{ id: 'w', action: 'human.input' }]);
  await turns();
  const cancelling = run.cancel();
  const answer = await run.dispatch(addNode({ id: 'x', action: 'work' }));
  assert.ok(answer._tag === 'Left' && /RunCancelling|RunEnded/.test(answer.left.type));
  await cancelling;
  await end();
  const after = await run.dispatch(addNode({ id: 'x', action: 'work' }));
  assert.ok(after._tag === 'Left' && after.left.type === 'RunEnded');
});

test('two hooks that play ping-pong end when the budget of one is used up', async () => {
  const player = (name: string, on: 'BranchPaused' | 'BranchResumed', command: ExecutorCommand): Hook => ({
    name,
    onStart: () => (on === 'BranchResumed' ? command : undefined),
    onEvent: (_, { type }) => (type === on ? command : undefined),
  });
  const { report, events } = await playOut(chain(10), {
    hooks: [player('ping', 'BranchResumed', pauseBranch('n5')), player('pong', 'BranchPaused', resumeBranch('n5'))],
    config: { commandBudget: 1_000 },
  });
  assert.ok(report.success);
  assert.equal(
    report.hookFailures.map(({ hook, error }) => `${hook} ${error.name}`),
    ['ping BudgetExceeded'],
  );
  assert.is(ofType(events, 'BranchPaused').length, 1_000);
});

test('1,000 hooks see the same, in order', async () => {
  const seen = Array.from({ length: 1_000 }, () => [] as number[]);
  const hooks = seen.map((seqs, i): Hook =>
    i % 2 === 0
      ? method({ onEvent: (_, { seq }) => void seqs.push(seq) })
      : named((event$) => event$.pipe(mergeMap(({ seq }) => (seqs.push(seq), EMPTY)))),
  );
  const { report, events } = await playOut(fan(50), { hooks });
  assert.ok(report.success);
  for (const seqs of seen)
    assert.equal(
      seqs,
      events.map(({ seq }) => seq),
    );
});

test('10,000 hooks, many of one name, are told apart', async () => {
  const hooks = Array.from({ length: 10_000 }, (_, i): Hook =>
    i < 1_000 ? method({ onNodeComplete: boom }) : { name: '', onComplete: () => updateMetrics({ n: 1 }) },
  );
  const { report, events } = await playOut(['a'], { hooks, limitMs: 20_000 });
  assert.ok(report.success);
  assert.is(new Set(ofType(events, 'HookFailed').map(({ hook }) => hook)).size, 1_000);
  assert.is(ofType(events, 'MetricsUpdated').length, 1);
});

test('a hook that unsubscribes itself or others while an event is delivered takes nothing from anyone else', async () => {
  const subscriptions: Subscription[] = [];
  const seen: [number[], number[], number[]] = [[], [], []];
  const { run, end, events } = play(chain(10));
  for (const [i, seqs] of seen.entries())
    subscriptions.push(
      run.event$.subscribe(({ seq }) => {
        seqs.push(seq);
        if (seq === 5 && i === 0) subscriptions[0]!.unsubscribe();
        if (seq === 7 && i === 1) subscriptions[2]!.unsubscribe();
      }),
    );
  await end();
  assert.equal(seen[0], [1, 2, 3, 4, 5]);
  assert.equal(
    seen[1],
    events.map(({ seq }) => seq),
  );
  assert.ok(seen[2].length <= 7);
});

test('a hook that subscribes late to its events loses only what went before', async () => {
  const seen: number[] = [];
  const { events } = await playOut(chain(10), {
    hooks: [
      named((event$, ctx) => {
        const late = new Subscription();
        return event$.pipe(
          concatMap(({ seq }) => {
            if (seq === 4) late.add(ctx.eventsFrom(1).subscribe((event) => seen.push(event.seq)));
            return EMPTY;
          }),
        );
      }),
    ],
  });
  assert.equal(
    seen,
    events.map(({ seq }) => seq),
  );
});

test('a hook that keeps its context after the end can look, but no longer ask', async () => {
  let kept: HookContext | undefined;
  const { run, events } = await playOut(['a'], { hooks: [method({ onStart: (ctx) => void (kept = ctx) })] });
  const before = events.length;
  const answer = await kept!.dispatch(emitEvent('late', 1));
  assert.ok(answer._tag === 'Left' && answer.left.type === 'RunEnded');
  const added = await kept!.nodeAdder.addNode('test', { action: 'work' })();
  assert.ok(added._tag === 'Left' && added.left.type === 'RunEnded');
  assert.is(kept!.snapshot().status, 'succeeded');
  assert.is(kept!.metrics.nodesSucceeded, 1);
  const values: unknown[] = [];
  let completed = 0;
  for (const work of [of(1), from([1, 2])])
    kept!.track(work).subscribe({ next: (value) => values.push(value), complete: () => completed++ });
  kept!.eventsFrom(1).subscribe({ complete: () => completed++ });
  await turns();
  assert.is(completed, 3);
  assert.is(events.length, before);
  sound(run, events);
});

test('a hook that asks for ever, cut off or after the end, lets others have their turn', async () => {
  const MANY = 100_000;
  for (const commandBudget of [1, 50]) {
    let asked = 0;
    let isOver = false;
    let kept: HookContext | undefined;
    const ask = async (ctx: HookContext): Promise<void> => {
      while (!isOver && asked++ < MANY) await ctx.dispatch(emitEvent('more', 1));
    };
    const greedy = method({ onStart: (ctx) => void (commandBudget === 1 ? ask(ctx) : (kept = ctx)) });
    await playOut(['a'], { hooks: [greedy], config: { commandBudget } });
    if (kept !== undefined) void ask(kept);
    await turns();
    isOver = true;
    assert.ok(asked > 2 && asked < MANY, `asked ${asked} times`);
  }
});

test("a hook's failure fails the run where the policy says so", async () => {
  for (const hook of [
    method({ onNodeComplete: boom }),
    named((event$) => event$.pipe(only('NodeSucceeded'), tap(boom))),
  ]) {
    const { report } = await playOut(chain(5), { hooks: [hook], config: { onHookError: 'failRun' } });
    assert.is(report.status, 'failed');
    assert.match(report.error!, 'boom');
  }
});

test.run();
