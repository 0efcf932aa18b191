import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('failing assertion');
test('holds', () => assert.ok(true));
test('does not hold', () => assert.is(1, 2));
test.run();
