import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../lib/model/Json.js';
import { ref, type InputValue, type Ref } from '../../lib/model/Ref.js';
import { bindNode, resolve, walk, type BoundRef } from '../../lib/plan/references.js';

const ids = ['a', 'a.b', 'a.b[0]', '__proto__', 'inputs.x', 'a.very', 'sp ace', '1'];
const lookup = (id: string) => (ids.includes(id) ? ids.indexOf(id) : undefined);
const bind = (inputs: Record<string, InputValue>) => bindNode({ action: 'x', inputs }, lookup);
const bound = (value: Ref | string): BoundRef => {
  const { bound, errors } = bind({ it: typeof value === 'string' ? ref(value) : value });
  assert.equal(errors, []);
  return bound!.inputs!['it'] as BoundRef;
};
const where = (value: Ref | string) => {
  const { index, node, path } = bound(value);
  return [index, node, ...path];
};
const errorOf = (value: unknown) => bind({ it: value as InputValue }).errors[0]?.message;

const test = suite('references');

test('binds to the longest node id', () => {
  assert.equal(where('a'), [0, 'a']);
  assert.equal(where('a.c'), [0, 'a', 'c']);
  assert.equal(where('a.b.c'), [1, 'a.b', 'c']);
  assert.equal(where('a.b[0].c[12]'), [2, 'a.b[0]', 'c', 12]);
  assert.equal(where('a.b[1]'), [1, 'a.b', 1]);
  assert.equal(where('__proto__.__proto__'), [3, '__proto__', '__proto__']);
  assert.equal(where('sp ace.a b'), [6, 'sp ace', 'a b']);
  assert.equal(where('1[0]'), [7, '1', 0]);
});

test('binds to the inputs of the run where no node has the name', () => {
  assert.equal(where('inputs'), [-1, 'inputs']);
  assert.equal(where('inputs.a.b'), [-1, 'inputs', 'a', 'b']);
  assert.equal(where('inputs.a[0]'), [-1, 'inputs', 'a', 0]);
  assert.equal(where('inputs[0]'), [-1, 'inputs', 0]);
  assert.equal(where('inputs.odd [key'), [-1, 'inputs', 'odd [key']);
  assert.equal(where('inputs.x.y'), [4, 'inputs.x', 'y']);
});

test('takes a node and path for what they are', () => {
  assert.equal(where(ref({ node: 'a', path: ['b', 0] })), [0, 'a', 'b', 0]);
  assert.equal(where(ref({ node: 'a.b[0]', path: 'c.d[1]' })), [2, 'a.b[0]', 'c', 'd', 1]);
  assert.equal(where({ $ref: 'a.b', node: 'a' }), [0, 'a', 'b']);
  assert.is(errorOf({ $ref: '', node: 'zz' }), 'input "it" refers to node "zz", which is not defined.');
});

test('says why a reference cannot be bound', () => {
  assert.is(errorOf(ref('zz.x')), 'input "it" refers to "zz.x", which is neither a node nor inputs.');
  assert.is(errorOf(ref('')), 'input "it" refers to "", which is neither a node nor inputs.');
  assert.is(errorOf(ref('inputsx')), 'input "it" refers to "inputsx", which is neither a node nor inputs.');
  for (const text of ['a[', 'a[x]', 'a..b', 'a.', 'a[0]b', 'a[-1]', 'a.b[0].'])
    assert.is(errorOf(ref(text)), `input "it" has the malformed reference "${text}"; write node.key[0].`);
  assert.is(errorOf(ref('inputs[x]')), 'input "it" has the malformed reference "inputs[x]"; write inputs.key.');
  assert.throws(() => ref({ node: 'a', path: '..' }), 'The path ".." is not of the form a.b[0].');
});

test('takes long references in linear time', () => {
  const started = performance.now();
  assert.equal(where(`a${'.x'.repeat(100_000)}`).length, 100_002);
  assert.match(errorOf(ref('z'.concat('.x'.repeat(500_000))))!, 'neither a node');
  assert.ok(performance.now() - started < 2_000);
});

test('finds references anywhere inside inputs, and the dependencies they imply', () => {
  const { deps, bound } = bindNode(
    {
      action: 'x',
      deps: ['later', 'a'],
      inputs: { list: [1, { deep: ref('a.b') }], same: ref('a'), run: ref('inputs.k'), plain: { $refs: 'a' } },
      when: { $ref: '__proto__', equals: 1 },
      forEach: ref('sp ace'),
    },
    lookup,
  );
  assert.equal(deps, ['later', 'a', 'a.b', '__proto__', 'sp ace']);
  assert.is(bound!.when!.node, '__proto__');
  assert.is(bound!.forEach!.node, 'sp ace');
  const read = ({ text }: BoundRef): Json => text.toUpperCase();
  assert.equal(resolve(bound!.inputs!, read), {
    list: [1, { deep: 'A.B' }],
    same: 'A',
    run: 'INPUTS.K',
    plain: { $refs: 'a' },
  });
});

test('leaves a $literal as it stands', () => {
  const { bound, deps } = bind({ it: { $literal: { $ref: 'zz', $literal: 1 } }, other: { $ref: 5 } });
  assert.equal(deps, []);
  assert.equal(
    resolve(bound!.inputs!, () => null),
    { it: { $ref: 'zz', $literal: 1 }, other: { $ref: 5 } },
  );
});

test('binds nothing where there is nothing to bind', () => {
  assert.is(bind({ a: 1, b: [{ c: 'a' }] }).bound, undefined);
  assert.equal(bindNode({ action: 'x', deps: ['a', 'b', 'a'] }, lookup).deps, ['a', 'b']);
});

test('walks own keys alone, and prefers a whole key with dots', () => {
  const value = { a: { b: 1 }, 'x.y': 2, x: { y: 3, z: 4 }, list: [{ k: null }] };
  const text = (...path: (string | number)[]): Json | undefined => walk(value, { path, isExact: false });
  const exact = (...path: (string | number)[]): Json | undefined => walk(value, { path, isExact: true });
  assert.is(text('a', 'b'), 1);
  assert.is(text('x', 'y'), 2);
  assert.is(exact('x', 'y'), 3);
  assert.is(exact('x.y'), 2);
  assert.is(text('x', 'z'), 4);
  assert.is(text('list', 0, 'k'), null);
  for (const path of [
    ['constructor'],
    ['__proto__'],
    ['a', 'toString'],
    ['list', 1],
    ['list', 'length'],
    ['a', 'b', 'c'],
  ])
    assert.is(text(...path), undefined);
});

test.run();
