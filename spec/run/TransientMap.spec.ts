import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TransientMap } from '../../lib/run/TransientMap.js';
import { command, root } from '../support/command.js';

const test = suite('TransientMap');

test('it is a map in the order of adding', () => {
  const map = new TransientMap<string, { n: number }>();
  for (const [i, key] of ['a', 'b', 'c'].entries()) map.set(key, { n: i });
  assert.is(map.delete('b'), true);
  assert.is(map.delete('b'), false);
  assert.is(map.get('b'), undefined);
  map.set('a', { n: 9 });
  assert.equal([...map.values()], [{ n: 2 }, { n: 9 }], 'what is set again comes last');
  assert.is(map.size, 2);
});

test('values can go and come while they are looked at', () => {
  const map = new TransientMap<number, { n: number }>();
  for (let n = 0; n < 4; n++) map.set(n, { n });
  const seen: number[] = [];
  for (const { n } of map.values()) {
    seen.push(n);
    map.delete(n + 1);
    if (n === 2) map.set(4, { n: 4 });
  }
  assert.equal(seen, [0, 2, 4]);
});

/** How many bytes the collections of the young generation have promoted for each value that came and went, 64 being there. */
const promoted = async (map: string): Promise<number> => {
  const script = `
    import { TransientMap } from ${JSON.stringify(join(root, 'lib/run/TransientMap.ts'))};
    const map = new ${map}(), VALUES = 200_000;
    const pass = (from) => {
      for (let i = from; i < from + VALUES; i++) {
        map.delete(i - 64);
        map.set(i, { list: new Array(100).fill(0.5) });
      }
    };
    pass(0);
    for (let i = 0; i < 3e6; i++) globalThis.last = { a: [i, i] }; // until what is there is old
    console.log('BEGIN');
    pass(VALUES);`;
  const { text } = await command(process.execPath, [
    '--import',
    'tsx',
    '--trace-gc-nvp',
    '--input-type=module',
    '-e',
    script,
  ]);
  const told = text.slice(text.indexOf('BEGIN'));
  assert.ok(/gc=s /.test(told), told.slice(0, 1_000));
  return [...told.matchAll(/gc=s .* promoted=(\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0) / 200_000;
};

test('no value outlives its time in the old generation', async () => {
  const bytes = await promoted('TransientMap');
  assert.ok(bytes < 150, `${bytes} bytes for each value of 800; with a Map it is ${await promoted('Map')}`);
});

test.run();
