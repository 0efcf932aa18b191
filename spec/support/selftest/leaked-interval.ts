import { suite } from 'uvu';

const test = suite('leaked interval');
test('passes and leaves a timer behind', () => {
  setInterval(() => {}, 1_000);
});
test.run();
