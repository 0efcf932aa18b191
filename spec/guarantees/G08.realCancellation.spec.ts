import { NEVER, Observable } from 'rxjs';
import * as assert from 'uvu/assert';
import { cancelBranch, cancelRun, emitEvent, type NodeContext } from '../../lib/index.js';
import { labSuite, specs, type Deed } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('G8 Cancellation is real');

/** An action that ends only when it is told to stop, and then only after a while. */
const stubborn =
  (after: (ms: number) => Promise<unknown>, ms: number, heard: (ctx: NodeContext) => void = () => undefined): Deed =>
  (ctx) =>
    new Promise((resolve) => {
      ctx.signal.addEventListener('abort', () => {
        heard(ctx);
        void after(ms).then(resolve);
      });
    });

test('is an event first, then aborts the signal of every running action', async (lab) => {
  const heard: string[] = [];
  const trial = lab.start(['a', 'b', 'c', 'd: a'], {
    does: {
      '*': stubborn(lab.after.bind(lab), 5, ({ nodeId }) => heard.push(`${nodeId} after ${trial.events.at(-1)!.type}`)),
    },
    config: { maxParallelNodes: 2 },
  });
  await trial.pass(1);
  await trial.grant(cancelRun('enough'));
  const first = trial.events.findIndex(({ type }) => type === 'RunCancelling');
  assert.ok(first > 0);
  assert.is(heard.length, 2);
  assert.equal(heard, ['a after NodeCancelled', 'b after NodeCancelled']);
  const report = await trial.end();
  assert.is(report.status, 'cancelled');
  assert.is(trial.statuses, 'a cancelled, b cancelled, c cancelled, d cancelled');
});

test('aborts with a reason that names the cancellation', async (lab) => {
  let reason: unknown;
  const trial = lab.start(['a'], {
    does: { a: stubborn(lab.after.bind(lab), 1, ({ signal }) => (reason = signal.reason)) },
  });
  await trial.pass(1);
  await trial.cancel();
  assert.is((reason as Error).name, 'AbortError');
});

test('cancels a branch alone', async (lab) => {
  const aborted: string[] = [];
  const trial = lab.start(['a', 'b', 'c: a', 'd: b'], {
    does: {
      '*': ({ signal, nodeId }) => {
        signal.addEventListener('abort', () => aborted.push(nodeId));
        return lab.after(5, nodeId);
      },
    },
  });
  await trial.pass(1);
  await trial.grant(cancelBranch('a', 'wrong way'));
  const report = await trial.end();
  assert.equal(aborted, ['a']);
  assert.is(trial.statuses, 'a cancelled, b succeeded, c cancelled, d succeeded');
  assert.is(report.status, 'failed');
  const types = trial.events.map(({ type }) => type);
  assert.ok(types.indexOf('BranchCancelled') < types.indexOf('NodeCancelled'));
});

test('cancels a cold run when it is unsubscribed', async (lab) => {
  let aborted = false;
  const executor = lab.executor({ does: { a: stubborn(lab.after.bind(lab), 1, () => (aborted = true)) } });
  const subscription = executor.execute$({ name: 'g', nodes: specs(['a']) }).subscribe(() => assert.unreachable());
  await lab.pass(5);
  subscription.unsubscribe();
  await lab.pass(5);
  assert.ok(aborted);
});

test('cancels at the deadline', async (lab) => {
  let aborted = false;
  const { report, log } = await lab.finish(['a', 'b: a'], {
    does: { a: stubborn(lab.after.bind(lab), 1, () => (aborted = true)) },
    config: { timeoutMs: 50 },
  });
  assert.ok(aborted);
  assert.is(report.status, 'failed');
  assert.is(log.ofType('RunCancelling')[0]!.origin, 'deadline');
  assert.is(report.durationMs, 51);
});

test('cancels when the signal of the run is aborted, also if it was from the start', async (lab) => {
  const controller = new AbortController();
  const trial = lab.start(['a'], { does: { a: () => NEVER }, signal: controller.signal });
  await trial.pass(5);
  controller.abort();
  assert.is((await trial.end()).status, 'cancelled');
  const { report, log } = await lab.finish(['a'], { signal: AbortSignal.abort() });
  assert.is(report.status, 'cancelled');
  assert.equal(log.started, []);
});

test('settles only after every running action has ended', async (lab) => {
  const ended: string[] = [];
  const trial = lab.start(['a', 'b'], {
    does: {
      a: stubborn((ms) => lab.after(ms, () => ended.push('a')), 20),
      b: stubborn((ms) => lab.after(ms, () => ended.push('b')), 40),
    },
  });
  await trial.pass(1);
  await trial.grant(cancelRun());
  await trial.pass(30);
  assert.is(trial.run.snapshot.status, 'cancelling');
  assert.is(trial.statuses, 'a cancelled, b running');
  const report = await trial.end();
  assert.equal(ended, ['a', 'b']);
  assert.is(report.durationMs, 41);
  assert.ok(trial.log.ofType('NodeCancelled').every(({ abandoned }) => !abandoned));
});

test('gives an action up when the grace time has run out, and says so', async (lab) => {
  const trial = lab.start(['deaf', 'b'], {
    does: { deaf: () => lab.after(1_000), b: stubborn(lab.after.bind(lab), 5) },
    config: { graceMs: 100 },
  });
  await trial.pass(1);
  const report = await trial.cancel();
  assert.is(report.durationMs, 101);
  assert.equal(
    trial.log.ofType('NodeCancelled').map(({ nodeId, abandoned }) => [nodeId, abandoned]),
    [
      ['b', false],
      ['deaf', true],
    ],
  );
  await lab.pass(2_000);
  assert.is(trial.events.at(-1)!.type, 'RunSettled', 'what an abandoned action gives comes too late');
});

test('tells of an action that is given up as such, also when it had run into its timeout before', async (lab) => {
  const trial = lab.start([node('deaf', { timeoutMs: 5 })], {
    does: { deaf: () => lab.after(1_000) },
    config: { graceMs: 100 },
  });
  await trial.pass(10); // its signal is aborted, its grace time runs
  await trial.cancel();
  assert.equal(
    trial.log.ofType('NodeCancelled').map(({ nodeId, abandoned }) => [nodeId, abandoned]),
    [['deaf', true]],
  );
});

test('lets the late failure of an abandoned action do no harm', async (lab) => {
  const trial = lab.start(['deaf'], {
    does: { deaf: () => lab.after(500, () => Promise.reject(new Error('too late'))) },
    config: { graceMs: 0 },
  });
  await trial.pass(1);
  await trial.cancel();
  await lab.pass(1_000);
  assert.is(trial.run.snapshot.node('deaf')!.error, undefined);
});

test('unsubscribes from an Observable, which ends at once', async (lab) => {
  let torn = 0;
  const trial = lab.start(['a'], { does: { a: () => new Observable(() => () => torn++) } });
  await trial.pass(1);
  const report = await trial.cancel();
  assert.is(torn, 1);
  assert.is(report.durationMs, 1);
  assert.not(trial.log.ofType('NodeCancelled')[0]!.abandoned);
});

test('returns an async iterable, and waits for its finally block', async (lab) => {
  const said: string[] = [];
  const trial = lab.start(['a'], {
    does: {
      a: async function* ({ signal }: NodeContext) {
        try {
          for (let i = 0; !signal.aborted; i++) {
            yield i;
            await lab.after(10);
          }
        } finally {
          await lab.after(7);
          said.push(`tidy, ${trial.run.snapshot.status}`);
        }
      },
    },
  });
  await trial.pass(15);
  await trial.cancel();
  assert.equal(said, ['tidy, cancelling']);
});

test('calls no action that has not started', async (lab) => {
  const called: string[] = [];
  const trial = lab.start(
    [
      'a',
      'b: a',
      node('c', { tryCount: 3, retry: { type: 'Linear', delayMs: 500 } }),
      { id: 'd', action: 'human.input' },
    ],
    {
      does: {
        '*': ({ nodeId }) => {
          called.push(nodeId);
          return nodeId === 'c' ? Promise.reject(new Error('no')) : lab.after(5);
        },
      },
    },
  );
  await trial.pass(1);
  await trial.cancel();
  await lab.pass(1_000);
  assert.equal(called.toSorted(), ['a', 'c']);
});

test('aborts a signal that is read only after the cancellation', async (lab) => {
  let late: AbortSignal | undefined;
  const trial = lab.start(['a'], {
    does: {
      a: async (ctx) => {
        await lab.after(10);
        late = ctx.signal;
      },
    },
  });
  await trial.pass(1);
  await trial.cancel();
  assert.ok(late!.aborted);
});

test('cancel resolves with the report, also when the run has ended before', async (lab) => {
  const trial = await lab.finish(['a']);
  assert.is(await trial.run.cancel('too late'), trial.report);
  assert.is(trial.report.status, 'succeeded');
});

test('hears a hook out before a cancelled run settles', async (lab) => {
  const trial = lab.start(['a'], {
    hooks: [{ name: 'h', onNodeComplete: () => lab.after(100, emitEvent('late', 1)) }],
  });
  await trial.pass(1);
  const report = await trial.cancel();
  assert.is(report.status, 'cancelled');
  assert.is(report.durationMs, 100);
  assert.is(trial.log.ofType('CustomEmitted').length, 1);
});

test('leaves no listener behind on the signal of the run', async (lab) => {
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
  await lab.finish(['a'], { signal });
  assert.is(listeners, 0);
});

test.run();
