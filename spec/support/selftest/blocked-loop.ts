import { suite } from 'uvu';

const test = suite('blocked event loop');
test('spins', () => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
});
test.run();
