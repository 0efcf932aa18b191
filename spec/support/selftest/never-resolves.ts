import { suite } from 'uvu';

const test = suite('never resolves');
test('waits for ever', () => new Promise<void>(() => {}));
test.run();
