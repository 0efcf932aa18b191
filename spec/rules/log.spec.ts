import * as assert from 'uvu/assert';
import {
  ExecutionEvent,
  addNodes,
  defaultConfig,
  initialSnapshot,
  pauseBranch,
  reduce,
  removeNode,
  resumeBranch,
  retryNode,
  setPriority,
} from '../../lib/index.js';
import { random } from '../../lib/testing/index.js';
import { fail, labSuite, specs, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { firstSeed } from '../simulation/seeds.js';

const test = labSuite('The log explains itself');

test('begins with RunStarted: format, definition, inputs and resolved config', async (lab) => {
  const { events } = await lab.finish(['a', 'b: a'], {
    runId: 'r',
    inputs: { x: 1 },
    config: { maxParallelNodes: 7 },
    executor: { config: { graceMs: 9 } },
  });
  const first = events[0]!;
  assert.is(first.type, 'RunStarted');
  if (first.type !== 'RunStarted') return;
  assert.equal([first.format, first.runId, first.dagName, first.inputs], [1, 'r', 'test', { x: 1 }]);
  assert.equal(first.config, { ...defaultConfig, maxParallelNodes: 7, graceMs: 9 });
  assert.equal(
    first.definition.nodes.map(({ id }) => id),
    ['a', 'b'],
  );
});

test('costs initial nodes no NodeAdded, and a plain node two events', async (lab) => {
  const { events } = await lab.finish(['a', 'b: a', 'c']);
  assert.is(events.length, 1 + 3 * 2 + 2);
});

test('folds from nothing to the state that the live run had, after each transition', async (lab) => {
  const seed = firstSeed();
  const chance = random(seed);
  const nodes = Array.from({ length: 20 }, (_, i) =>
    node(
      `n${i}: ${Array.from({ length: i }, (_, j) => `n${j}`)
        .filter(() => chance.chance(0.12))
        .join(' ')}`,
      {
        ...(chance.chance(0.2) ? { branch: 'x', onFailure: 'continue' } : {}),
        ...(chance.chance(0.2) ? { tryCount: 2, retry: { type: 'Linear', delayMs: 3 } } : {}),
        ...(chance.chance(0.1) ? { forEach: { $ref: 'inputs.list' } } : {}),
      },
    ),
  );
  const plot: Plot = {
    inputs: { list: [1, 2] },
    does: Object.fromEntries([
      ...nodes.map(({ id }) => [id!, chance.chance(0.2) ? '--#' : chance.int(0, 9)]),
      ['*', 2],
    ]),
    hooks: [
      {
        name: 'h',
        onNodeFailed: (_, { nodeId, attempt }) => (attempt < 3 && chance.chance(0.5) ? retryNode(nodeId) : undefined),
      },
    ],
  };
  const trial = lab.start(nodes, plot);
  await trial.pass(3);
  for (const command of [
    addNodes(specs(['extra: n0', 'more: extra'])),
    setPriority('n19', 3),
    pauseBranch('n1'),
    removeNode('more'),
  ])
    await trial.ask(command);
  await trial.pass(5);
  await trial.ask(resumeBranch('n1'));
  await trial.end();
  let folded = initialSnapshot();
  const live = new Map(trial.log.snapshots.map((snapshot) => [snapshot.seq, JSON.stringify(snapshot)]));
  for (const event of trial.events) {
    folded = reduce(folded, event);
    const expected = live.get(event.seq);
    if (expected !== undefined) assert.is(JSON.stringify(folded), expected, `seed ${seed}, seq ${event.seq}`);
  }
});

test('survives JSON: what is read back folds to the same state', async (lab) => {
  const { events, run } = await lab.finish(['a', node('f', { forEach: { $ref: 'inputs.list' } }), 'b: a'], {
    inputs: { list: [1, { x: [null, 'ü', 1e-7] }] },
    does: { b: fail('no'), a: () => ({ deep: { list: [1, 2] } }) },
  });
  const read = JSON.parse(JSON.stringify(events)) as unknown[];
  const decoded = read.map((event) => {
    const result = ExecutionEvent.decode(event);
    if (result._tag === 'Left') throw new Error(`${JSON.stringify(event).slice(0, 100)} is not decoded`);
    return result.right;
  });
  assert.equal(decoded, events);
  const folded = decoded.reduce(reduce, initialSnapshot());
  assert.is(JSON.stringify(folded), JSON.stringify(run.snapshot));
});

test('needs no registry to be folded', async (lab) => {
  const { events } = await lab.finish([{ id: 's', action: 'dag', inputs: { dag: 'in' } }], {
    library: [{ name: 'in', nodes: specs(['x']) }],
  });
  const folded = events.reduce(reduce, initialSnapshot());
  assert.is(folded.node('s/x')!.status, 'succeeded');
  assert.is(folded.status, 'succeeded');
});

test('says by whom a change was made', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 10 }, hooks: [{ name: 'h', onNodeStart: () => setPriority('a', 1) }] });
  await trial.pass(1);
  await trial.grant(addNodes(specs(['b'])));
  await trial.end();
  assert.is(trial.log.ofType('PrioritySet')[0]!.by, 'h');
  assert.is(trial.log.ofType('NodeAdded')[0]!.by, 'user');
  assert.is(trial.log.ofType('NodeStarted')[0]!.by, undefined);
});

test.run();
