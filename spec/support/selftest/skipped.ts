import { suite } from 'uvu';
import { skip } from '../skip.js';

const test = suite('skipped');
test('runs', () => {});
skip(test, 'the rest', 'there is no rest');
test.run();
