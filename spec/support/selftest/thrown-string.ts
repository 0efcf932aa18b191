import { suite } from 'uvu';

const test = suite('thrown string');
test('throws what is no Error', () => {
  // oxlint-disable-next-line no-throw-literal
  throw 'just words';
});
test.run();
