import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command, root } from '../support/command.js';

const test = suite('demos/crash');

test('a run that is killed again and again completes each node exactly once', async () => {
  const main = join(root, 'demos', 'crash', 'main.ts');
  const { code, text } = await command(process.execPath, ['--import', 'tsx', main], { timeoutMs: 55_000 });
  assert.is(code, 0, text);
  assert.is(text.match(/^yes {2}/gm)?.length, 5, text);
  assert.match(text, /^process 1: \d+ events seen, killed with SIGKILL$/m);
  assert.match(text, /\d+ kills, \d+ events, 33 nodes completed/);
});

test.run();
