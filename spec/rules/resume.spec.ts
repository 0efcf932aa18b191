import { EMPTY, concatMap, filter, map, mergeMap, of, tap, timer } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addNode,
  emitEvent,
  ofType,
  setPriority,
  type ExecutionEvent,
  type Hook,
  type HookContext,
  type HookOperator,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { type Plot } from '../support/executor.js';
import { doomed, resume } from '../support/crash.js';
import { node } from '../support/logOf.js';

const test = suite('Resume');

const nodes = ['a', 'b: a', 'c: b'];
const does: NonNullable<Plot['does']> = { '*': ({ nodeId }) => Promise.resolve(nodeId) };

/** Lets a run with these hooks crash at each of its instants, and gives what became of it. */
const everywhere = async (
  hooks: () => readonly Hook[],
  check: (events: readonly ExecutionEvent[], where: string) => void,
): Promise<void> => {
  const { trial, store, after } = doomed(nodes, { does, executor: { hooks: hooks() } });
  await trial.end();
  check(trial.events, 'without a crash');
  for (let instant = 1; instant < store.appends.length; instant++) {
    const left = await after(instant);
    const { events } = await (await resume(left, { does, executor: { hooks: hooks() } })).end();
    check(events, `after append ${instant}, event ${left.events.length} of ${trial.events.length}`);
  }
};

test('an operator gets the whole history, marked as replaying, then what is new', async () => {
  const { trial, store, after } = doomed(nodes, { does });
  await trial.end();
  const half = Math.floor(store.appends.length / 2);
  const left = await after(half);
  const seen: (readonly [number, boolean])[] = [];
  const hook: HookOperator = (event$, ctx) =>
    event$.pipe(
      tap(({ seq }) => seen.push([seq, ctx.replaying])),
      mergeMap(() => EMPTY),
    );
  const { events } = await (await resume(left, { does, executor: { hooks: [hook] } })).end();
  assert.equal(
    seen,
    events.map(({ seq }) => [seq, seq <= left.events.length]),
  );
});

test('a method hook gets onResume, then what it had not answered, then what is new', async () => {
  const { trial, store, after } = doomed(nodes, {
    does,
    executor: {
      hooks: [
        {
          name: 'h',
          observe: true,
          onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? undefined : new Promise(() => undefined)),
        },
      ],
    },
  });
  await trial.pass(1);
  const left = await after(store.appends.length);
  const seen: string[] = [];
  const hook: SupervisorHookV2 = {
    name: 'h',
    onStart: () => void seen.push('onStart'),
    onResume: () => void seen.push('onResume'),
    onNodeComplete: (_, { nodeId }) => void seen.push(nodeId),
  };
  await (await resume(left, { does, executor: { hooks: [hook] } })).end();
  assert.equal(seen, ['onResume', 'b', 'c']);
});

test('commands of an operator are in the log exactly once, wherever the run crashes', async () => {
  const hook = (): HookOperator => {
    let n = 0; // its own state, rebuilt from history
    return Object.assign(
      (event$: Parameters<HookOperator>[0]) =>
        event$.pipe(
          ofType('NodeSucceeded'),
          concatMap(({ nodeId }) => of(emitEvent('n', n++), emitEvent('of', nodeId))),
        ),
      {
        hookName: 'counter',
      },
    );
  };
  await everywhere(
    () => [hook()],
    (events, where) => {
      const payloads = events.flatMap((event) => (event.type === 'CustomEmitted' ? [event.payload] : []));
      assert.equal(payloads, [0, 'a', 1, 'b', 2, 'c'], where);
      assert.equal(
        events.filter(({ type }) => type === 'HookFailed'),
        [],
        where,
      );
    },
  );
});

test('commands of a method hook are in the log exactly once, wherever the run crashes', async () => {
  const hook: Hook = {
    name: 'h',
    onNodeComplete: (_, { nodeId }) =>
      nodeId.length === 1 ? [emitEvent('of', nodeId), addNode(node(`${nodeId}+: ${nodeId}`))] : undefined,
  };
  await everywhere(
    () => [hook],
    (events, where) => {
      assert.equal(
        events.flatMap((event) => (event.type === 'CustomEmitted' ? [event.payload] : [])),
        ['a', 'b', 'c'],
        where,
      );
      const added = events.flatMap((event) => (event.type === 'NodeAdded' ? [event.node.id!] : []));
      assert.equal(added.toSorted(), ['a+', 'b+', 'c+'], where);
      assert.equal(
        events.filter(({ type }) => type === 'CommandRefused'),
        [],
        where,
      );
    },
  );
});

test('late answers, too, are given exactly once', async () => {
  const hook: Hook = {
    name: 'h',
    onNodeComplete: async (_, { nodeId }) => (
      await Promise.resolve(),
      [emitEvent('of', nodeId), setPriority('nobody', 1)]
    ),
  };
  await everywhere(
    () => [hook],
    (events, where) => {
      assert.equal(
        events.flatMap((event) => (event.type === 'CustomEmitted' ? [event.payload] : [])),
        ['a', 'b', 'c'],
        where,
      );
      assert.is(events.filter(({ type }) => type === 'CommandRefused').length, 3, where);
    },
  );
});

test('an answer that is in the log resolves with what was logged', async () => {
  const told: unknown[] = [];
  const asking = (event: ExecutionEvent, ctx: HookContext): void => {
    if (event.type !== 'NodeSucceeded' || event.nodeId !== 'a') return;
    void ctx.dispatch(emitEvent('e', 1)).then((answer) => told.push(answer));
    void ctx.dispatch(setPriority('nobody', 1)).then((answer) => told.push(answer._tag));
  };
  const hook: HookOperator = Object.assign(
    (event$: Parameters<HookOperator>[0], ctx: HookContext) =>
      event$.pipe(
        tap((event) => asking(event, ctx)),
        mergeMap(() => EMPTY),
      ),
    {
      hookName: 'asker',
    },
  );
  const { trial, store, after } = doomed(nodes, { does, executor: { hooks: [hook] } });
  await trial.end();
  const seq = trial.log.ofType('CustomEmitted')[0]!.seq;
  const before = told.splice(0);
  const { events } = await (
    await resume(await after(store.appends.length - 1), { does, executor: { hooks: [hook] } })
  ).end();
  assert.equal((told[0] as { right: { seq: number } }).right.seq, seq);
  assert.is(told[1], 'Left');
  assert.is(told.length, before.length);
  assert.is(events.filter(({ type }) => type === 'CustomEmitted').length, 1);
});

test('an answer that differs from the one in the log is a hook that has diverged', async () => {
  const hook = (payload: number): HookOperator =>
    Object.assign(
      (event$: Parameters<HookOperator>[0]) =>
        event$.pipe(
          ofType('NodeSucceeded'),
          filter(({ nodeId }) => nodeId === 'a'),
          map(() => emitEvent('n', payload)),
        ),
      {
        hookName: 'fickle',
      },
    );
  const { trial, store, after } = doomed(nodes, { does, executor: { hooks: [hook(1)] } });
  await trial.end();
  const { report, events } = await (
    await resume(await after(store.appends.length - 1), { does, executor: { hooks: [hook(2)] } })
  ).end();
  assert.is(report.hookFailures.length, 1);
  assert.match(report.hookFailures[0]!.error.message, /diverged/);
  assert.equal(
    events.flatMap((event) => (event.type === 'CustomEmitted' ? [event.payload] : [])),
    [1],
  );
});

test('calls no action for what is replayed', async () => {
  const { trial, store, after } = doomed(nodes, { does });
  await trial.end();
  let calls = 0;
  await (await resume(await after(store.appends.length - 1), { does: { '*': () => calls++ } })).end();
  assert.is(calls, 0);
});

test('what was interrupted is called once more, and not twice', async () => {
  const slow: Plot['does'] = { '*': ({ nodeId }) => timer(5).pipe(map(() => nodeId)) };
  const { trial, store, after } = doomed(nodes, { does: slow });
  await trial.end();
  for (let instant = 1; instant < store.appends.length; instant++) {
    const called: string[] = [];
    const left = await after(instant);
    const noted: Plot['does'] = { '*': (ctx) => (called.push(ctx.nodeId), timer(5).pipe(map(() => ctx.nodeId))) };
    const { events } = await (await resume(left, { does: noted })).end();
    const begun = events.slice(left.events.length).filter(({ type }) => type === 'NodeStarted');
    assert.is(called.length, begun.length, `after append ${instant}: ${called.join(' ')}`);
  }
});

test('a hook that is new is shown the history if it is an operator, and all that is new in any case', async () => {
  const { trial, store, after } = doomed(nodes, { does });
  await trial.pass();
  const left = await after(Math.max(1, store.appends.length - 2));
  let operator = 0;
  const fresh: Hook = (event$) =>
    event$.pipe(
      tap(() => operator++),
      mergeMap(() => EMPTY),
    );
  const { events } = await (await resume(left, { does }, { hooks: [fresh] })).end();
  assert.is(operator, events.length);
});

test.run();
