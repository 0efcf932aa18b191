import { suite } from 'uvu';

const test = suite('failing test and after-each hook');
test.after.each(() => {
  throw new Error('cannot clean up');
});
test('fails', () => {
  throw new Error('first failure');
});
test.run();
