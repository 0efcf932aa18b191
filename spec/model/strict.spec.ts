import * as t from 'io-ts';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';
import { explain } from '../../lib/model/explain.js';
import { nearest } from '../../lib/model/nearest.js';
import { NodeSpec } from '../../lib/model/NodeSpec.js';
import { Count, list, recordOf, strict, tagged } from '../../lib/model/strict.js';

interface Thing {
  readonly name: string;
  readonly count?: number;
  readonly parts?: readonly Thing[];
}
const Thing: t.Type<Thing, Thing, unknown> = t.recursion('Thing', () =>
  strict<Thing>('Thing', { name: t.string }, { count: Count, parts: list(Thing) }),
);
const problems = (codec: t.Mixed, value: unknown): readonly string[] => {
  const result = codec.decode(value);
  return result._tag === 'Left' ? explain(result.left) : [];
};

const test = suite('strict codecs');

test('copy what is valid into frozen objects of their own', () => {
  const given = { name: 'a', parts: [{ name: 'b' }] };
  const result = Thing.decode(given);
  assert.ok(result._tag === 'Right');
  assert.equal(result.right, given);
  assert.is.not(result.right, given);
  assert.ok(
    Object.isFrozen(result.right) && Object.isFrozen(result.right.parts) && Object.isFrozen(result.right.parts![0]),
  );
});

test('take an optional key that is undefined for absent', () => {
  const result = Thing.decode({ name: 'a', count: undefined });
  assert.ok(result._tag === 'Right' && !('count' in result.right));
  assert.equal(problems(Thing, { name: undefined }), ['name: "name" is missing']);
});

test('refuse unknown keys and name the nearest one', () => {
  assert.equal(problems(Thing, { name: 'a', cuont: 1, other: 2 }), [
    'cuont: unknown key "cuont"; did you mean "count"?',
    'other: unknown key "other"',
  ]);
  assert.equal(problems(Thing, JSON.parse('{"name":"a","__proto__":1,"constructor":2}')), [
    '__proto__: unknown key "__proto__"',
    'constructor: unknown key "constructor"',
  ]);
});

test('tell every error with its place', () => {
  assert.equal(problems(Thing, { count: 0, parts: [{ name: 1 }, { name: 'b', parts: [{}] }, null] }), [
    'count: expected a whole number from 1, got 0',
    'parts[0].name: expected string, got 1',
    'parts[1].parts[0].name: "name" is missing',
    'parts[2]: expected an object, got null',
    'name: "name" is missing',
  ]);
  assert.equal(problems(Thing, []), ['expected an object, got a list']);
  assert.equal(problems(recordOf(Count), { a: 1, b: 'x'.repeat(100) }), [
    `b: expected a whole number from 1, got "${'x'.repeat(56)}…"`,
  ]);
});

test('speak of the one case that a type names', () => {
  const Shape = tagged<{ type: 'Dot' } | { type: 'Ring'; radius: number }>('Shape', {
    Dot: strict<{ type: 'Dot' }>('Dot', { type: t.literal('Dot') }, {}),
    Ring: strict<{ type: 'Ring'; radius: number }>('Ring', { type: t.literal('Ring'), radius: Count }, {}),
  });
  assert.equal(problems(Shape, { type: 'Ring', radius: -1 }), ['radius: expected a whole number from 1, got -1']);
  assert.equal(problems(Shape, { type: 'rnig' }), ['"rnig" is no Shape; did you mean "Ring"?']);
  assert.equal(problems(Shape, { type: '__proto__' }), ['"__proto__" is no Shape']);
  assert.equal(problems(Shape, null), ['this is no Shape']);
  assert.ok(Shape.is({ type: 'Dot' }) && !Shape.is({ type: 'Ring' }));
});

test('survive a hundred thousand errors', () => {
  const result = list(Thing).decode(Array.from({ length: 100_000 }, () => ({})));
  assert.is(result._tag === 'Left' && result.left.length, 100_000);
});

test('notice what changes while it is read', () => {
  let reads = 0;
  const shifty = {
    get name() {
      return reads++ === 0 ? 5 : 'fine';
    },
  };
  assert.ok(problems(Thing, shifty).length > 0);
});

test('keep own keys of any name in records', () => {
  const result = recordOf(Count).decode(JSON.parse('{"__proto__":1,"toString":2}'));
  assert.ok(result._tag === 'Right');
  assert.equal(Object.keys(result.right), ['__proto__', 'toString']);
});

test('know nodes and commands', () => {
  assert.equal(problems(NodeSpec, { action: 'a', inputs: { x: [new Date(0)] }, cache: { ttlMs: 5 } }), []);
  assert.equal(problems(NodeSpec, { action: 'a', cache: 'forever' }), [
    'cache: expected ("never" | "always" | { ttlMs }), got "forever"',
  ]);
  assert.equal(problems(ExecutorCommand, { type: 'RetryNod', nodeId: 'a' }), [
    '"RetryNod" is no ExecutorCommand; did you mean "RetryNode"?',
  ]);
  assert.equal(problems(ExecutorCommand, { type: 'AddNode', spec: { action: 'a', dpes: [] } }), [
    'spec.dpes: unknown key "dpes"; did you mean "deps"?',
  ]);
});

test('nearest finds a name of which at most a third differs', () => {
  const known = ['fetch', 'clean', 'load', 'human.input'];
  assert.is(nearest('fecth', known), 'fetch');
  assert.is(nearest('LOAD', known), 'load');
  assert.is(nearest('humaninput', known), 'human.input');
  assert.is(nearest('x', known), undefined);
  assert.is(nearest('', known), undefined);
  assert.is(nearest('fetch'.repeat(50), known), undefined);
});

test.run();
