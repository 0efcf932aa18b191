import * as assert from 'uvu/assert';
import { addDependency, addNode, retryNode, skipNode, type NodeSpec, type RunIf } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';

const test = labSuite('Skips');

test('come as soon as one dependency is bad, for allSucceeded', async (lab) => {
  const { events, log } = await lab.finish(['bad', 'slow', 'b: bad slow'], { does: { bad: '--#', slow: 20 } });
  expectTimeline(events, '0 >bs, 2 x/, 20 S.');
  assert.is(log.ofType('NodeSkipped')[0]!.becauseOf, 'bad');
});

test('wait for all dependencies, for anySucceeded and allDone', async (lab) => {
  const { events, statuses } = await lab.finish(
    ['bad', 'slow', node('any: bad slow', { runIf: 'anySucceeded' }), node('done: bad slow', { runIf: 'allDone' })],
    { does: { bad: '--#', slow: 20 } },
  );
  expectTimeline(events, '0 >bs, 2 x, 20 SaAdD.');
  assert.is(statuses, 'bad failed, slow succeeded, any succeeded, done succeeded');
});

test('come to no node without dependencies, whatever its runIf', async (lab) => {
  const { report } = await lab.finish([
    node('all', { runIf: 'allSucceeded' }),
    node('any', { runIf: 'anySucceeded' }),
    node('done', { runIf: 'allDone' }),
  ]);
  assert.equal(Object.keys(report.outputs), ['all', 'any', 'done']);
  const trial = lab.start(['open'], { does: { open: 20 } });
  await trial.pass(1);
  await trial.grant(addNode(node('any', { runIf: 'anySucceeded' })));
  await trial.pass();
  assert.is(trial.status('any'), 'succeeded');
  await trial.end();
});

test('come in the order of the graph where several are due at once, however they were defined', async (lab) => {
  const unmet = { when: { $ref: 'inputs.go' } };
  const { log } = await lab.finish([node('y: a b', unmet), node('x: a', unmet), 'a', 'b'], {
    inputs: { go: false },
    does: { a: 20, b: 10 },
  });
  assert.equal(
    log.ofType('NodeSkipped').map(({ nodeId }) => nodeId),
    ['x', 'y'],
  );
});

/** What becomes of a node with dependencies that end so, by runIf; g good, f failed, s skipped on purpose, o skipped with an output. */
const table: readonly (readonly [string, Record<RunIf, string>])[] = [
  ['g', { allSucceeded: 'succeeded', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['gg', { allSucceeded: 'succeeded', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['gf', { allSucceeded: 'skipped', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['ff', { allSucceeded: 'skipped', anySucceeded: 'skipped', allDone: 'succeeded' }],
  ['s', { allSucceeded: 'skipped', anySucceeded: 'skipped', allDone: 'succeeded' }],
  ['gs', { allSucceeded: 'skipped', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['fs', { allSucceeded: 'skipped', anySucceeded: 'skipped', allDone: 'succeeded' }],
  ['o', { allSucceeded: 'succeeded', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['go', { allSucceeded: 'succeeded', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['fo', { allSucceeded: 'skipped', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['c', { allSucceeded: 'succeeded', anySucceeded: 'succeeded', allDone: 'succeeded' }],
  ['cs', { allSucceeded: 'skipped', anySucceeded: 'succeeded', allDone: 'succeeded' }],
];

for (const [kinds, expected] of table)
  test(`below ${kinds.split('').join(', ')} a node ends as its runIf says`, async (lab) => {
    const deps = kinds.split('').map((kind, i) => node(`${kind}${i}`, kind === 'c' ? { onFailure: 'continue' } : {}));
    const ids = deps.map(({ id }) => id!).join(' ');
    const trial = lab.start(
      [
        ...deps,
        ...(['allSucceeded', 'anySucceeded', 'allDone'] as const).map((runIf) => node(`${runIf}: ${ids}`, { runIf })),
      ],
      {
        does: Object.fromEntries(deps.map(({ id }) => [id!, /^[fc]/.test(id!) ? fail() : 1])),
        config: { maxParallelNodes: 99 },
        hooks: [
          {
            name: 'skipper',
            onStart: () =>
              deps.flatMap(({ id }) =>
                id!.startsWith('s') ? [skipNode(id!)] : id!.startsWith('o') ? [skipNode(id!, 'known', 1)] : [],
              ),
          },
        ],
      },
    );
    await trial.end();
    for (const [runIf, status] of Object.entries(expected)) assert.is(trial.status(runIf), status, runIf);
  });

test('with an output, give it to the dependants', async (lab) => {
  const { report } = await lab.finish(['a', node('b', { inputs: { x: { $ref: 'a.n' } } })], {
    does: { b: ({ inputs }) => inputs },
    hooks: [{ name: 'h', onStart: () => skipNode('a', 'known', { n: 7 }) }],
  });
  assert.equal({ ...report.outputs }, { a: { n: 7 }, b: { x: 7 } });
  assert.ok(report.success);
});

test('without one, skip the dependants on purpose, naming the cause', async (lab) => {
  const { report, log } = await lab.finish(['a', 'b: a', 'c: b'], {
    hooks: [{ name: 'h', onStart: () => skipNode('a', 'not today') }],
  });
  assert.ok(report.success);
  assert.equal(
    log.ofType('NodeSkipped').map(({ nodeId, becauseOf, reason }) => [nodeId, becauseOf, nodeId === 'a' ? reason : '']),
    [
      ['a', undefined, 'not today'],
      ['b', 'a', ''],
      ['c', 'a', ''],
    ],
  );
});

test('a reference to a node that failed under continue gives null, whatever the path', async (lab) => {
  const { report } = await lab.finish(
    [node('a', { onFailure: 'continue' }), node('b', { inputs: { all: { $ref: 'a' }, deep: { $ref: 'a.x.y[0]' } } })],
    { does: { a: fail(), b: ({ inputs }) => inputs } },
  );
  assert.equal(report.outputs['b'], { all: null, deep: null });
});

test('a reference to a failed or skipped node gives null where runIf lets the node run', async (lab) => {
  const { report } = await lab.finish(
    ['a', 'c: a', node('b', { runIf: 'allDone', inputs: { x: { $ref: 'a.x' }, y: { $ref: 'c.y' } } })],
    {
      does: { a: fail(), b: ({ inputs }) => inputs },
    },
  );
  assert.equal(report.outputs['b'], { x: null, y: null });
});

test('come at the next Schedule, so that a retry in the same turn wins', async (lab) => {
  const { log } = await lab.finish(['a', 'b: a', 'c: b'], {
    does: { a: ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) },
    hooks: [{ name: 'h', onEvent: (_, event) => (event.type === 'NodeFailed' ? retryNode(event.nodeId) : undefined) }],
  });
  assert.is(log.ofType('NodeSkipped').length, 0);
});

test('blame the bad dependency, not one that was skipped on purpose, whatever their order', async (lab) => {
  // The failure and the skip come before one Schedule, so that the dependant sees both at once.
  const { log, statuses } = await lab.finish(['bad', 'slow', 'p: slow', 'x: p bad'], {
    does: { bad: '--#', slow: 20 },
    hooks: [{ name: 'skipper', onNodeFailed: () => skipNode('p') }],
  });
  assert.equal(
    log.ofType('NodeSkipped').map(({ nodeId, becauseOf, reason }) => [nodeId, becauseOf, reason]),
    [
      ['p', undefined, 'skipped on request'],
      ['x', 'bad', '"bad" failed'],
    ],
  );
  assert.is(statuses, 'bad failed, slow succeeded, p skipped, x skipped');
});

test('by a condition: met when truthy, or equal as JSON; not inverts', async (lab) => {
  const cases: readonly (readonly [string, NodeSpec['when'], boolean])[] = [
    ['true', { $ref: 'inputs.yes' }, true],
    ['zero', { $ref: 'inputs.zero' }, false],
    ['empty', { $ref: 'inputs.empty' }, false],
    ['object', { $ref: 'inputs.object' }, true],
    ['equal', { $ref: 'inputs.object', equals: { b: [1], a: null } }, true],
    ['unequal', { $ref: 'inputs.object', equals: { a: null } }, false],
    ['null', { $ref: 'inputs.nothing', equals: null }, true],
    ['not', { $ref: 'inputs.zero', not: true }, true],
    ['notEqual', { $ref: 'inputs.zero', equals: 0, not: true }, false],
    ['node', { $ref: 'n.deep[1]', equals: 'y' }, true],
  ];
  const { run, report } = await lab.finish(['n', ...cases.map(([id, when]) => node(id, { when: when! }))], {
    does: { n: () => ({ deep: ['x', 'y'] }) },
    inputs: { yes: true, zero: 0, empty: '', object: { a: null, b: [1] }, nothing: null },
  });
  for (const [id, , met] of cases) assert.is(run.snapshot.node(id)!.status, met ? 'succeeded' : 'skipped', id);
  assert.ok(report.success);
});

test('a condition that leads nowhere fails the node', async (lab) => {
  const { statuses, report } = await lab.finish(
    ['n', node('a', { when: { $ref: 'n.x.y' } }), node('b', { when: { $ref: 'inputs.nobody' } })],
    {
      does: { n: () => ({}) },
    },
  );
  assert.is(statuses, 'n succeeded, a failed, b failed');
  assert.not(report.success);
});

test('a skipped node may be skipped before it is ready, but not after it has started', async (lab) => {
  const trial = lab.start(['a', 'b: a', 'c: b', { id: 'ask', action: 'human.input' }], { does: { a: 20 } });
  await trial.pass(1);
  await trial.grant(skipNode('b', 'why', { x: 1 }));
  await trial.grant(skipNode('ask', 'nobody there', 'default'));
  await trial.refuse(skipNode('a'));
  await trial.refuse(skipNode('b'));
  await trial.refuse(skipNode('nobody'));
  await trial.pass(1);
  assert.is(trial.status('c'), 'succeeded');
  await trial.end();
});

test('below a node with onFailure: continue nothing is skipped', async (lab) => {
  const { statuses } = await lab.finish(
    [node('a', { onFailure: 'continue' }), 'b: a', node('c: a', { runIf: 'anySucceeded' })],
    { does: { a: fail() } },
  );
  assert.is(statuses, 'a failed, b succeeded, c succeeded');
});

test('a node added below nodes that all failed is skipped at once', async (lab) => {
  const trial = lab.start(['a', 'open'], { does: { a: fail(), open: 20 } });
  await trial.pass(1);
  await trial.grant(addNode(node('b: a', { runIf: 'anySucceeded' })));
  await trial.pass();
  assert.is(trial.status('b'), 'skipped');
  await trial.end();
});

test('a ready node that comes to depend on a failed one is skipped', async (lab) => {
  const trial = lab.start(['bad', 'slow', 'q'], { does: { bad: '-#', slow: 10 }, config: { maxParallelNodes: 1 } });
  await trial.pass(5); // bad has failed, slow has the only slot, q is ready
  assert.is(trial.status('q'), 'ready');
  await trial.grant(addDependency('bad', 'q'));
  await trial.pass(1);
  assert.is(trial.status('q'), 'skipped');
  assert.is(trial.run.snapshot.node('q')!.becauseOf, 'bad');
  await trial.end();
});

test.run();
