import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DagConfig } from '../../lib/model/DagConfig.js';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import { compile } from '../../lib/plan/compile.js';
import type { GraphError } from '../../lib/plan/GraphError.js';
import type { Plan } from '../../lib/plan/Plan.js';

const registryOf = (...names: string[]) => ({ has: (name: string) => names.includes(name), list: () => names });
const registry = registryOf('fetch', 'clean', 'load');

const errorsOf = (graph: unknown, config?: Partial<DagConfig>, known = registry): readonly GraphError[] => {
  const result = compile(graph, known, config === undefined ? {} : { config });
  return result._tag === 'Left' ? result.left : [];
};
const errorsIn = (nodes: readonly unknown[], config?: Partial<DagConfig>) => errorsOf({ name: 'g', nodes }, config);
const messagesIn = (nodes: readonly unknown[], config?: Partial<DagConfig>) =>
  errorsIn(nodes, config).map(({ message }) => message);
const planOf = (nodes: readonly unknown[], more: object = {}, config: Partial<DagConfig> = {}): Plan => {
  const result = compile({ name: 'g', nodes, ...more }, registry, { config });
  if (result._tag === 'Left') throw new Error(result.left.map(({ message }) => message).join('\n'));
  return result.right;
};
const node = (id: string, deps: readonly string[] = [], more: object = {}): NodeSpec => ({
  id,
  action: 'clean',
  deps,
  ...more,
});

const test = suite('compile');

test('gives a plan with dense indexes, rows both ways, order and rank', () => {
  const plan = planOf([node('d', ['b', 'c']), node('a'), node('b', ['a'], { estimateMs: 5 }), node('c', ['a', 'a'])]);
  assert.is(plan.name, 'g');
  assert.equal([...plan.indexOf], [['d', 0], ['a', 1], ['b', 2], ['c', 3]]); // prettier-ignore
  assert.equal([...plan.depStart], [0, 2, 2, 3, 4]);
  assert.equal([...plan.deps], [2, 3, 1, 1]);
  assert.equal([...plan.outStart], [0, 0, 2, 3, 4]);
  assert.equal([...plan.outs], [2, 3, 0, 0]);
  assert.equal([...plan.order], [3, 0, 1, 2]);
  assert.equal([...plan.rank], [1, 7, 6, 2]);
  assert.equal(plan.warnings, []);
});

test('accepts a graph without nodes', () => {
  const plan = planOf([]);
  assert.is(plan.nodes.length, 0);
  assert.equal([...plan.depStart], [0]);
});

test('copies and freezes the definition', () => {
  const deps = ['a'];
  const inputs = { list: [1, 2] };
  const plan = planOf([node('a'), node('b', deps, { inputs })]);
  deps.push('zz');
  inputs.list.push(3);
  assert.equal(plan.nodes[1]!.deps, ['a']);
  assert.equal(plan.nodes[1]!.inputs, { list: [1, 2] });
  assert.ok(Object.isFrozen(plan.graph) && Object.isFrozen(plan.nodes) && Object.isFrozen(plan.nodes[1]!.inputs));
  assert.is(plan.graph.nodes, plan.nodes);
});

test('generates absent ids from action and counter, skipping those that are taken', () => {
  const plan = planOf([
    { action: 'fetch' },
    { action: 'clean', deps: ['fetch_1'] },
    { id: 'fetch_2', action: 'load' },
    { action: 'fetch' },
    { action: 'clean', deps: ['fetch_3', 'clean_1'] },
  ]);
  assert.equal(plan.nodes.map(({ id }) => id), ['fetch_1', 'clean_1', 'fetch_2', 'fetch_3', 'clean_2']); // prettier-ignore
  assert.equal(plan.graph.nodes[4], { id: 'clean_2', action: 'clean', deps: ['fetch_3', 'clean_1'] });
});

test('knows the built-in actions', () => {
  planOf([{ id: 'ask', action: 'human.input' }, { id: 'sub', action: 'dag', inputs: { dag: 'other' } }]); // prettier-ignore
});

test('names an id that several nodes have, once', () => {
  assert.equal(errorsIn([node('a'), node('b'), node('a'), node('a')]), [
    {
      type: 'DuplicateId',
      message: 'The id "a" is given to 3 nodes; give each an id of its own.',
      node: 'a',
      path: ['nodes[0].id', 'nodes[2].id', 'nodes[3].id'],
    },
  ]);
});

test('names an unknown dependency and the nearest node', () => {
  assert.equal(errorsIn([node('fetch'), node('b', ['fetch', 'fecth']), node('c', ['nothing like it'])]), [
    {
      type: 'UnknownDependency',
      message: 'Node "b" depends on "fecth", which is not defined; did you mean "fetch"?',
      node: 'b',
      path: ['nodes[1].deps[1]'],
    },
    {
      type: 'UnknownDependency',
      message: 'Node "c" depends on "nothing like it", which is not defined.',
      node: 'c',
      path: ['nodes[2].deps[0]'],
    },
  ]);
});

test('tells where an unknown dependency is written, also beside references', () => {
  const errors = errorsIn([node('a'), node('b', ['a', 'a', 'zz'], { inputs: { x: { $ref: 'a' } } })]);
  assert.equal(
    errors.map(({ path }) => path),
    [['nodes[1].deps[2]']],
  );
});

test('names a node that depends on itself, by dependency or reference', () => {
  assert.equal(messagesIn([node('a', ['a']), node('b', [], { inputs: { x: { $ref: 'b.y' } } })]), [
    'Node "a" depends on itself; remove that dependency or reference.',
    'Node "b" depends on itself; remove that dependency or reference.',
  ]);
});

test('names the shortest cycle as a path', () => {
  assert.equal(errorsIn([node('a', ['b']), node('b', ['c', 'a']), node('c', ['a'])]), [
    {
      type: 'Cycle',
      message: 'These nodes wait for each other: a -> b -> a. Remove one dependency.',
      node: 'a',
      path: ['a', 'b', 'a'],
    },
  ]);
});

test('names a cycle that references close', () => {
  assert.equal(
    messagesIn([node('x', [], { when: { $ref: 'y.ok' } }), node('y', [], { inputs: { list: [{ $ref: 'x' }] } })]),
    ['These nodes wait for each other: x -> y -> x. Remove one dependency.'],
  );
});

test('names one cycle for each group of nodes, at most 20, and counts the rest', () => {
  const errors = errorsIn(Array.from({ length: 50 }, (_, i) => node(`n${i}`, [`n${i ^ 1}`])));
  assert.is(errors.length, 21);
  assert.equal(errors[19]!.path, ['n38', 'n39', 'n38']);
  assert.equal(errors[20], { type: 'Malformed', message: 'There are 5 more errors; mend these first.' });
});

test('shortens the message of a long cycle, not its path', () => {
  const [error] = errorsIn(Array.from({ length: 100 }, (_, i) => node(`n${i}`, [`n${(i + 1) % 100}`])));
  assert.is(error!.path!.length, 101);
  assert.match(error!.message, '-> n9 -> (81 more) -> n91 ->');
});

test('names an unknown action and the nearest ones', () => {
  assert.equal(errorsIn([{ id: 'a', action: 'Fetsh' }]), [
    {
      type: 'UnknownAction',
      message: 'Node "a" has the unknown action "Fetsh"; did you mean "fetch"?',
      node: 'a',
      path: ['nodes[0].action'],
    },
  ]);
  assert.equal(messagesIn([{ id: 'a', action: 'human_input' }]), [
    'Node "a" has the unknown action "human_input"; did you mean "human.input"?',
  ]);
  assert.equal(messagesIn([{ id: 'a', action: 'something else' }]), [
    'Node "a" has the unknown action "something else"; known are "fetch", "clean", "load", "human.input", "dag".',
  ]);
});

test('names an unknown pool', () => {
  assert.equal(errorsIn([node('a', [], { pool: 'gpus' })], { pools: { gpu: 2 } }), [
    {
      type: 'UnknownPool',
      message: 'Node "a" needs the pool "gpus", which config.pools lacks; did you mean "gpu"?',
      node: 'a',
      path: ['nodes[0].pool'],
    },
  ]);
  assert.equal(messagesIn([node('a', [], { pool: 'constructor' })]), [
    'Node "a" needs the pool "constructor", which config.pools lacks.',
  ]);
});

test("takes the graph's settings over the given ones, key by key", () => {
  const nodes = [node('a', [], { pool: 'gpu' })];
  planOf(nodes, {}, { pools: { gpu: 1 } });
  planOf(nodes, { config: { pools: { gpu: 1 } } }, { pools: { net: 1 } });
  planOf(nodes, { config: { maxNodes: 5 } }, { pools: { gpu: 1 }, maxNodes: 1 });
  assert.is(errorsOf({ name: 'g', nodes, config: { pools: { net: 1 } } }, { pools: { gpu: 1 } }).length, 1);
});

test('names references that lead nowhere or are malformed', () => {
  const inputs = { x: { $ref: 'nope.y' }, deep: [{ z: { $ref: 'a[x]' } }], n: { $ref: 'n', node: 'gone' } };
  assert.equal(
    errorsIn([node('a'), node('b', [], { inputs, forEach: { $ref: 'nor this' } })]).map(
      ({ type, message, node, path }) => [type, message, node, path],
    ),
    [
      ['inputs.x', 'Node "b": input "x" refers to "nope.y", which is neither a node nor inputs.'],
      ['inputs.deep', 'Node "b": input "deep" has the malformed reference "a[x]"; write node.key[0].'],
      ['inputs.n', 'Node "b": input "n" refers to node "gone", which is not defined.'],
      ['forEach', 'Node "b": "forEach" refers to "nor this", which is neither a node nor inputs.'],
    ].map(([key, message]) => ['BadReference', message, 'b', [`nodes[1].${key}`]]),
  );
});

test('names numbers that are out of range', () => {
  const bad = { timeoutMs: 0, tryCount: 1.5, estimateMs: Number.NaN, priority: Infinity, idleTimeoutMs: 2 ** 31 };
  const errors = errorsOf({ name: 'g', nodes: [node('a', [], bad)], config: { pools: { gpu: 0 }, timeoutMs: -1 } });
  assert.ok(errors.every(({ type }) => type === 'InvalidNumber'));
  assert.equal(errors.map(({ message }) => message).toSorted(), [
    'In config.pools.gpu: expected a whole number from 1, got 0.',
    'In config.timeoutMs: expected a number above 0 up to 2147483647, got -1.',
    'In node "a", estimateMs: expected a number from 0 to 2147483647, got NaN.',
    'In node "a", idleTimeoutMs: expected a number above 0 up to 2147483647, got 2147483648.',
    'In node "a", priority: expected a number, got Infinity.',
    'In node "a", timeoutMs: expected a number above 0 up to 2147483647, got 0.',
    'In node "a", tryCount: expected a whole number from 1, got 1.5.',
  ]);
  assert.equal(
    errors.find(({ message }) => message.includes('tryCount')),
    {
      type: 'InvalidNumber',
      message: 'In node "a", tryCount: expected a whole number from 1, got 1.5.',
      node: 'a',
      path: ['nodes[0].tryCount'],
    },
  );
});

test('names what is not of the shape of a graph', () => {
  assert.equal(errorsOf(null), [
    { type: 'Malformed', message: 'In the graph: expected an object, got null.', path: [] },
  ]);
  assert.equal(
    errorsOf({ nodes: {}, colour: 1, configs: {} }).map(({ message }) => message),
    [
      'In nodes: expected a list, got an object.',
      'In colour: unknown key "colour".',
      'In configs: unknown key "configs"; did you mean "config"?',
      'In name: "name" is missing.',
    ],
  );
  assert.equal(
    messagesIn([5, { id: 'a' }, { id: 3, action: 'fetch' }, node('b', [], { deps: ['a', 7], dep: [], runIf: 'ever' })]),
    [
      'In nodes[0]: expected an object, got 5.',
      'In node "a", action: "action" is missing.',
      'In nodes[2].id: expected string, got 3.',
      'In node "b", deps[1]: expected string, got 7.',
      'In node "b", dep: unknown key "dep"; did you mean "deps"?',
      'In node "b", runIf: expected "allSucceeded" | "anySucceeded" | "allDone", got "ever".',
    ],
  );
  assert.equal(messagesIn([node('a', [], { inputs: { x: new Map() } })]), [
    'In node "a", inputs.x: the value is Map, which JSON cannot hold.',
  ]);
  assert.equal(messagesIn([node('a', [], { placement: 'there' })]), [
    'Node "a" has the placement "there"; write "local" or "pool:name".',
  ]);
  assert.equal(
    errorsOf({ name: '', nodes: [] }).map(({ message }) => message),
    [`The graph's name "" is empty; write 1 to 1,000 characters.`],
  );
});

test('refuses what expansion alone may set', () => {
  assert.equal(messagesIn([node('a'), node('b', [], { parent: 'a', item: null, index: 0 })]), [
    'Node "b" has "parent", which is set by expansion, not by users; leave it out.',
    'Node "b" has "item", which is set by expansion, not by users; leave it out.',
    'Node "b" has "index", which is set by expansion, not by users; leave it out.',
  ]);
  for (const [key, value] of Object.entries({ parent: 'a', item: null, index: 0 }))
    assert.equal(messagesIn([node('a'), node('b', [], { [key]: value })]), [
      `Node "b" has "${key}", which is set by expansion, not by users; leave it out.`,
    ]);
});

test('refuses ids that are reserved', () => {
  const nodes = [
    { id: 'inputs', action: 'fetch' },
    node('x', [], { forEach: { $ref: 'inputs.list' } }),
    { id: 'sub', action: 'dag' },
    node('f', [], { failureAction: 'load' }),
    { id: 'both', action: 'dag', forEach: { $ref: 'inputs.list' }, failureAction: 'load' },
  ];
  const refused = ['x[0]', 'x[12].failure', 'sub/a', 'sub/a/b[3]', 'f.failure', 'both[1]/a', 'both/a', 'both.failure'];
  const granted = ['x[a]', 'x[]', 'x[1', 'x.failure', 'subs/a', 'f.failures', 'f[0]', 'f/a', 'plain[0]/a.failure'];
  const errors = errorsIn([...nodes, ...[...granted, ...refused].map((id) => node(id))]);
  assert.ok(errors.every(({ type }) => type === 'ReservedId'));
  assert.equal(errors.map(({ node }) => node), ['inputs', ...refused]); // prettier-ignore
  assert.equal(
    errors.map(({ message }) => message).filter((_, i) => [0, 1, 3, 5].includes(i)),
    [
      'The id "inputs" is reserved for the run\'s inputs; rename the node.',
      'The id "x[0]" is reserved for the items of node "x"; rename the node.',
      'The id "sub/a" is reserved for the sub-DAG of node "sub"; rename the node.',
      'The id "f.failure" is reserved for the failure action of node "f"; rename the node.',
    ],
  );
});

test('refuses malformed ids', () => {
  assert.equal(
    errorsIn([node(''), node('a\0b'), node('\ud83d'), node('x'.repeat(1_001))]).map(({ type, message }) => [
      type,
      message,
    ]),
    [
      'The id "" is empty; write 1 to 1,000 characters.',
      'The id "a\\u0000b" holds a NUL character; leave it out.',
      'The id "\\ud83d" holds half of a surrogate pair; write well-formed Unicode.',
      `The id "${'x'.repeat(56)}…" has 1001 characters; write at most 1,000.`,
    ].map((message) => ['MalformedId', message]),
  );
});

test('takes every well-formed id, whatever it means elsewhere', () => {
  const ids = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '😀', '\u202eabc', 'x'.repeat(1_000), ' ', 'a\nb', 'a.b', 'c[0]', 'd/e', '0', '-1', 'length']; // prettier-ignore
  const plan = planOf([
    ...ids.map((id) => node(id)),
    node('all', ids, { inputs: Object.fromEntries(ids.map((id) => [id, { $ref: '', node: id, path: ['k'] }])) }),
  ]);
  assert.equal([...plan.indexOf.keys()], [...ids, 'all']);
  assert.equal(
    [...plan.deps],
    ids.map((_, i) => i),
  );
  assert.is(Object.keys(plan.bound.get(ids.length)!.inputs!).length, ids.length);
  assert.ok(Object.hasOwn(plan.bound.get(ids.length)!.inputs!, '__proto__'));
});

test('refuses more nodes than config.maxNodes', () => {
  assert.equal(errorsIn([node('a'), node('b'), node('c')], { maxNodes: 2 }), [
    { type: 'TooManyNodes', message: 'The graph has 3 nodes; config.maxNodes allows 2.', path: ['nodes'] },
  ]);
});

test('finds every error at once, also in what is left of malformed nodes', () => {
  const errors = errorsOf(
    {
      name: 'g',
      tags: 'none',
      config: { maxNodes: 3, timeoutMs: 'long' },
      nodes: [
        { id: 'a', action: 'fetsh', deps: ['b', 'zz', 5], retries: 3 },
        node('b', ['a'], { pool: 'gpu', inputs: { bad: Number.NaN, ref: { $ref: 'nope' } } }),
        node('b'),
        node('c', ['c'], { parent: 'x' }),
        node('', [], { timeoutMs: -5 }),
        node('inputs'),
      ],
    },
    { maxNodes: 2 },
  );
  assert.equal(
    errors.map(({ type, node, path }) => `${type} ${node ?? ''} ${path!.join(' ')}`),
    [
      'Malformed  tags',
      'InvalidNumber  config.timeoutMs',
      'Malformed a nodes[0].deps[2]',
      'Malformed a nodes[0].retries',
      'Malformed b nodes[1].inputs.bad',
      'InvalidNumber  nodes[4].timeoutMs',
      'DuplicateId b nodes[1].id nodes[2].id',
      'UnknownAction a nodes[0].action',
      'Malformed c nodes[3].parent',
      'MalformedId  nodes[4].id',
      'ReservedId inputs nodes[5].id',
      'UnknownDependency a nodes[0].deps[1]',
      'BadReference b nodes[1].inputs.ref',
      'SelfDependency c nodes[3].deps[0]',
      'Cycle a a b a',
    ],
  );
});

test('keeps some of every type when it cuts the list at 100', () => {
  const errors = errorsIn([
    ...Array.from({ length: 500 }, (_, i) => ({ id: `n${i}`, action: 'unknown', pool: 'none' })),
    node('x', ['y']),
    node('y', ['x']),
  ]);
  assert.is(errors.length, 100);
  assert.equal(errors.at(-1), { type: 'Malformed', message: 'There are 902 more errors; mend these first.' });
  const count = (type: string) => errors.filter((error) => error.type === type).length;
  assert.equal([count('UnknownAction'), count('UnknownPool'), count('Cycle')], [49, 49, 1]);
});

test('warns of attempts that are clamped and of failure actions that will not run', () => {
  const plan = planOf(
    [
      node('a', [], { tryCount: 10 }),
      node('b', [], { tryCount: 3, failureAction: '' }),
      node('c', [], { failureAction: 'lod' }),
      node('d', [], { failureAction: 'load' }),
    ],
    {},
    { maxAttempts: 4 },
  );
  assert.equal(plan.warnings, [
    'Node "a" asks for 10 attempts; config.maxAttempts allows 4.',
    'Node "b" has an empty failureAction; nothing will run after its failure.',
    'The failureAction "lod" of node "c" is not registered yet; did you mean "load"?',
  ]);
  assert.is(planOf(Array.from({ length: 500 }, (_, i) => node(`n${i}`, [], { tryCount: 9 }))).warnings.length, 100);
});

test('lets a fan-out repeat a sub-DAG or a question', () => {
  planOf([
    { id: 'each', action: 'dag', forEach: { $ref: 'inputs.list' }, inputs: { dag: 'one' } },
    { id: 'ask', action: 'human.input', forEach: { $ref: 'each' } },
  ]);
});

test('never throws, whatever it is given', () => {
  for (const value of [
    undefined,
    null,
    0,
    '',
    'x',
    [],
    [[]],
    () => 1,
    Symbol('x'),
    1n,
    new Map(),
    { nodes: null },
    { nodes: [null, [], 'x'] },
    { name: {}, nodes: [{}] },
    { __proto__: null },
  ])
    // prettier-ignore
    assert.ok(errorsOf(value).length > 0);
});

test.run();
