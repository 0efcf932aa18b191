import * as assert from 'uvu/assert';
import { action, addDependency, addNodes, provideInput, setPriority } from '../../lib/index.js';
import { labSuite, specs } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Critical path');

const config = { maxParallelNodes: 1 };
const does = { '*': 1 };

test('of equal priority, the node with the longest way to go starts first', async (lab) => {
  const { log } = await lab.finish(['short', 'mid', 'm2: mid', 'long', 'l2: long', 'l3: l2'], { does, config });
  assert.equal(
    log.started.slice(0, 3),
    ['long', 'mid', 'l2'].toSorted((a, b) => log.started.indexOf(a) - log.started.indexOf(b)),
  );
  assert.is(log.started[0], 'long');
  assert.ok(log.started.indexOf('mid') < log.started.indexOf('short'));
});

test('estimates count as length', async (lab) => {
  const { log } = await lab.finish(
    ['a', 'a2: a', 'a3: a2', node('slow', { estimateMs: 100 }), 'b', node('b2: b', { estimateMs: 50 })],
    { does, config },
  );
  assert.equal(log.started.slice(0, 3), ['slow', 'b', 'b2']);
});

test('priority comes before it, definition order after it', async (lab) => {
  const { log } = await lab.finish(['p', 'q', 'long', 'l2: long', node('first', { priority: 1 })], { does, config });
  assert.equal(log.started, ['first', 'long', 'p', 'q', 'l2']);
});

test('holds within a batch of added nodes', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 5, '*': 1 }, config });
  await trial.pass(1);
  await trial.grant(addNodes(specs(['x', 'y', 'y2: y', 'z', 'z2: z', 'z3: z2'])));
  await trial.end();
  assert.is(trial.log.started[1], 'z');
  assert.ok(trial.log.started.indexOf('y') < trial.log.started.indexOf('x'));
});

test('heeds estimates within a batch', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 5, '*': 1 }, config });
  await trial.pass(1);
  await trial.grant(addNodes([node('x'), node('x2: x'), node('y', { estimateMs: 9 })]));
  await trial.end();
  assert.is(trial.log.started[1], 'y');
});

test('a priority set later wins over it', async (lab) => {
  const trial = lab.start(['a', 'long', 'l2: long', 'short'], { does: { '*': 5 }, config });
  await trial.grant(setPriority('short', 1));
  await trial.end();
  assert.ok(trial.log.started.indexOf('short') < trial.log.started.indexOf('l2'));
});

test('what waits before a node that is added is longer by that node', async (lab) => {
  const trial = lab.start(['a', 'x', 'x2: x', 'y'], { does: { a: 5, '*': 1 }, config });
  await trial.pass();
  await trial.grant(addNodes(specs(['t: y', 't2: t', 't3: t2', 't4: t3'])));
  assert.ok((await trial.end()).success);
  assert.equal(trial.log.started, ['x', 'y', 't', 't2', 't3', 'a', 'x2', 't4']);
});

test('so it is for all that waits before it, whether ready or not', async (lab) => {
  const given = ['first', 'a', 'a2: a', 'a3: a2', 'b', 'b2: b', 'b3: b2', 'b4: b3'];
  const trial = lab.start(
    given.map((id) => node(id, id === 'first' ? { priority: 1 } : {})),
    { does: { '*': 5 }, config },
  );
  await trial.pass(1);
  await trial.grant(addNodes([node('long: a3', { estimateMs: 10 })]));
  await trial.end();
  assert.equal(trial.log.started, ['first', 'a', 'a2', 'a3', 'long', 'b', 'b2', 'b3', 'b4']);
});

test('a dependency that is added counts, too', async (lab) => {
  const given = [node('first', { priority: 1 }), node('a'), node('b'), node('c', { estimateMs: 5 }), node('d: c')];
  const trial = lab.start(given, { does: { '*': 5 }, config });
  await trial.pass(1);
  await trial.grant(addDependency('b', 'c'));
  await trial.end();
  assert.equal(trial.log.started, ['first', 'b', 'c', 'a', 'd']);
});

test('also one that is added before any node has waited for a slot', async (lab) => {
  const given = [
    node('ask', { action: 'human.input' }),
    node('a: ask'),
    node('b: ask'),
    node('c: ask', { estimateMs: 5 }),
    node('d: c'),
  ];
  const trial = lab.start(given, { does: { '*': 5 }, config });
  await trial.pass(1);
  await trial.grant(addDependency('b', 'c'));
  await trial.grant(provideInput('ask', 1));
  await trial.end();
  assert.equal(trial.log.started, ['b', 'c', 'a', 'd']);
});

test('items of a fan-out are followed by what their parent is followed by', async (lab) => {
  const nodes = [
    node('list'),
    node('each: list', { forEach: { $ref: 'list' } }),
    node('end: each', { estimateMs: 50 }),
    node('other: list', { estimateMs: 20 }),
  ];
  const { log } = await lab.finish(nodes, { does: { list: () => [1, 2], '*': 1 }, config });
  assert.equal(log.started, ['list', 'each[0]', 'each[1]', 'end', 'other']);
});

test('a run may be told how long nodes take that do not say it', async (lab) => {
  const estimates = { nodes: new Map([['b', 9]]), actions: new Map([['slow', 5]]) };
  const slow = action('slow', () => 1);
  const given = ['a', 'b', node('c', { action: 'slow' }), node('d', { estimateMs: 7 })];
  const { log } = await lab.finish(given, { does, config, estimates, actions: [slow] });
  assert.equal(log.started, ['b', 'd', 'c', 'a']);
});

test('what is added to a chain node by node is ranked in time', async (lab) => {
  const trial = lab.start([node('first', { priority: 1 }), 'n0', 'x', 'y: x', 'z: y'], { does: { '*': 5 }, config });
  await trial.pass(1);
  for (let i = 1; i < 300; i++) await trial.grant(addNodes(specs([`n${i}: n${i - 1}`])));
  await trial.pass(10);
  assert.is(trial.log.started[1], 'n0');
  await trial.end();
});

test.run();
