import * as assert from 'uvu/assert';
import { CommandRefusedError, HookAdapter, type ExecutorFacade, type SupervisorHook } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('HookAdapter');

/** An old-form hook that does this when node a has succeeded. */
const onA = (work: (executor: ExecutorFacade) => Promise<unknown>): HookAdapter =>
  new HookAdapter({ onNodeComplete: async (executor, { id }) => void (id === 'a' && (await work(executor))) });

test('lets an old-form hook work beside new ones', async (lab) => {
  const calls: string[] = [];
  const old: SupervisorHook = {
    beforeNodeStart: async (_, { id }, cache) =>
      void calls.push(`before ${id} ${String(cache.hasValue('a', 'value'))}`),
    onNodeComplete: async (_, { id, status, output }) =>
      void calls.push(`complete ${id} ${status} ${JSON.stringify(output)}`),
    onNodeFailure: async (_, { id, status }, __, { message }) => void calls.push(`failure ${id} ${status} ${message}`),
  };
  const { report } = await lab.finish(['a', 'bad: a'], {
    does: { bad: fail('broken') },
    hooks: [new HookAdapter(old), { name: 'new', onNodeComplete: () => void calls.push('new') }],
  });
  assert.equal(calls, [
    'before a false',
    'complete a succeeded "a"',
    'new',
    'before bad true',
    'failure bad failed broken',
  ]);
  assert.equal(report.hookFailures, []);
});

test('needs no more than onNodeComplete', async (lab) => {
  const { report } = await lab.finish(['a', 'bad'], {
    does: { bad: fail() },
    hooks: [new HookAdapter({ onNodeComplete: async () => undefined })],
  });
  assert.equal(report.hookFailures, []);
});

test('awaits beforeNodeStart before the node starts, and fails the node if it rejects', async (lab) => {
  const { log, statuses } = await lab.finish(['a', 'bad'], {
    hooks: [
      new HookAdapter({
        beforeNodeStart: (_, { id }) =>
          lab.after(10, () => (id === 'bad' ? fail('no')({} as never) : undefined)) as Promise<void>,
        onNodeComplete: async () => undefined,
      }),
    ],
  });
  assert.is(statuses, 'a succeeded, bad failed');
  assert.is(log.ofType('NodeStarted')[0]!.at, log.events[0]!.at + 10);
});

test('lets beforeNodeStart set the inputs of the node that is about to start', async (lab) => {
  const { report } = await lab.finish([node('a', { inputs: { x: 1 } })], {
    does: { a: ({ inputs }) => inputs },
    hooks: [
      new HookAdapter({
        beforeNodeStart: (executor, { id }) => executor.setNodeInputs('test', id, { x: 2 }),
        onNodeComplete: async () => undefined,
      }),
    ],
  });
  assert.equal(report.outputs['a'], { x: 2 });
});

test('gives an executor whose mutators are commands', async (lab) => {
  const ids: string[] = [];
  const { log, statuses, report } = await lab.finish(
    ['a', 'later: a', node('side: a', { branch: 's' }), node('cut: a', { branch: 'c' })],
    {
      does: { later: ({ inputs }) => inputs },
      hooks: [
        onA(async (executor) => {
          ids.push(
            await executor.addNode('test', node('x')),
            await executor.addNode('test', 'y', 'work', ['x']),
            await executor.addNode('test', { action: 'work' }),
          );
          await executor.setNodeInputs('test', 'later', { n: 1 });
          await executor.pauseBranch('s', 'why');
          assert.is(executor.snapshot().branch('s')!.status, 'paused');
          await executor.resumeBranch('s');
          await executor.cancelBranch('c', 'why');
          await executor.updateMetrics({ m: 1 });
        }),
      ],
    },
  );
  assert.equal(ids, ['x', 'y', 'work_1']);
  assert.is(
    statuses,
    'a succeeded, later succeeded, side succeeded, cut cancelled, x succeeded, y succeeded, work_1 succeeded',
  );
  assert.equal(report.outputs['later'], { n: 1 });
  assert.equal(report.metrics.custom, { m: 1 });
  const [a] = log.ofType('NodeSucceeded');
  const caused = log.events.filter(({ by }) => by === 'SupervisorHook');
  assert.equal(
    [...new Set(caused.map(({ cause }) => cause))],
    [a!.seq],
    'each names the event that the hook was called for',
  );
  assert.equal([...new Set(caused.map(({ nth }) => nth))], [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('rejects with the refusal where a command is refused', async (lab) => {
  const errors: unknown[] = [];
  const { report } = await lab.finish(['a'], {
    hooks: [
      onA(async (executor) => {
        for (const ask of [
          () => executor.addNode('test', node('a')),
          () => executor.addNode('other', node('x')),
          () => executor.addNode('test', 'x', 'nothing', []),
          () => executor.setNodeInputs('test', 'a', {}),
          () => executor.pauseBranch('nobody'),
        ])
          errors.push(
            await ask().then(
              () => undefined,
              (error: unknown) => error,
            ),
          );
      }),
    ],
  });
  assert.is(errors.length, 5);
  for (const error of errors) {
    assert.instance(error, CommandRefusedError);
    const { refusal, message } = error as CommandRefusedError;
    assert.is(message, refusal.reason);
  }
  assert.equal(report.hookFailures, []);
  assert.is(report.refusedCommands.length, 5);
});

test('makes a refusal that the hook does not catch a failed hook, and the run goes on', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a'], { hooks: [onA((executor) => executor.pauseBranch('nobody'))] });
  assert.ok(report.success);
  assert.is(report.hookFailures.length, 1);
  assert.match(report.hookFailures[0]!.error.message, 'nobody');
});

test('bears the name of the hook, or of its class', () => {
  class Guard implements SupervisorHook {
    async onNodeComplete(): Promise<void> {}
  }
  assert.is(new HookAdapter(new Guard()).name, 'Guard');
  assert.is(new HookAdapter({ name: 'mine', onNodeComplete: async () => undefined }).name, 'mine');
  assert.is(new HookAdapter(new Guard(), 'other').name, 'other');
  assert.is(new HookAdapter({ onNodeComplete: async () => undefined }).name, 'SupervisorHook');
});

test.run();
