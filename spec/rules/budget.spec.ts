import { delay, filter, map, mergeMap, of, repeat, tap } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  addNode,
  emitEvent,
  ofType,
  setPriority,
  updateMetrics,
  type Hook,
  type HookOperator,
} from '../../lib/index.js';
import { labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Budget');

const many = (n: number, name = 'n'): ReturnType<typeof emitEvent>[] =>
  Array.from({ length: n }, (_, i) => emitEvent(name, i));

/** Answers its own events, `times` times after the first. */
const chain =
  (times: number): HookOperator =>
  (event$) =>
    event$.pipe(
      filter(
        (event) => event.type === 'RunStarted' || (event.type === 'CustomEmitted' && (event.payload as number) < times),
      ),
      map((event) => emitEvent('n', event.type === 'CustomEmitted' ? (event.payload as number) + 1 : 1)),
    );

test('cuts a hook off that gives more commands in answer to one event than commandBudget; the run goes on', async (lab) => {
  const { report, log } = await lab.finish(['a', 'b: a'], {
    hooks: [{ name: 'flood', onStart: () => many(11), onNodeComplete: () => emitEvent('after', 1) }],
    config: { commandBudget: 10 },
  });
  assert.ok(report.success);
  assert.is(log.ofType('CustomEmitted').length, 10);
  assert.is(log.ofType('HookFailed').length, 1);
  assert.is(log.ofType('HookFailed')[0]!.hook, 'flood');
  assert.match(report.hookFailures[0]!.error.message, /commandBudget|budget/i);
});

test('leaves alone a hook that just keeps to it', async (lab) => {
  const { report, log } = await lab.finish(['a'], {
    hooks: [{ name: 'h', onStart: () => many(10) }],
    config: { commandBudget: 10 },
  });
  assert.equal(report.hookFailures, []);
  assert.is(log.ofType('CustomEmitted').length, 10);
});

test('counts what descends from one event, however many commands lie between', async (lab) => {
  const short = await lab.finish(['a'], { hooks: [chain(9)], config: { commandBudget: 10 } });
  assert.equal(short.report.hookFailures, []);
  assert.is(short.log.ofType('CustomEmitted').length, 9);
  const long = await lab.finish(['a'], { hooks: [chain(1_000)], config: { commandBudget: 10 } });
  assert.is(long.log.ofType('CustomEmitted').length, 10);
  assert.is(long.report.hookFailures.length, 1);
});

test('takes each outcome of a node as a new root', async (lab) => {
  const nodes = Array.from({ length: 12 }, (_, i) => (i === 0 ? 'n0' : `n${i}: n${i - 1}`));
  const { report, log } = await lab.finish(nodes, {
    hooks: [{ name: 'h', onNodeComplete: () => many(8) }],
    config: { commandBudget: 10 },
  });
  assert.equal(report.hookFailures, []);
  assert.is(log.ofType('CustomEmitted').length, 96);
});

test('takes the outcome of a node that a hook has added as a new root', async (lab) => {
  let left = 20;
  const { report } = await lab.finish(['a'], {
    hooks: [{ name: 'h', onNodeComplete: (_, { nodeId }) => (left-- > 0 ? addNode(node(`${nodeId}a`)) : undefined) }],
    config: { commandBudget: 3 },
  });
  assert.equal(report.hookFailures, []);
  assert.is(report.nodeOutcomes.length, 21);
});

test('takes each command from outside as a new root', async (lab) => {
  const trial = lab.start(['a'], {
    does: { a: 50 },
    hooks: [
      (event$) =>
        event$.pipe(
          ofType('CustomEmitted'),
          filter(({ name }) => name === 'ask'),
          mergeMap(() => many(8)),
        ),
    ],
    config: { commandBudget: 10 },
  });
  await trial.pass(1);
  for (let i = 0; i < 5; i++) await trial.grant(emitEvent('ask', i));
  assert.equal((await trial.end()).hookFailures, []);
  assert.is(trial.log.ofType('CustomEmitted').length, 45);
});

test('counts for each hook by itself', async (lab) => {
  const hook = (name: string): Hook => ({ name, onStart: () => many(8, name) });
  const { report, log } = await lab.finish(['a'], {
    hooks: [hook('p'), hook('q'), hook('r')],
    config: { commandBudget: 10 },
  });
  assert.equal(report.hookFailures, []);
  assert.is(log.ofType('CustomEmitted').length, 24);
});

test('counts refused commands as well', async (lab) => {
  const { report, log } = await lab.finish(['a'], {
    hooks: [{ name: 'h', onStart: () => Array.from({ length: 11 }, () => setPriority('nobody', 1)) }],
    config: { commandBudget: 10 },
  });
  assert.is(log.ofType('CommandRefused').length, 10);
  assert.is(report.hookFailures.length, 1);
});

test('counts within 60 s: what goes on slowly for ever is not cut off', async (lab) => {
  const trial = lab.start(['a'], {
    does: { a: 600_000 },
    hooks: [
      (event$, ctx) =>
        event$.pipe(
          ofType('NodeStarted'),
          mergeMap(() => ctx.track(of(0).pipe(delay(10_000, lab.time), repeat(50)), { timeoutMs: Infinity })),
          map((_, i) => updateMetrics({ i: i + 1 })),
        ),
    ],
    config: { commandBudget: 10 },
  });
  const report = await trial.end();
  assert.equal(report.hookFailures, []);
  assert.is(trial.log.ofType('MetricsUpdated').length, 50);
});

test('takes the last event delivered to a hook as the cause of what it asks later, untracked', async (lab) => {
  const { log } = await lab.finish(['a', 'b', 'c'], {
    does: { a: 1, b: 5, c: 30 },
    hooks: [
      (event$) =>
        event$.pipe(
          ofType('RunStarted'),
          delay(10, lab.time),
          map(() => emitEvent('later', 1)),
        ),
    ],
  });
  const [custom] = log.ofType('CustomEmitted');
  const b = log.ofType('NodeSucceeded').find(({ nodeId }) => nodeId === 'b')!;
  assert.is(custom!.at, log.events[0]!.at + 10);
  assert.is(custom!.cause, b.seq);
});

test('names by, cause and nth in whatever a hook has caused', async (lab) => {
  const { log } = await lab.finish(['a'], {
    hooks: [
      {
        name: 'h',
        onNodeComplete: (ctx, { nodeId }) => {
          void ctx.dispatch(emitEvent('first', 1));
          return nodeId === 'a' ? [emitEvent('second', 1), addNode(node('b'))] : undefined;
        },
      },
    ],
  });
  const [done] = log.ofType('NodeSucceeded');
  const caused = log.events.filter(({ by, cause }) => by === 'h' && cause === done!.seq);
  assert.equal(
    caused.map(({ type, nth }) => [type, nth]),
    [
      ['CustomEmitted', 1],
      ['CustomEmitted', 2],
      ['NodeAdded', 3],
    ],
  );
});

test('takes no more from a hook that was cut off, and shows it no more', async (lab) => {
  let shown = 0;
  let answer: unknown;
  await lab.finish(['a', 'b: a', 'c: b'], {
    hooks: [
      (event$, ctx) =>
        event$.pipe(
          tap(() => shown++),
          mergeMap((event) => {
            if (event.type === 'NodeStarted') void ctx.dispatch(emitEvent('x', 1)).then((a) => (answer = a));
            return many(event.type === 'RunStarted' ? 5 : 0);
          }),
        ),
    ],
    config: { commandBudget: 4 },
  });
  assert.is(shown, 1);
  assert.is(answer, undefined);
});

test.run();
