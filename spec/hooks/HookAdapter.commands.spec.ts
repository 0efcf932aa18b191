import * as assert from 'uvu/assert';
import {
  CommandRefusedError,
  HookAdapter,
  type ExecutorFacade,
  type NodeState,
  type SupervisorHook,
} from '../../lib/index.js';
import { labSuite } from '../support/executor.js';

const test = labSuite('HookAdapter, commands');

/** An old-form hook of these methods. */
const old = (methods: Partial<SupervisorHook>): HookAdapter =>
  new HookAdapter({ name: 'old', onNodeComplete: async () => undefined, ...methods });

/** An old-form hook that does this once a node has succeeded. */
const after = (id: string, deed: (executor: ExecutorFacade, node: NodeState) => Promise<unknown>): HookAdapter =>
  old({
    onNodeComplete: async (executor, node) => {
      if (node.id === id) await deed(executor, node);
    },
  });

test('what it has paused while it was awaited never starts', async (lab) => {
  const trial = lab.start(['a', 'b: a', { id: 'c', action: 'work', deps: ['b'] }], {
    hooks: [
      after('a', async (executor) => {
        await lab.after(20);
        await executor.pauseBranch('b', 'not yet');
        await executor.updateMetrics({ checked: 1 });
      }),
    ],
  });
  await trial.pass(1_000);
  assert.is(trial.statuses, 'a succeeded, b ready, c pending');
  assert.is(trial.run.snapshot.branch('b')?.reason, 'not yet');
  assert.is(trial.run.snapshot.metrics.custom['checked'], 1);
  await trial.grant({ type: 'ResumeBranch', branchId: 'b' });
  assert.ok((await trial.end()).success);
});

test('both forms of addNode give the id, and a node added meanwhile is seen by the next call', async (lab) => {
  const ids: string[] = [];
  const { report } = await lab.finish(['a', 'z: a'], {
    does: { z: ({ inputs }) => inputs },
    hooks: [
      after('a', async (executor) => {
        ids.push(await executor.addNode('test', 'b', 'work', ['a']));
        ids.push(await executor.addNode('test', { action: 'work', deps: ['b'] }));
        ids.push(await executor.addNode('test', 'c', 'work', []));
        assert.equal(executor.snapshot().node('b')?.deps, ['a']);
        await executor.setNodeInputs('test', 'z', { from: { $ref: 'c' } });
      }),
    ],
  });
  assert.equal(ids, ['b', 'work_1', 'c']);
  assert.equal(report.outputs['z'], { from: 'c' });
  assert.ok(report.success);
});

test('a refusal rejects with its reason', async (lab) => {
  const refused: CommandRefusedError[] = [];
  const attempt = async (deed: Promise<unknown>): Promise<void> => {
    try {
      await deed;
    } catch (error) {
      if (error instanceof CommandRefusedError) refused.push(error);
    }
  };
  const { report } = await lab.finish(['a'], {
    hooks: [
      after('a', async (executor) => {
        await attempt(executor.addNode('test', 'a', 'work', []));
        await attempt(executor.addNode('other', { id: 'b', action: 'work' }));
        await attempt(executor.addNode('test', 'b', 'work', ['nobody']));
        await attempt(executor.pauseBranch('nothing'));
        await attempt(executor.cancelBranch('nothing'));
        await attempt(executor.resumeBranch('nothing'));
        await attempt(executor.setNodeInputs('test', 'a', { x: 1 }));
      }),
    ],
  });
  assert.equal(
    refused.map(({ refusal }) => refusal.type),
    ['DuplicateId', 'WrongDag', 'UnknownDependency', 'UnknownBranch', 'UnknownBranch', 'UnknownBranch', 'WrongState'],
  );
  assert.equal(
    refused.map(({ message }) => message),
    report.refusedCommands.map(({ reason }) => reason),
  );
  assert.ok(report.success);
});

test('an unhandled refusal is a failure of the hook, not of the run', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a'], {
    hooks: [after('a', (executor) => executor.addNode('test', 'a', 'work', []))],
  });
  assert.ok(report.success);
  assert.equal(
    report.hookFailures.map(({ hook, error }) => [hook, error.name]),
    [['old', 'CommandRefusedError']],
  );
});

test.run();
