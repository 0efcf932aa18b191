import { EMPTY, mergeMap, of } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  Cache,
  addNode,
  emitEvent,
  ofType,
  setPriority,
  type Answer,
  type HookContext,
  type HookOperator,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Hooks');

test('are told where they are', async (lab) => {
  let seen: HookContext | undefined;
  const cache = new Cache();
  const { run } = await lab.finish(['a'], {
    runId: 'r',
    name: 'Dag',
    appData: 7,
    cache,
    hooks: [{ name: 'h', onStart: (ctx) => void (seen = ctx) }],
  });
  assert.equal([seen!.runId, seen!.dagName, seen!.appData, seen!.replaying], ['r', 'Dag', 7, false]);
  assert.is(seen!.cache, cache);
  assert.is(seen!.snapshot().seq, run.snapshot.seq);
  assert.equal(seen!.metrics, run.snapshot.metrics);
});

test('by methods are called at their events, with them', async (lab) => {
  const calls: string[] = [];
  const say =
    (method: string) =>
    (_: HookContext, what?: unknown): void =>
      void calls.push(
        `${method} ${typeof what === 'object' ? (what as { nodeId: string }).nodeId : (what as boolean)}`,
      );
  const hook: SupervisorHookV2 = {
    name: 'h',
    onStart: say('onStart'),
    onResume: say('onResume'),
    onNodeStart: say('onNodeStart'),
    onNodeComplete: say('onNodeComplete'),
    onNodeFailed: say('onNodeFailed'),
    onComplete: say('onComplete'),
  };
  await lab.finish([node('a'), node('bad: a', { tryCount: 2, retry: { type: 'Immediate' } })], {
    does: { bad: fail() },
    hooks: [hook],
  });
  assert.equal(calls, [
    'onStart undefined',
    'onNodeStart a',
    'onNodeComplete a',
    'onNodeStart bad',
    'onNodeStart bad',
    'onNodeFailed bad',
    'onComplete false',
  ]);
});

test('may use this in their methods', async (lab) => {
  class Counter implements SupervisorHookV2 {
    readonly name = 'counter';
    seen = 0;
    onNodeComplete(): void {
      this.seen++;
    }
    beforeNodeStart(): void {
      this.seen += 10;
    }
  }
  const counter = new Counter();
  await lab.finish(['a', 'b'], { hooks: [counter] });
  assert.is(counter.seen, 22);
});

/** Answers that ask for node x, in every form that an answer may have. */
const answers: Readonly<Record<string, () => Answer>> = {
  'a command': () => addNode(node('x')),
  'several commands': () => [addNode(node('x')), emitEvent('e', 1)],
  'a Promise of a command': () => Promise.resolve(addNode(node('x'))),
  'a Promise of several': () => Promise.resolve([addNode(node('x')), emitEvent('e', 1)]),
  'a thenable': () => ({ then: (done: (value: never) => void) => done(addNode(node('x')) as never) }) as never,
  'an Observable': () => of(addNode(node('x')), emitEvent('e', 1)),
  'an async iterable': () =>
    (async function* () {
      yield addNode(node('x'));
      yield emitEvent('e', 1);
    })(),
};

for (const [form, answer] of Object.entries(answers))
  test(`may answer with ${form}`, async (lab) => {
    const { run, report } = await lab.finish(['a'], {
      hooks: [{ name: 'h', onNodeComplete: (_, { nodeId }): Answer => (nodeId === 'a' ? answer() : undefined) }],
    });
    assert.is(run.snapshot.node('x')?.status, 'succeeded');
    assert.equal(report.hookFailures, []);
    assert.equal(report.refusedCommands, []);
  });

const silent: Readonly<Record<string, () => Answer>> = {
  nothing: () => undefined,
  null: () => null as never,
  'an empty list': () => [],
  'a Promise of nothing': () => Promise.resolve(),
  'an empty Observable': () => EMPTY,
};

for (const [what, answer] of Object.entries(silent))
  test(`may answer with ${what}, which asks for nothing`, async (lab) => {
    const { report, events } = await lab.finish(['a'], { hooks: [{ name: 'h', onNodeComplete: answer }] });
    assert.equal(report.hookFailures, []);
    assert.is(events.length, 5);
  });

test('have unique, stable names: hook#i where they have none', async (lab) => {
  const ask = (): ReturnType<typeof emitEvent> => emitEvent('e', 1);
  const operator: HookOperator = (event$) =>
    event$.pipe(
      ofType('RunStarted'),
      mergeMap(() => of(ask())),
    );
  const named: HookOperator = Object.assign<HookOperator, object>((event$, ctx) => operator(event$, ctx), {
    hookName: 'operator',
  });
  const { log } = await lab.finish(['a'], {
    hooks: [
      operator,
      { name: 'mine', onStart: ask },
      { name: 'mine', onStart: ask },
      named,
      { name: '', onStart: ask },
    ],
  });
  const names = log.ofType('CustomEmitted').map(({ by }) => by);
  assert.is(new Set(names).size, 5);
  assert.equal([names[0], names[1], names[3]], ['hook#0', 'mine', 'operator']);
});

test('add nodes by nodeAdder, which answers with the id or with why not', async (lab) => {
  const told: unknown[] = [];
  const trial = lab.start(['a'], {
    hooks: [
      {
        name: 'h',
        onNodeComplete: async (ctx, { nodeId }) => {
          if (nodeId !== 'a') return;
          told.push(await ctx.nodeAdder.addNode('test', node('x'))());
          told.push(await ctx.nodeAdder.addNode('test', { action: 'work' })());
          for (const spec of [node('x'), node('y: nobody')])
            told.push((await ctx.nodeAdder.addNode('test', spec)())._tag);
          told.push((await ctx.nodeAdder.addNode('other', node('z'))())._tag);
        },
      },
    ],
  });
  await trial.end();
  assert.equal(told, [{ _tag: 'Right', right: 'x' }, { _tag: 'Right', right: 'work_1' }, 'Left', 'Left', 'Left']);
  assert.equal(
    trial.log.ofType('NodeAdded').map(({ by }) => by),
    ['h', 'h'],
  );
});

test('ask by dispatch as well, and are told what became of it', async (lab) => {
  const told: unknown[] = [];
  const { log } = await lab.finish(['a'], {
    hooks: [
      {
        name: 'h',
        onNodeComplete: async (ctx) => {
          told.push((await ctx.dispatch(emitEvent('e', 1)))._tag, (await ctx.dispatch(setPriority('nobody', 1)))._tag);
        },
      },
    ],
  });
  assert.equal(told, ['Right', 'Left']);
  assert.is(log.ofType('CustomEmitted')[0]!.by, 'h');
});

test('may keep their context: after the end its commands are refused', async (lab) => {
  let kept: HookContext | undefined;
  const { run } = await lab.finish(['a'], { hooks: [{ name: 'h', onStart: (ctx) => void (kept = ctx) }] });
  assert.is((await kept!.dispatch(emitEvent('late', 1)))._tag, 'Left');
  assert.is((await kept!.nodeAdder.addNode('test', node('x'))())._tag, 'Left');
  assert.is(kept!.snapshot().seq, run.snapshot.seq);
});

test('read the log by eventsFrom', async (lab) => {
  const seen: number[] = [];
  const { events } = await lab.finish(['a', 'b: a'], {
    hooks: [
      {
        name: 'h',
        onNodeComplete: (ctx, { nodeId }) =>
          void (nodeId === 'b' && ctx.eventsFrom(2).subscribe(({ seq }) => seen.push(seq))),
      },
    ],
  });
  assert.equal(
    seen,
    events.slice(1).map(({ seq }) => seq),
  );
});

test('share the cache of the run with its actions', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a'], {
    does: { a: () => ({ n: 1 }), b: ({ cache }) => cache.getGlobalValue('test', 'seen') },
    hooks: [
      {
        name: 'h',
        onNodeComplete: (ctx, { nodeId }) =>
          void (nodeId === 'a' && ctx.cache.insertGlobalValue('test', 'seen', ctx.cache.getInput('a', 'n'))),
      },
    ],
  });
  assert.is(report.outputs['b'], 1);
});

test.run();
