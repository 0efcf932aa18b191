import { NEVER } from 'rxjs';
import { filter, map, tap } from 'rxjs/operators';
import * as assert from 'uvu/assert';
import {
  compositeHook,
  emitEvent,
  ofType,
  type ExecutorCommand,
  type HookOperator,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { labSuite } from '../support/executor.js';

const test = labSuite('compositeHook, when a part fails');

const said = (log: { ofType(type: 'CustomEmitted'): readonly { readonly name: string; readonly by?: string }[] }) =>
  log.ofType('CustomEmitted').map(({ name, by }) => `${by} ${name}`);
/** Says its name when node a has succeeded. */
const says = (name: string): SupervisorHookV2 => ({
  name,
  onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? emitEvent(name, null) : undefined),
});

test('a part that throws is named, and disabled after three times in a row; the others go on', async (lab) => {
  let asked = 0;
  const bad: SupervisorHookV2 = {
    name: 'bad',
    onNodeComplete: () => {
      asked++;
      throw new Error('broken');
    },
  };
  const { report, log } = await lab.finish(
    Array.from({ length: 8 }, (_, i) => `n${i}`),
    {
      hooks: [compositeHook('team', bad, { name: 'good', onNodeComplete: (_, { nodeId }) => emitEvent(nodeId, null) })],
    },
  );
  assert.ok(report.success);
  assert.is(asked, 3);
  assert.is(log.ofType('CustomEmitted').length, 8);
  assert.equal(
    report.hookFailures.map(({ hook, error }) => `${hook} ${error.message}`),
    ['team "bad": broken', 'team "bad": broken', 'team "bad": broken (this part is disabled)'],
  );
});

test('a part that rejects or answers nonsense is contained, too', async (lab) => {
  const rejecting: SupervisorHookV2 = {
    name: 'rejecting',
    onNodeComplete: async () => {
      await lab.after(10);
      throw new Error('too late');
    },
  };
  const mad: SupervisorHookV2 = { name: 'mad', onNodeComplete: () => [42] as never };
  const { report, log } = await lab.finish(['a'], { hooks: [compositeHook('team', rejecting, mad, says('fine'))] });
  assert.ok(report.success);
  assert.equal(said(log), ['team fine']);
  assert.equal(report.refusedCommands, []);
  const messages = report.hookFailures.map(({ error }) => error.message).join('\n');
  assert.match(messages, '"rejecting": too late');
  assert.match(messages, '"mad": it answered with 42, which is no command');
});

test('an operator that errors is over, and nothing else', async (lab) => {
  const broken: HookOperator = Object.assign<HookOperator, { hookName: string }>(
    (event$) =>
      event$.pipe(
        ofType('NodeStarted'),
        map((): ExecutorCommand => {
          throw new Error('no operator');
        }),
      ),
    { hookName: 'broken' },
  );
  const noStream = (() => undefined) as unknown as HookOperator;
  const { report, log } = await lab.finish(['a', 'b: a'], {
    hooks: [compositeHook('team', broken, noStream, says('fine'))],
  });
  assert.ok(report.success);
  assert.equal(said(log), ['team fine']);
  const messages = report.hookFailures.map(({ error }) => error.message).join('\n');
  assert.match(messages, '"broken": no operator (this part is disabled)');
  assert.match(messages, '"part#1": ');
});

test('operators complete with the run, and begin anew in the next one', async (lab) => {
  const ends: number[] = [];
  const counting: HookOperator = (event$) => {
    let n = 0;
    return event$.pipe(
      tap({ next: () => n++, complete: () => ends.push(n) }),
      filter((event): event is never => event === undefined),
    );
  };
  const hooks = [compositeHook('team', counting)];
  for (const runId of ['one', 'two']) await lab.finish(['a'], { runId, hooks });
  assert.equal(ends, [5, 5]);
});

test('a gate that breaks fails the node', async (lab) => {
  const { report } = await lab.finish(['a'], {
    hooks: [
      compositeHook('team', {
        name: 'gate',
        beforeNodeStart: () => {
          throw new Error('stuck');
        },
      }),
    ],
  });
  assert.match(report.nodeOutcomes[0]?.finalError?.message ?? '', 'stuck');
});

test('a part that never answers is cut short with the others kept', async (lab) => {
  const { report, log } = await lab.finish(['a', 'b: a'], {
    hooks: [compositeHook('team', { name: 'mute', onNodeComplete: () => NEVER }, says('fine'))],
    config: { hookTimeoutMs: 50 },
  });
  assert.ok(report.success);
  assert.equal(said(log), ['team fine']);
  assert.is(report.durationMs, 100);
});

test.run();
