// alone
// timeout: 240000
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command, root } from '../support/command.js';
import { redisTest } from '../support/redis.js';

const test = suite('demos/fleet');

redisTest(test, 'a worker and the leading coordinator are killed, and each node completes exactly once', async () => {
  const main = join(root, 'demos', 'fleet', 'main.ts');
  const { code, text } = await command(process.execPath, ['--import', 'tsx', main], { timeoutMs: 200_000 });
  assert.is(code, 0, text);
  assert.is(text.match(/^yes {2}/gm)?.length, 6, text);
  assert.match(text, /350 nodes done: worker process \d+ is killed/);
  assert.match(text, /700 nodes done: coordinator process \d+ is killed/);
  assert.match(text, /another coordinator goes on/);
  assert.match(text, /1050 nodes completed/);
});

test.run();
