import { suite } from 'uvu';

const test = suite('late throw');
test('passes and throws after the last test', () => {
  setTimeout(() => {
    throw new Error('too late to be caught');
  }, 50);
});
test.run();
