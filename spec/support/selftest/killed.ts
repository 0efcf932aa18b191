import { suite } from 'uvu';

const test = suite('killed');
test('dies at once', () => {
  process.kill(process.pid, 'SIGKILL');
});
test.run();
