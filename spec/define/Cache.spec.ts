import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache, type CacheChange } from '../../lib/define/Cache.js';
import { DagError } from '../../lib/define/DagError.js';

const test = suite('Cache');

test('keeps values by node and key', () => {
  const cache = new Cache();
  cache.insertValue('a', 'x', 1);
  cache.insertValue('a', 'x', 2);
  cache.insertValue('a', 'y', undefined);
  assert.is(cache.getInput('a', 'x'), 2);
  assert.is(cache.getInput('a', 'y'), null);
  assert.is(cache.getInput('a', 'z'), undefined);
  assert.is(cache.getInput('b', 'x'), undefined);
  assert.ok(cache.hasValue('a', 'y') && !cache.hasValue('a', 'z') && !cache.hasValue('b', 'x'));
  assert.is(JSON.stringify(cache.getNode('a')), '{"x":2,"y":null}');
  assert.is(cache.getNode('b'), undefined);
  cache.clearNode('a');
  cache.clearNode('never there');
  assert.not.ok(cache.hasValue('a', 'x'));
});

test('copies and freezes what enters, and refuses what is no JSON', () => {
  const cache = new Cache();
  const list = [1];
  cache.insertValue('a', 'list', list);
  list.push(2);
  assert.equal(cache.getInput('a', 'list'), [1]);
  assert.ok(Object.isFrozen(cache.getInput('a', 'list')));
  assert.throws(() => cache.insertValue('a', 'map', new Map()), 'the value is Map, which JSON cannot hold');
});

test('appends to global lists as Dagger does', () => {
  const cache = new Cache();
  cache.appendGlobalValue('d', 'k', 1);
  assert.equal(cache.getGlobalValue('d', 'k'), [1]);
  cache.appendGlobalValue('d', 'k', [2]);
  assert.equal(cache.getGlobalValue('d', 'k'), [1, [2]]);
  cache.insertGlobalValue('d', 'one', 'a');
  cache.appendGlobalValue('d', 'one', 'b');
  assert.equal(cache.getGlobalValue('d', 'one'), ['a', 'b']);
  cache.insertGlobalValue('d', 'nothing', null);
  cache.appendGlobalValue('d', 'nothing', 1);
  assert.equal(cache.getGlobalValue('d', 'nothing'), [null, 1]);
  cache.insertGlobalValue('d', 'list', [1]);
  cache.appendGlobalValue('d', 'list', 2);
  assert.equal(cache.getInput('global:d', 'list'), [1, 2]);
  assert.is(cache.getGlobalValue('other', 'k'), undefined);
});

test('never changes a list that somebody has read', () => {
  const cache = new Cache();
  const seen: unknown[] = [];
  cache.appendGlobalValue('d', 'k', 1);
  for (const read of [
    () => cache.getGlobalValue('d', 'k'),
    () => cache.getNode('global:d')!['k'],
    () => cache.toJSON()['global:d']!['k']!.value,
  ]) {
    seen.push(read());
    assert.ok(Object.isFrozen(seen.at(-1)));
    cache.appendGlobalValue('d', 'k', 1);
    cache.appendGlobalValue('d', 'k', 1);
  }
  assert.equal(seen, [[1], [1, 1, 1], [1, 1, 1, 1, 1]]);
});

test('appends 200,000 values in linear time', () => {
  const cache = new Cache();
  const started = performance.now();
  for (let i = 0; i < 200_000; i++) cache.appendGlobalValue('d', 'k', i);
  assert.ok(performance.now() - started < 5_000);
  assert.is(cache.getGlobalValue<number[]>('d', 'k')!.length, 200_000);
});

test("reads and writes Dagger's JSON", () => {
  const text = '{"a":{"x":{"value":{"deep":[1]}},"y":{"value":null}},"global:d":{"k":{"value":[1]}}}';
  const cache = Cache.fromJSON(JSON.parse(text));
  assert.is(JSON.stringify(cache), text);
  assert.is(JSON.stringify(new Cache()), '{}');
  for (const bad of [null, [], 5, { a: 1 }, { a: { x: 1 } }, { a: { x: { valu: 1 } } }])
    assert.throws(() => Cache.fromJSON(bad), (error: unknown) => error instanceof DagError && error.type === 'InvalidCache'); // prettier-ignore
  assert.throws(() => Cache.fromJSON({ a: { x: 1 } }), 'Key "x" of namespace "a" is not of the form {"value": …}.');
});

test('takes keys of any name', () => {
  const cache = new Cache();
  for (const name of ['__proto__', 'constructor', 'toString', '', '😀']) cache.insertValue(name, name, name);
  const again = Cache.fromJSON(JSON.parse(JSON.stringify(cache)));
  for (const name of ['__proto__', 'constructor', 'toString', '', '😀']) assert.is(again.getInput(name, name), name);
  assert.is(again.getInput('valueOf', 'call'), undefined);
  assert.is(JSON.stringify(again), JSON.stringify(cache));
});

test('tells every change', () => {
  const cache = new Cache();
  cache.insertValue('a', 'before', 1);
  const seen: CacheChange[] = [];
  const subscription = cache.change$.subscribe((change) => seen.push(change));
  cache.insertValue('a', 'x', { y: 1 });
  cache.appendGlobalValue('d', 'k', 1);
  cache.appendGlobalValue('d', 'k', 2);
  cache.clearNode('a');
  subscription.unsubscribe();
  cache.insertValue('a', 'after', 1);
  assert.equal(seen, [
    { namespace: 'a', key: 'x', value: { y: 1 } },
    { namespace: 'global:d', key: 'k', value: [1] },
    { namespace: 'global:d', key: 'k', value: [1, 2] },
    { namespace: 'a', key: 'before', value: undefined },
    { namespace: 'a', key: 'x', value: undefined },
  ]);
});

test.run();
