// timeout: 400000
// alone
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Desk, KEY } from '../remote/worker/Desk.js';
import { jobOf } from '../remote/worker/jobOf.js';
import { build, Program, project, rxdag } from '../support/cli.js';
import { redisTest, type RedisServer } from '../support/redis.js';
import { until } from '../remote/until.js';
import { isUsageError, several } from './isUsageError.js';

const test = suite('rxdag worker');

const files = {
  'actions.mjs': `
export const double = ({ inputs }) => { console.log('printed by an action'); return inputs.n * 2; };
export const boom = () => { throw new Error('boom \\u001b[31m'); };
export const slow = ({ inputs, signal }) => new Promise((end, fail) => {
  const timer = setTimeout(end, inputs.ms, 'done');
  signal.addEventListener('abort', () => { clearTimeout(timer); fail(signal.reason); });
});
`,
  key: KEY,
};

const worker = async (server: RedisServer, cwd: string, ...more: readonly string[]): Promise<Program> => {
  await build();
  const args = ['worker', '--redis', server.url, '--actions', 'actions.mjs', '--pool', 'heavy', ...more];
  return new Program(args, { cwd, env: { RXDAG_KEY: KEY }, timeoutMs: 120_000 });
};

/** Until it has told Redis that it lives. */
const listed = (desk: Desk): Promise<unknown> =>
  until('a worker is listed', async () => (await desk.client.exists('rxdag:workers')) === 1);

redisTest(
  test,
  'runs what comes, lets run what runs at the end, and says in a line each what matters',
  async (server) => {
    const cwd = project(files);
    const desk = new Desk(server);
    const program = await worker(server, cwd, '--concurrency', '3', '--allow', 'double', '--allow', 'slow');
    await program.says(
      /^Worker \S+: 2 actions for the pool heavy, 3 at once, from redis:\/\/127\.0\.0\.1:\d+\. Ctrl-C ends it\.$/m,
    );
    const [quick, slow, late] = [
      jobOf('double', { inputs: { n: 4 } }),
      jobOf('slow', { inputs: { ms: 4_000 } }),
      jobOf('double'),
    ];
    for (const job of [quick, slow]) await desk.submit(job);
    assert.equal(await desk.outcome(quick), { type: 'succeeded', output: 8 });
    await desk.put(late, 'no envelope');
    assert.match(String(await desk.outcome(late)), /no envelope/);
    await desk.until(slow, 'active');
    await sleep(300); // for the action to begin
    program.kill('SIGTERM');
    await program.says(/^Ending once 1 job ended, or after 30\.0 s; Ctrl-C again leaves at once\.$/m);
    const { code, err, out } = await program.ended;
    assert.is(code, 0);
    assert.equal(await desk.outcome(slow), { type: 'succeeded', output: 'done' });
    const lines = err.trimEnd().split('\n').slice(1);
    assert.is(lines.length, 3, err);
    assert.match(
      lines[0]!,
      /^A job was refused: This job is no envelope: .*\. Others will be without a word; --verbose tells each\.$/,
    );
    assert.is(lines[2], '2 jobs done, 1 refused.');
    assert.is(out, 'printed by an action\n');
  },
);

redisTest(test, 'a second signal leaves at once, and others have what was given up', async (server) => {
  const cwd = project(files);
  const desk = new Desk(server);
  const program = await worker(server, cwd, '--verbose', '--health-port', '0');
  await program.says(/^Its health is told at port \d+: \/health\.$/m);
  const [, port] = /at port (\d+)/.exec(program.err)!;
  const jobs = [jobOf('boom'), jobOf('slow', { nodeId: 'long', inputs: { ms: 60_000 } })];
  for (const job of jobs) await desk.submit(job);
  await program.says(/^failed {4}r \S+ attempt 1 \(boom\) \d+ ms: boom \\u001b\[31m$/m);
  await desk.until(jobs[1]!, 'active');
  const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { readonly done: number };
  assert.is(health.done, 1);
  program.kill('SIGINT');
  await program.says('Ctrl-C again leaves at once');
  assert.is((await fetch(`http://127.0.0.1:${port}/health`)).status, 503);
  const began = performance.now();
  program.kill('SIGINT');
  const { code, err } = await program.ended;
  assert.is(code, 130);
  assert.ok(performance.now() - began < 5_000);
  assert.match(err, /^1 job done, 1 of them failed, 1 given up, for others to run\.$/m);
});

redisTest(
  test,
  'tells outages once, and passwords never',
  async (server) => {
    const cwd = project(files);
    await build();
    const url = `redis://:swordfish@127.0.0.1:${server.port}?prefix=mine`;
    const args = [
      'worker',
      '--redis',
      url,
      '-a',
      'actions.mjs',
      '--pool',
      'b',
      '--pool',
      'a',
      '--key-file',
      'key',
      '--json',
    ];
    chmodSync(join(cwd, 'key'), 0o600);
    const program = new Program(args, { cwd, env: { RXDAG_KEY: undefined }, timeoutMs: 120_000 });
    await program.says('workerStarted');
    await until('the worker is listed', async () => {
      const { out, code } = await rxdag(['workers', '--json'], { cwd, env: { RXDAG_REDIS: url } });
      assert.is(code, 0);
      return out !== '' && (JSON.parse(out) as { pools: string[] }).pools.join() === 'b,a';
    });
    await server.kill();
    await program.says('redisLost');
    await sleep(2_000);
    await server.start();
    await program.says('redisBack');
    program.kill('SIGTERM');
    const { code, out, err } = await program.ended;
    assert.is(code, 0);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(
      events.map(({ type }) => type),
      ['workerStarted', 'redisLost', 'redisBack', 'workerEnded'],
    );
    assert.ok(events.every(({ at }) => typeof at === 'number'));
    const [{ redis, pools, actions } = {}] = events;
    assert.equal([redis, pools, actions], [`redis://127.0.0.1:${server.port}`, ['b', 'a'], 3]);
    assert.is(err, '');
    assert.not.match(out + err, /swordfish/);
  },
  { requirepass: 'swordfish' },
);

redisTest(test, 'workers are listed as a table', async (server) => {
  const cwd = project(files);
  const desk = new Desk(server);
  const list = () => rxdag(['workers', '--redis', server.url], { cwd });
  assert.match((await list()).out, /^worker +pool +host +process +active +done +failed +since\n$/);
  const program = await worker(server, cwd, '--concurrency', '4');
  await listed(desk);
  const { out, code } = await list();
  assert.is(code, 0);
  assert.match(out.split('\n')[1]!, /^\S+\.\d+\.[\da-f]{6} +heavy +\S+ +\d+ +0 of 4 +0 +0 +20\d\d-\d\d-\d\dT[\d:.]+Z$/);
  program.kill('SIGTERM');
  assert.is((await program.ended).code, 0);
  assert.is((await list()).out.split('\n').length, 2);
  await server.kill();
  const away = await list();
  assert.is(away.code, 2);
  assert.match(away.err, /^Redis at redis:\/\/127\.0\.0\.1:\d+ can't be reached: connect ECONNREFUSED .*\.\n$/);
});

test('wrong use is told in words', async () => {
  const cwd = project({ ...files, short: 'too short' });
  chmodSync(join(cwd, 'short'), 0o600);
  const url = 'redis://:swordfish@127.0.0.1:1';
  const good = ['worker', '--redis', url, '-a', 'actions.mjs', '--pool', 'p'];
  const cases: readonly (readonly [args: readonly string[], message: string | RegExp, key?: string])[] = [
    [['worker', '-a', 'actions.mjs', '--pool', 'p'], `required option '--redis <url>' not specified`],
    [['worker', '--redis', url, '--pool', 'p'], `required option '-a, --actions <module>' not specified`],
    [['worker', '--redis', url, '-a', 'actions.mjs'], `required option '--pool <name>' not specified`],
    [['workers'], `required option '--redis <url>' not specified`],
    [good, 'Remote jobs are signed, and there is no key in RXDAG_KEY or a key file', ''],
    [good, 'The key has 9 bytes, and 32 are needed', 'too short'],
    [[...good, '--key-file', 'short'], 'The key has 9 bytes, and 32 are needed'],
    [[...good, '--key-file', 'none'], /The key file none can't be read \(ENOENT\)/],
    [[...good, '--pool', 'a:b'], `A pool of workers can't be called "a:b"`],
    [[...good, '--allow', 'dubble'], `No module has an action "dubble"; did you mean "double"?`],
    [[...good, '--concurrency', '0'], 'Write a whole number from 1.'],
    [[...good, '--drain-seconds', '-1'], 'Write a whole number from 0.'],
    [[...good, '--health-port', '70000'], 'Ports are numbered up to 65535.'],
    [
      [...good, '--health-port', '0', '--health-host', '203.0.113.7'],
      `The health endpoint can't listen at 203.0.113.7:0`,
    ],
    [
      ['worker', '--redis', 'http://swordfish', '-a', 'actions.mjs', '--pool', 'p'],
      'The address of Redis is of the form',
    ],
  ];
  await several(cases, async ([args, message, key = KEY]) => {
    const ended = await rxdag(args, { cwd, env: { RXDAG_KEY: key, RXDAG_REDIS: undefined } });
    isUsageError(ended, message, args.join(' '));
    assert.not.match(ended.err, /swordfish/);
  });
});

test.run();
