import { suite } from 'uvu';

const test = suite('failing before hook');
test.before(() => {
  throw new Error('no database');
});
test('never runs', () => {});
test.run();
