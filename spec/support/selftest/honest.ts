import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('honest');
test('adds', () => assert.is(1 + 1, 2));
test('waits', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
});
test.run();
