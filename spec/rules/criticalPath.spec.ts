import * as assert from 'uvu/assert';
import { addNodes, setPriority } from '../../lib/index.js';
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

test('nodes that are added do not upset those that stand', async (lab) => {
  const trial = lab.start(['a', 'x', 'x2: x', 'y'], { does: { a: 5, '*': 1 }, config: { maxParallelNodes: 1 } });
  await trial.pass();
  await trial.grant(addNodes(specs(['t: y', 't2: t', 't3: t2', 't4: t3'])));
  assert.ok((await trial.end()).success);
  assert.is(trial.log.started.length, 8);
});

test.run();
