import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitLabel } from '../../../lib/viewer/graph/fitLabel.js';

const test = suite('fitLabel');
const one = (): number => 1;

test('leaves what fits', () => {
  assert.is(fitLabel('load[12]', 8, one), 'load[12]');
  assert.is(fitLabel('', 8, one), '');
});

test('leaves out the middle, as ids differ at their ends', () => {
  assert.is(fitLabel('abcdefghij', 5, one), 'ab…ij');
  assert.is(fitLabel('abcdefghij', 6, one), 'ab…hij');
  assert.is(fitLabel('abcdefghij', 1, one), '…');
  assert.is(fitLabel('abcdefghij', 0, one), '');
});

test('never gets wider than its room', () => {
  const widthOf = (sign: string): number => (sign === 'W' ? 3 : sign === '…' ? 2 : 1);
  for (let room = 0; room < 40; room += 1) {
    const text = fitLabel('WiWiWWiiWWWiiiWWWWiiii', room, widthOf);
    assert.ok(Array.from(text).reduce((sum, sign) => sum + widthOf(sign), 0) <= room, text);
  }
});

test('cuts no sign in two', () => {
  const text = fitLabel('🐙🐙🐙🐙🐙🐙🐙', 4, one);
  assert.is(text, '🐙…🐙🐙');
});

test('shows what would steer, and does not measure a text of millions', () => {
  assert.is(fitLabel('a\u202eb\u0000', 99, one), 'a\\u202eb\\u0000');
  let measured = 0;
  fitLabel('x'.repeat(1e6), 50, () => {
    measured += 1;
    return 1;
  });
  assert.ok(measured < 200);
});

test.run();
