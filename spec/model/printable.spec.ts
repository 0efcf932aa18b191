import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printable } from '../../lib/model/printable.js';

const test = suite('printable');

test('what steers a terminal, turns text round or is not seen is written out', () => {
  const signs = [0x1b, 0x0a, 0x7f, 0x9b, 0x2028, 0xd800, 0x202e, 0x2066, 0x200f, 0x200b, 0xad, 0x2060, 0xfeff, 0x3164];
  for (const code of signs)
    assert.is(printable(`a${String.fromCharCode(code)}b`), `a\\u${code.toString(16).padStart(4, '0')}b`);
  assert.is(printable('a\u{e0041}b'), 'a\\u{e0041}b');
});

test('all else stays', () => {
  for (const text of ['naïve', '日本', '👩‍👩‍👧', '❤️', 'שלום', 'a\\b', '']) assert.is(printable(text), text);
});

test.run();
