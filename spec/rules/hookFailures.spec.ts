import { config, map, take } from 'rxjs';
import * as assert from 'uvu/assert';
import { emitEvent, ofType, pauseBranch, type Hook, type SupervisorHookV2 } from '../../lib/index.js';
import { labSuite } from '../support/executor.js';

const test = labSuite('Hook work: failures');

const method = (methods: Omit<SupervisorHookV2, 'name'>): Hook => ({ ...methods, name: 'h' });

test('disables a method hook at the third failure in a row', async (lab) => {
  let calls = 0;
  const { report } = await lab.finish(['a', 'b', 'c', 'd', 'e'], {
    hooks: [
      method({
        onNodeComplete: () => {
          calls++;
          throw new Error('no');
        },
      }),
    ],
    config: { maxParallelNodes: 1 },
  });
  assert.is(calls, 3);
  assert.is(report.hookFailures.length, 3);
  assert.match(report.hookFailures[2]!.error.message, /disabled/);
  assert.ok(report.success);
});

test('counts failures anew after each success', async (lab) => {
  let calls = 0;
  const { report } = await lab.finish(
    Array.from({ length: 9 }, (_, i) => `n${i}`),
    {
      hooks: [
        method({
          onNodeComplete: () => {
            if (++calls % 3 !== 0) throw new Error('no');
          },
        }),
      ],
      config: { maxParallelNodes: 1 },
    },
  );
  assert.is(calls, 9);
  assert.is(report.hookFailures.length, 6);
});

test('finishes an operator that errors, and says so once', async (lab) => {
  let calls = 0;
  const { report } = await lab.finish(['a', 'b', 'c'], {
    hooks: [
      (event$) =>
        event$.pipe(
          ofType('NodeSucceeded'),
          map(() => {
            calls++;
            throw new Error('no');
          }),
        ),
    ],
  });
  assert.is(calls, 1);
  assert.is(report.hookFailures.length, 1);
});

test('takes an operator that completes as done answering', async (lab) => {
  const { report, log } = await lab.finish(['a', 'b', 'c'], {
    hooks: [
      (event$) =>
        event$.pipe(
          ofType('NodeSucceeded'),
          map(({ nodeId }) => emitEvent('done', nodeId)),
          take(1),
        ),
    ],
  });
  assert.equal(report.hookFailures, []);
  assert.is(log.ofType('CustomEmitted').length, 1);
  assert.ok(report.success);
});

test("leaves an error in a subscription of the hook's own to RxJS", async (lab) => {
  const unhandled: unknown[] = [];
  config.onUnhandledError = (error) => unhandled.push(error);
  const { report } = await lab.finish(['a'], {
    hooks: [
      (event$) => {
        event$.pipe(ofType('NodeSucceeded')).subscribe(() => {
          throw new Error('mine');
        });
        return event$.pipe(
          ofType('NodeFailed'),
          map(() => pauseBranch('a')),
        );
      },
    ],
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  config.onUnhandledError = null;
  assert.ok(report.success);
  assert.equal(report.hookFailures, []);
  assert.is((unhandled[0] as Error).message, 'mine');
});

test.run();
