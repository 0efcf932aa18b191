import { suite } from 'uvu';

const test = suite('unhandled rejection');
test('passes and rejects nobody', () => {
  void Promise.reject(new Error('nobody listens'));
});
test.run();
