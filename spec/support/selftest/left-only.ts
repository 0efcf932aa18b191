import { suite } from 'uvu';

const test = suite('only left in');
test.only('runs', () => {});
test.run();
