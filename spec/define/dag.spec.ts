import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action } from '../../lib/define/action.js';
import { dag } from '../../lib/define/dag.js';
import { DagError } from '../../lib/define/DagError.js';
import { input } from '../../lib/define/Handle.js';
import type { NodeContext } from '../../lib/define/NodeAction.js';
import { ref } from '../../lib/model/Ref.js';
import { compile } from '../../lib/plan/compile.js';

const fetchRows = action('fetch', ({ inputs }: NodeContext<{ url: string }>) => ({
  rows: [inputs.url],
  user: { name: '' },
}));
const load = action('load', ({ inputs }: NodeContext<{ rows: readonly string[] }>) => inputs.rows.length);
const any = action('any', ({ inputs }) => inputs);
const mail = action('mail', () => null);

const test = suite('dag');

test('builds a graph of plain data and the registry of its actions', () => {
  const etl = dag('etl', { maxParallelNodes: 2 })
    .node('fetch', fetchRows, { url: input('url') })
    .node('load', load, ({ fetch }) => ({ rows: fetch.rows }), { tryCount: 3, branch: 'sink', deps: ['fetch'] })
    .node('again', load, { rows: ['literal'] });
  assert.is(etl.name, 'etl');
  assert.equal(JSON.parse(JSON.stringify(etl.graph)), {
    name: 'etl',
    nodes: [
      { id: 'fetch', action: 'fetch', inputs: { url: { $ref: 'inputs.url' } } },
      {
        id: 'load',
        action: 'load',
        inputs: { rows: { $ref: 'fetch.rows', node: 'fetch', path: ['rows'] } },
        tryCount: 3,
        branch: 'sink',
        deps: ['fetch'],
      },
      { id: 'again', action: 'load', inputs: { rows: ['literal'] } },
    ],
    config: { maxParallelNodes: 2 },
  });
  assert.equal(etl.registry.list(), ['fetch', 'load']);
  assert.is(etl.registry.get('load'), load);
  assert.is(etl.graph, etl.graph);
  assert.is(etl.registry, etl.registry);
  const compiled = compile(etl.graph, etl.registry);
  assert.equal(compiled._tag === 'Right' && [...compiled.right.deps], [0]);
});

test('changes nothing that was built before', () => {
  const start = dag('d').node('a', mail);
  const one = start.node('b', mail);
  const other = start.node('c', mail);
  assert.equal(
    [start, one, other].map(({ graph }) => graph.nodes.map(({ id }) => id)),
    [['a'], ['a', 'b'], ['a', 'c']],
  );
});

test('turns handles into references, anywhere, as deep as they go', () => {
  const { graph } = dag('d')
    .node('a.b', any)
    .node('x', any, (nodes) => {
      const whole = nodes['a.b'];
      return {
        whole,
        deep: [{ item: whole.rows[2].name }, [whole['odd key']['0']]],
        when: new Date(0),
        run: input<{ a: number[] }>('in').a[0],
      };
    });
  assert.equal(graph.nodes[1]!.inputs, {
    whole: ref({ node: 'a.b' }),
    deep: [{ item: ref({ node: 'a.b', path: ['rows', 2, 'name'] }) }, [ref({ node: 'a.b', path: ['odd key', 0] })]],
    when: new Date(0),
    run: ref('inputs.in.a[0]'),
  });
});

test('takes handles in when and forEach', () => {
  const { graph, registry } = dag('d')
    .node('a', any)
    .node('b', mail, {}, { when: ({ a }) => a.ok, forEach: ({ a }) => a.list })
    .node('c', mail, {}, { when: ({ a }) => ({ ref: a.ok, equals: { x: 1 }, not: true }) })
    .node('d', mail, {}, { when: input('dry'), forEach: input('list') })
    .node('e', mail, {}, { when: { $ref: 'a', equals: 1 }, failureAction: load })
    .node('f', mail, undefined, { failureAction: 'later' });
  const [, b, c, d, e, f] = graph.nodes;
  assert.equal(b!.when, ref({ node: 'a', path: ['ok'] }));
  assert.equal(b!.forEach, ref({ node: 'a', path: ['list'] }));
  assert.equal(c!.when, { ...ref({ node: 'a', path: ['ok'] }), equals: { x: 1 }, not: true });
  assert.equal([d!.when, d!.forEach], [ref('inputs.dry'), ref('inputs.list')]);
  assert.equal(e!.when, { $ref: 'a', equals: 1 });
  assert.equal([e!.failureAction, f!.failureAction], ['load', 'later']);
  assert.equal(registry.list(), ['any', 'mail', 'load']);
  assert.is(compile(graph, registry)._tag, 'Right');
});

test('adds another definition as a node', () => {
  const inner = dag('inner').node('fetch', fetchRows, { url: input('url') });
  const outer = dag('outer')
    .node('first', any)
    .dag('sub', inner, ({ first }) => ({ url: first.url }), { timeoutMs: 5 })
    .dag('plain', inner)
    .node('last', load, ({ sub }) => ({ rows: sub.fetch.rows }));
  assert.equal(outer.graph.nodes.slice(1), [
    {
      id: 'sub',
      action: 'dag',
      inputs: { dag: 'inner', inputs: { url: ref({ node: 'first', path: ['url'] }) } },
      timeoutMs: 5,
    },
    { id: 'plain', action: 'dag', inputs: { dag: 'inner', inputs: {} } },
    { id: 'last', action: 'load', inputs: { rows: ref({ node: 'sub', path: ['fetch', 'rows'] }) } },
  ]);
  assert.equal(outer.registry.list(), ['any', 'fetch', 'load']);
});

test('takes ids of any name', () => {
  const ids = ['__proto__', 'constructor', 'then', 'toString', '', 'toJSON'];
  let built: any = dag('d');
  for (const id of ids) built = built.node(id, any);
  built = built.node('last', any, (nodes: any) => ({ all: ids.map((id) => nodes[id][id]) }));
  assert.equal(
    built.graph.nodes.at(-1).inputs.all,
    ids.map((id) => ref({ node: id, path: [id] })),
  );
  const { inputs } = dag('d').node('a', any, JSON.parse('{"__proto__":{"x":1}}')).graph.nodes[0]!;
  assert.equal(Object.keys(inputs!), ['__proto__']);
});

test('refuses to compute with a handle', () => {
  const build = (inputs: (nodes: any) => any) => () => dag('d').node('a', any).node('b', any, inputs);
  assert.throws(
    build(({ a }) => ({ x: `${a.url}` })),
    'pass it on, but do not compute with it or spread it',
  );
  assert.throws(
    build(({ a }) => ({ x: a.count + 1 })),
    'do not compute',
  );
  assert.throws(
    build(({ a }) => ({ ...a })),
    'do not compute',
  );
  assert.throws(
    build(({ a, ...rest }) => ({ a, rest })),
    'do not compute',
  );
  assert.throws(
    build(({ a }) => a),
    'The inputs of node "b" are a reference; write an object, such as { value: … }.',
  );
});

test('refuses two actions of one name', () => {
  const built = dag('d').node('a', any).node('b', action('any', () => 1)); // prettier-ignore
  assert.throws(() => built.registry, (error: unknown) => error instanceof DagError && error.type === 'DuplicateAction'); // prettier-ignore
});

test('leaves mistakes that types would have told to compile', () => {
  const built = (dag('d') as any).node('a', any, { x: 1 }).node('b', any, ({ c }: any) => ({ x: c.y }));
  const compiled = compile(built.graph, built.registry);
  assert.is(
    compiled._tag === 'Left' && compiled.left[0]!.message,
    'Node "b": input "x" refers to node "c", which is not defined.',
  );
  const circular: { self?: unknown } = {};
  circular.self = circular;
  assert.is(compile(dag('d').node('a', any, { circular }).graph, built.registry)._tag, 'Left');
});

test('builds 100,000 nodes in linear time', () => {
  const started = performance.now();
  let built: any = dag('long').node('n0', any);
  for (let i = 1; i < 100_000; i++) built = built.node(`n${i}`, any, (nodes: any) => ({ x: nodes[`n${i - 1}`].x }));
  assert.is(built.graph.nodes.length, 100_000);
  assert.equal(built.registry.list(), ['any']);
  assert.is(compile(built.graph, built.registry)._tag, 'Right');
  assert.ok(performance.now() - started < 10_000);
});

test.run();
