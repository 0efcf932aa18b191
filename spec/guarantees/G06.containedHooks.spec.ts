import { EMPTY, NEVER, Observable, map, mergeMap, of, throwError } from 'rxjs';
import * as assert from 'uvu/assert';
import { action, emitEvent, ofType, type ExecutionEvent, type Hook, type SupervisorHookV2 } from '../../lib/index.js';
import { labSuite, type Lab } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite("G6 A hook can't hurt the run");

const boom = (): never => {
  throw new Error('boom');
};

/** Hooks that fail, each in its own way; all of them named `bad`. */
const failing: Readonly<Record<string, (lab: Lab) => Hook>> = {
  'an operator that throws when it is called': () => named(boom),
  'an operator that throws in next': () => named((event$) => event$.pipe(map(boom))),
  'an operator that errors': () => named((event$) => event$.pipe(mergeMap(() => throwError(() => new Error('boom'))))),
  'an operator that gives no Observable': () => named((() => 42) as never),
  'an operator that errors with nothing': () => named(() => throwError(() => undefined)),
  'onStart that throws': () => method({ onStart: boom }),
  'onEvent that throws': () => method({ onEvent: boom }),
  'onNodeStart that throws': () => method({ onNodeStart: boom }),
  'onNodeComplete that throws': () => method({ onNodeComplete: boom }),
  'onComplete that throws': () => method({ onComplete: boom }),
  'a Promise that rejects': () => method({ onNodeComplete: () => Promise.reject(new Error('boom')) }),
  'a Promise that rejects late': (lab) => method({ onNodeComplete: () => lab.after(3, boom) }),
  'an Observable that errors': () => method({ onNodeComplete: () => throwError(() => new Error('boom')) }),
  'an iterable that throws': () =>
    method({
      // oxlint-disable-next-line require-yield -- it has nothing to say
      onNodeComplete: async function* () {
        boom();
      },
    }),
  'an answer that is no command': () => method({ onNodeComplete: () => 42 as never }),
  'an answer that holds no commands': () => method({ onNodeComplete: () => [emitEvent('x', 1), 'y'] as never }),
  'an Observable of what is no command': () => method({ onNodeComplete: () => of(42) as never }),
  'a thenable whose then throws': () => method({ onNodeComplete: () => ({ then: boom }) as never }),
  'an object whose getters throw': () =>
    method({ onNodeComplete: () => Object.defineProperty({}, 'type', { get: boom }) as never }),
  'a Promise that never settles': () => method({ onNodeComplete: () => new Promise(() => undefined) }),
  'an Observable that never ends': () => method({ onNodeComplete: () => NEVER }),
};

const named = (operator: (event$: Observable<ExecutionEvent>) => Observable<never>): Hook =>
  Object.assign((event$: Observable<ExecutionEvent>) => operator(event$), { hookName: 'bad' });
const method = (methods: Omit<SupervisorHookV2, 'name'>): Hook => ({ ...methods, name: 'bad' });

for (const [how, hook] of Object.entries(failing))
  test(`contains ${how}`, async (lab) => {
    const seen: ExecutionEvent[] = [];
    const { report, log, events } = await lab.finish(['a', 'b: a'], {
      does: { '*': 1 },
      hooks: [hook(lab), { name: 'good', onEvent: (_, event) => void seen.push(event) }],
    });
    assert.ok(report.success);
    assert.equal(seen, events, 'the other hook is not shown everything');
    const said = log.ofType('HookFailed').length + log.ofType('CommandRefused').length;
    assert.ok(said > 0, 'nothing tells of the failure');
    for (const failure of report.hookFailures) assert.is(failure.hook, 'bad');
    for (const { seq, cause } of log.ofType('HookFailed')) assert.ok(cause === undefined || (cause > 0 && cause < seq));
    assert.is(report.hookFailures.length, log.ofType('HookFailed').length);
  });

test("fails the run on a hook's failure where the policy says so", async (lab) => {
  const { report, statuses, log } = await lab.finish(['a', 'b', 'c: b'], {
    does: { a: 1, b: 5 },
    hooks: [failing['onNodeComplete that throws']!(lab)],
    config: { onHookError: 'failRun' },
  });
  assert.is(report.status, 'failed');
  assert.not(report.success);
  assert.is(statuses, 'a succeeded, b cancelled, c cancelled');
  assert.is(log.ofType('RunCancelling')[0]!.origin, 'policy');
  assert.match(report.error ?? '', 'boom');
});

test('cuts off a hook that floods', async (lab) => {
  const flood = Array.from({ length: 300 }, (_, i) => emitEvent('n', i));
  for (const hook of [
    named(() => of(...flood) as never),
    method({ onStart: () => flood }),
    method({ onStart: () => of(...flood) }),
  ]) {
    const { report, log } = await lab.finish(['a', 'b: a'], { hooks: [hook], config: { commandBudget: 100 } });
    assert.ok(report.success);
    assert.is(log.ofType('CustomEmitted').length, 100);
    assert.is(report.hookFailures.length, 1);
  }
});

/** Never ends while somebody listens, but gives up after many more commands than are allowed, so that the test ends. */
const endless = (count: { pulled: number }): Observable<never> =>
  new Observable((subscriber) => {
    while (!subscriber.closed && count.pulled < 50_000) {
      count.pulled++;
      subscriber.next(emitEvent('n', 1) as never);
    }
  });

test('cuts off a hook that floods without end, in one turn', async (lab) => {
  for (const [when, hookOf] of Object.entries({
    'when it is connected': (flood: Observable<never>) => named(() => flood),
    'at an event': (flood: Observable<never>) =>
      named((event$) =>
        event$.pipe(
          ofType('NodeSucceeded'),
          mergeMap(() => flood),
        ),
      ),
    'as an answer': (flood: Observable<never>) => method({ onNodeComplete: () => flood }),
  })) {
    const count = { pulled: 0 };
    const { report } = await lab.finish(['a'], { hooks: [hookOf(endless(count))], config: { commandBudget: 100 } });
    assert.ok(report.success);
    assert.ok(count.pulled < 1_000, `${when}: pulled ${count.pulled} times`);
    assert.is(report.hookFailures.length, 1, when);
  }
});

test('cuts off hooks that loop by answering themselves or each other', async (lab) => {
  const loop = (mine: string, theirs: string): Hook => ({
    name: mine,
    onEvent: (_, event) =>
      event.type === 'RunStarted' || (event.type === 'CustomEmitted' && event.name === theirs)
        ? emitEvent(mine, null)
        : undefined,
  });
  for (const hooks of [[loop('a', 'a')], [loop('a', 'b'), loop('b', 'a')]]) {
    const { report, log } = await lab.finish(['a', 'b: a'], { hooks, config: { commandBudget: 50 } });
    assert.ok(report.success);
    assert.ok(log.ofType('CustomEmitted').length <= 50 * hooks.length);
    assert.ok(report.hookFailures.length > 0);
  }
});

test('never lets a hook change what others see', async (lab) => {
  const vandal: Hook = {
    name: 'vandal',
    onEvent: (ctx, event) => {
      for (const thing of [event, ctx, ctx.snapshot().node('a') ?? {}, ctx.metrics])
        for (const key of Object.keys(thing))
          try {
            (thing as Record<string, unknown>)[key] = 'spoilt';
          } catch {
            // It is frozen.
          }
      const output = event.type === 'NodeSucceeded' ? (event.output as { list: number[] }) : undefined;
      assert.throws(() => output?.list.push(4) ?? boom());
    },
  };
  const { report, log } = await lab.finish(['a', 'b: a'], { does: { a: () => ({ list: [1] }) }, hooks: [vandal] });
  assert.equal(report.outputs['a'], { list: [1] });
  assert.is(report.status, 'succeeded');
  assert.is(log.ofType('HookFailed').length, 0);
});

test('starts no new node while a hook owes more answers than hookBacklog, so memory stays bounded', async (lab) => {
  let owed = 0;
  let most = 0;
  const slow: Hook = {
    name: 'slow',
    observe: true,
    onNodeComplete: async () => {
      most = Math.max(most, ++owed);
      await lab.after(10);
      owed--;
    },
  };
  const nodes = Array.from({ length: 50 }, (_, i) => `n${i}`);
  const { report } = await lab.finish(nodes, { hooks: [slow], config: { hookBacklog: 4, maxParallelNodes: 3 } });
  assert.ok(report.success);
  assert.ok(most <= 4 + 3, `${most} answers were owed at once`);
  assert.ok(report.durationMs >= 70, `it took ${report.durationMs} ms`);
});

test('leaves a run alone whose hook completes, or never says a word', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a'], { hooks: [() => EMPTY, () => NEVER, { name: 'mute' }] });
  assert.ok(report.success);
  assert.equal(report.hookFailures, []);
});

test("does not let one run's failing hook touch another run", async (lab) => {
  const executor = lab.executor({ does: { '*': 1 } });
  const graph = { name: 'g', nodes: [node('a'), node('b: a')] };
  const bad = executor.start(graph, { hooks: [failing['onEvent that throws']!(lab)] });
  const good = executor.start(graph);
  assert.is((await lab.time.until(bad)).hookFailures.length, 3);
  assert.equal((await lab.time.until(good)).hookFailures, []);
});

test('contains a hook whose methods are there but are no functions', async (lab) => {
  const { report } = await lab.finish(['a'], {
    hooks: [{ name: 'odd', onNodeComplete: 'yes' } as never],
    actions: [action('x', () => 1)],
  });
  assert.ok(report.success);
});

test.run();
