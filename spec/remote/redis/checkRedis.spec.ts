import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkRedis } from '../../../lib/remote/redis/checkRedis.js';
import { redisTest } from '../../support/redis.js';

const test = suite('checkRedis');

redisTest(test, 'has nothing to say of a Redis that keeps all', async (server) => {
  assert.equal(await checkRedis(server.url), { errors: [], warnings: [] });
  const client = server.client();
  assert.equal(await checkRedis(client), { errors: [], warnings: [] });
  assert.is(await client.ping(), 'PONG', 'the given connection stays');
});

redisTest(test, 'says what is wrong, with how to mend it', async (server) => {
  const client = server.client();
  await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await client.config('SET', 'appendonly', 'no');
  const { errors, warnings } = await checkRedis(server.url);
  assert.equal(errors, [
    'Redis throws keys away when its memory is full (maxmemory-policy is allkeys-lru); set it to noeviction.',
  ]);
  assert.equal(warnings, [
    'Redis writes no append-only file: a crash takes all that was stored since its last snapshot, if it makes any; set appendonly to yes.',
  ]);
  await client.config('SET', 'maxmemory-policy', 'noeviction', 'appendfsync', 'no');
  await client.config('SET', 'appendonly', 'yes');
  const slow = await checkRedis(server.url);
  assert.equal(slow.errors, []);
  assert.is(slow.warnings.length, 1);
  assert.match(slow.warnings[0]!, /a power cut may take half a minute; set appendfsync to everysec or always\.$/);
  await client.replicaof('127.0.0.1', 1);
  const replica = await checkRedis(server.url);
  assert.match(replica.errors.join(), /is a replica, which can't be written; give the address of its master\./);
});

redisTest(test, 'warns of what it may not see', async (server) => {
  const client = server.client();
  await client.call('ACL', 'SETUSER', 'plain', 'on', '>secret', '~*', '+@all', '-config');
  await client.call('ACL', 'SETUSER', 'blind', 'on', '>secret', '~*', '+@all', '-info');
  const as = (user: string) => checkRedis(`redis://${user}:secret@127.0.0.1:${server.port}`);
  const plain = await as('plain');
  assert.equal(plain.errors, []);
  assert.match(
    plain.warnings.join(),
    /^Redis at [\d.:]+ does not let its settings be seen \(CONFIG\); see to it that appendfsync/,
  );
  const { warn } = console;
  console.warn = () => undefined; // ioredis tells that it can't ask whether the server is ready
  try {
    const blind = await as('blind');
    assert.equal(blind.errors, []);
    assert.match(
      blind.warnings.join(),
      /\(INFO\); see to it that maxmemory-policy is noeviction and appendonly is yes\.$/,
    );
  } finally {
    console.warn = warn;
  }
});

redisTest(test, 'says that there is none', async (server) => {
  await server.kill();
  const { errors, warnings } = await checkRedis(server.url);
  assert.equal(warnings, []);
  assert.is(errors.length, 1);
  assert.match(errors[0]!, /^Redis at 127\.0\.0\.1:\d+ can't be used at the moment: connect ECONNREFUSED/);
});

test('refuses what leads nowhere', async () => {
  try {
    await checkRedis('localhost:6379');
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'The connection is a text, but no address of the form redis://');
  }
});

test.run();
