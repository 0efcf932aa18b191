import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getOwn, Json, jsonEquals, setOwn, toJson } from '../../lib/model/Json.js';

const messageOf = (value: unknown): string => {
  try {
    toJson(value);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};

const test = suite('Json');

test('copies what JSON can hold, as JSON itself would', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copied = toJson(value);
      assert.is(JSON.stringify(copied), JSON.stringify(value));
      assert.ok(typeof value !== 'object' || value === null || copied !== value);
    }),
  );
});

test('turns undefined into null, anywhere', () => {
  assert.is(toJson(undefined), null);
  assert.equal(toJson({ a: undefined, b: [undefined, , 1] }), { a: null, b: [null, null, 1] }); // oxlint-disable-line no-sparse-arrays
});

test('asks toJSON first', () => {
  assert.equal(toJson({ at: new Date(0) }), { at: '1970-01-01T00:00:00.000Z' });
  assert.is(toJson({ toJSON: () => undefined }), null);
  assert.equal(toJson({ toJSON: () => ({ x: new Date(0) }) }), { x: '1970-01-01T00:00:00.000Z' });
});

test('takes instances of classes as objects, and objects without prototype', () => {
  class Point {
    readonly x = 1;
    readonly #y = 2;
    sum(): number {
      return this.x + this.#y;
    }
  }
  assert.equal(toJson(new Point()), { x: 1 });
  assert.equal(toJson(Object.assign(Object.create(null) as object, { a: 1 })), { a: 1 });
});

test('refuses what JSON cannot hold, naming the place', () => {
  assert.is(messageOf(Number.NaN), 'the value is NaN, which JSON cannot hold');
  assert.is(messageOf({ a: [0, Infinity] }), 'the value at "a[1]" is Infinity, which JSON cannot hold');
  assert.is(messageOf({ a: { b: new Map() } }), 'the value at "a.b" is Map, which JSON cannot hold');
  assert.is(messageOf([new Set()]), 'the value at "[0]" is Set, which JSON cannot hold');
  assert.is(messageOf({ f: () => 1 }), 'the value at "f" is a function, which JSON cannot hold');
  assert.is(messageOf({ n: 1n }), 'the value at "n" is a bigint, which JSON cannot hold');
  assert.is(messageOf({ s: Symbol('s') }), 'the value at "s" is a symbol, which JSON cannot hold');
  assert.is(messageOf({ p: Promise.resolve() }), 'the value at "p" is Promise, which JSON cannot hold');
  assert.is(messageOf(/x/), 'the value is RegExp, which JSON cannot hold');
});

test('refuses more than 64 levels, and so what refers to itself', () => {
  assert.is(JSON.stringify(toJson(nested(64))), JSON.stringify(nested(64)));
  assert.match(messageOf(nested(65)), 'nests deeper than 64 levels or refers to itself');
  const loop: { self?: unknown } = {};
  loop.self = loop;
  assert.match(messageOf(loop), 'nests deeper than 64 levels or refers to itself');
  const endless = { toJSON: (): unknown => endless };
  assert.match(messageOf(endless), 'nests deeper than 64 levels or refers to itself');
});

test('keeps __proto__ as a key like any other', () => {
  const copied = toJson(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'));
  assert.is(JSON.stringify(copied), '{"__proto__":{"polluted":true},"constructor":1}');
  assert.is(Object.getPrototypeOf(copied), Object.prototype);
  assert.is(getOwn(copied, 'toString'), undefined);
  assert.is((copied as { polluted?: boolean }).polluted, undefined);
  const target: Record<string, number> = {};
  setOwn(target, '__proto__', 1);
  assert.equal(Object.keys(target), ['__proto__']);
});

test('freezes the copy all the way down, not the original', () => {
  const original = { a: [{ b: 1 }] };
  const copied = toJson(original) as typeof original;
  assert.ok(Object.isFrozen(copied) && Object.isFrozen(copied.a) && Object.isFrozen(copied.a[0]));
  original.a[0]!.b = 2;
  assert.is(copied.a[0]!.b, 1);
});

test('jsonEquals compares by value, whatever the order of keys', () => {
  assert.ok(jsonEquals({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] }));
  for (const [a, b] of [
    [1, '1'],
    [[], {}],
    [null, {}],
    [{ a: 1 }, { b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 2 }],
    [[1], [1, 2]],
  ] as [Json, Json][])
    // prettier-ignore
    assert.not.ok(jsonEquals(a, b));
  assert.not.ok(jsonEquals({ constructor: 1 }, { toString: 1 }));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => assert.ok(jsonEquals(toJson(value), toJson(structuredClone(value))))),
  );
});

test('the codec explains instead of throwing', () => {
  assert.is(Json.decode({ a: Number.NaN })._tag, 'Left');
  assert.is(Json.is(Number.NaN), false);
  assert.is(Json.is([1]), true);
});

test.run();
