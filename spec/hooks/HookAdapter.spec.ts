import { map } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  HookAdapter,
  emitEvent,
  ofType,
  type ExecutorFacade,
  type Failure,
  type NodeState,
  type SupervisorHook,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';

const test = labSuite('HookAdapter');

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

test('an old-form hook works beside new ones', async (lab) => {
  const seen: string[] = [];
  class Reporter implements SupervisorHook {
    async onNodeComplete(executor: ExecutorFacade, node: NodeState): Promise<void> {
      seen.push(`${node.id} ${node.status} ${JSON.stringify(node.output)}`);
      if (node.id === 'a') await executor.addNode('test', { id: 'c', action: 'work', deps: ['a'] });
    }
    async onNodeFailure(_: ExecutorFacade, node: NodeState, __: unknown, error: Failure): Promise<void> {
      seen.push(`${node.id} ${node.status} ${error.message}`);
    }
  }
  const { report, log } = await lab.finish(['a', 'b'], {
    does: { b: fail('broken') },
    hooks: [
      new HookAdapter(new Reporter()),
      { name: 'new', onNodeComplete: (_, { nodeId }) => emitEvent('done', nodeId) },
      (event$) =>
        event$.pipe(
          ofType('NodeFailed'),
          map(({ nodeId }) => emitEvent('failed', nodeId)),
        ),
    ],
  });
  assert.equal(seen.toSorted(), ['a succeeded "a"', 'b failed broken', 'c succeeded "c"']);
  assert.is(report.outputs['c'], 'c');
  assert.is(log.ofType('NodeAdded')[0]?.by, 'Reporter');
  assert.equal(
    log.ofType('CustomEmitted').map(({ by, payload }) => [by, payload]),
    [
      ['new', 'a'],
      ['hook#2', 'b'],
      ['new', 'c'],
    ],
  );
  assert.equal(report.hookFailures, []);
});

test('an awaited onNodeComplete holds back the dependants of its node, and nothing else', async (lab) => {
  const { log } = await lab.finish(['a', 'b: a', 'x', 'y: x'], {
    does: { a: 10, x: 10 },
    hooks: [after('a', () => lab.after(100))],
  });
  const startOf = (id: string): number => log.ofType('NodeStarted').find(({ nodeId }) => nodeId === id)!.at;
  const start = log.events[0]!.at;
  assert.is(startOf('y') - start, 10);
  assert.is(startOf('b') - start, 110);
});

test('beforeNodeStart is a gate: the node waits for it, and fails if it rejects', async (lab) => {
  const asked: string[] = [];
  const trial = await lab.finish(['a', 'b', 'c: a'], {
    hooks: [
      old({
        beforeNodeStart: async (executor, node) => {
          asked.push(`${node.id} ${node.status}`);
          if (node.id === 'b') throw new Error('b may not run');
          await lab.after(40);
          if (node.id === 'a') await executor.setNodeInputs('test', 'c', { told: true });
        },
      }),
    ],
  });
  const { report, log } = trial;
  assert.equal(asked, ['a starting', 'b starting', 'c starting']);
  assert.is(trial.status('b'), 'failed');
  assert.is(report.nodeOutcomes.find(({ nodeId }) => nodeId === 'b')?.finalError?.message, 'b may not run');
  const start = log.events[0]!.at;
  assert.equal(
    log.ofType('NodeStarted').map(({ nodeId, at }) => [nodeId, at - start]),
    [
      ['a', 40],
      ['c', 80],
    ],
  );
});

test('without beforeNodeStart there is no gate', async (lab) => {
  const { log } = await lab.finish(['a'], { hooks: [old({})] });
  assert.equal(log.ofType('NodeStarting'), []);
});

test('it is named after its hook, its class, or by a second argument', () => {
  class Cleaner implements SupervisorHook {
    async onNodeComplete(): Promise<void> {}
  }
  assert.is(new HookAdapter(new Cleaner()).name, 'Cleaner');
  assert.is(new HookAdapter(new Cleaner(), 'mine').name, 'mine');
  assert.is(new HookAdapter({ name: 'own', onNodeComplete: async () => undefined }).name, 'own');
  assert.is(new HookAdapter({ onNodeComplete: async () => undefined }).name, 'SupervisorHook');
});

test('it reads and writes the cache of the run', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a'], {
    does: { b: ({ cache }) => cache.getInput('a', 'note') as string },
    hooks: [old({ onNodeComplete: async (_, node, cache) => cache.insertValue(node.id, 'note', `seen ${node.id}`) })],
  });
  assert.is(report.outputs['b'], 'seen a');
});

test.run();
