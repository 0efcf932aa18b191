import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { textOfValue, typedValue } from '../../../lib/viewer/dom/typedValue.js';

const test = suite('typedValue');

test('JSON is read as such where nothing is lost; all else is a text', () => {
  for (const [text, value] of [
    ['yes', 'yes'],
    ['"yes"', 'yes'],
    ['true', true],
    ['{"ok": [1, null]}', { ok: [1, null] }],
    ['{"ok"', '{"ok"'],
    ['12', 12],
    ['12345678901234567890', '12345678901234567890'],
    ['1e999', '1e999'],
    ['[1e999]', '[1e999]'],
  ] as const)
    assert.equal(typedValue(text), value, text);
});

test('what is offered to be typed for a value is read as that value', () => {
  for (const value of ['yes', 'true', '7', '', 7, null, { a: ['x'] }])
    assert.equal(typedValue(textOfValue(value)), value);
  assert.is(textOfValue('yes'), 'yes');
});

test.run();
