// timeout: 120000
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command, root } from '../support/command.js';

const test = suite('demos/threads');

test('packs the same in one thread and in several, and tells by how much that is faster', async () => {
  const main = join(root, 'demos', 'threads', 'main.ts');
  const { code, text } = await command(process.execPath, ['--import', 'tsx', main], { timeoutMs: 115_000 });
  assert.is(code, 0, text);
  assert.is(text.match(/^yes {2}/gm)?.length, 2, text);
  assert.is(text.match(/event loop delay p99 \d+\.\d ms$/gm)?.length, 2, text);
  assert.match(text, /^speed-up with 2 threads: \d\.\d\d$/m);
});

test.run();
