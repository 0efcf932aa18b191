// timeout: 300000
// alone
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../lib/index.js';
import { until } from '../remote/until.js';
import { Following } from '../server/Following.js';
import { Program, build, project, rxdag, type Ended } from '../support/cli.js';
import { redisTest, type RedisServer } from '../support/redis.js';
import { isUsageError } from './isUsageError.js';
import { held } from './shop.js';

const test = suite('a fleet by the command line');

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const files = {
  ...held,
  'fan.mjs': `export const one = () => 1;\n`,
  'fan.yaml': `
name: fan
config: { max_threads: 8 }
nodes: [${Array.from({ length: 30 }, (_, i) => `{ id: n${i}, action: one, placement: 'pool:far' }`).join(', ')}]
`,
  'ask.yaml': `
name: ask
nodes:
  - { id: ok, action: human.input, inputs: [{ name: prompt, value: 'Go on?' }] }
  - { id: next, action: one, dependencies: [ok] }
`,
  'far.yaml': `
name: far
nodes:
  - { id: first, action: next }
  - { id: hold, action: hold, placement: 'pool:far', dependencies: [first] }
  - { id: last, action: next, dependencies: [hold] }
`,
};

/** A folder, and programs in it that know the Redis and the key. */
const site = async (server: RedisServer) => {
  await build();
  const cwd = project(files);
  const env = { RXDAG_KEY: KEY, RXDAG_REDIS: server.url, RXDAG_DB: server.url };
  const programs: Program[] = [];
  return {
    cwd,
    start: (...args: readonly string[]): Program => {
      const program = new Program(args, { cwd, env, timeoutMs: 120_000 });
      programs.push(program);
      return program;
    },
    rx: (...args: readonly string[]): Promise<Ended> => rxdag(args, { cwd, env }),
    go: () => writeFileSync(join(cwd, 'go'), ''),
    end: async (): Promise<void> => {
      for (const program of programs) program.kill('SIGKILL');
      await Promise.all(programs.map(({ ended }) => ended.catch(() => undefined)));
    },
  };
};

const fleetTest = (
  name: string,
  run: (at: Awaited<ReturnType<typeof site>>, server: RedisServer) => Promise<void>,
): void =>
  redisTest(test, name, async (server) => {
    const at = await site(server);
    try {
      await run(at, server);
    } finally {
      await at.end();
    }
  });

const eventsIn = (text: string): readonly ExecutionEvent[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExecutionEvent);
const typesOf = (events: readonly ExecutionEvent[]): readonly string[] => events.map(({ type }) => type);
const isWhole = (events: readonly ExecutionEvent[]): void => {
  assert.equal(
    events.map(({ seq }) => seq),
    events.map((_, i) => i + 1),
  );
  assert.is(typesOf(events).at(-1), 'RunSettled');
  assert.is(typesOf(events).filter((type) => type === 'NodeSucceeded').length, 3);
};

fleetTest('what is submitted is run, and followed to its end by whoever looks', async ({ rx, start, go }) => {
  const submitted = await rx('submit', 'far.yaml', '-a', 'hold.mjs', '--run-id', 'r1');
  assert.is(submitted.code, 0, submitted.err);
  assert.is(submitted.out.trim(), 'r1');
  const again = await rx('submit', 'far.yaml', '--run-id', 'r1');
  assert.is(again.code, 2);
  assert.match(again.err, /r1/);
  const follower = start('show', 'r1', '--follow', '--json');
  start('worker', '-a', 'hold.mjs', '--pool', 'far');
  start('coordinate', '-a', 'hold.mjs', '--lease-seconds', '2');
  await until('the node runs', async () => /hold/.test((await rx('show', 'r1')).out));
  const served = start('serve');
  await served.says(/Ctrl-C ends/);
  const [, port, token = ''] = /127\.0\.0\.1:(\d+)\/#token=([\w-]+)/.exec(served.out)!;
  const page = new Following({ port: Number(port), tokens: { full: token, reader: '' } }, 'r1');
  await page.until(({ events }) => events.some((event) => event.type === 'NodeStarted' && event.nodeId === 'hold'));
  assert.not.ok(typesOf(page.events).includes('RunSettled'));
  go();
  const { code, out } = await follower.ended;
  assert.is(code, 0);
  isWhole(eventsIn(out));
  await page.done;
  isWhole(page.events);
  const listed = await rx('runs', '--json');
  assert.match(listed.out, /"runId":"r1".*"status":"succeeded"/);
  assert.is((await rx('verify', 'r1')).code, 0);
});

fleetTest('a coordinator that is told to end leaves its runs to another', async ({ rx, start, go }) => {
  start('worker', '-a', 'hold.mjs', '--pool', 'far');
  const first = start('coordinate', '-a', 'hold.mjs');
  await rx('submit', 'far.yaml', '--run-id', 'r1');
  const follower = start('show', 'r1', '--follow', '--json');
  await until('the node runs', () => /"NodeStarted","nodeId":"hold"/.test(follower.out));
  first.kill('SIGTERM');
  assert.is((await first.ended).code, 0, first.err);
  start('coordinate', '-a', 'hold.mjs');
  await until('another one has it', () => /RunRecovered/.test(follower.out));
  go();
  assert.is((await follower.ended).code, 0);
  const events = eventsIn(follower.out);
  isWhole(events);
  assert.is(typesOf(events).filter((type) => type === 'NodeInterrupted').length, 0, 'the worker went on meanwhile');
});

fleetTest('one program runs a pipeline whose nodes are elsewhere', async ({ rx, start, go }, server) => {
  start('worker', '-a', 'hold.mjs', '--pool', 'far');
  go();
  const { code, err } = await rx('run', 'far.yaml', '-a', 'hold.mjs', '--remote', server.url, '--run-id', 'r2', '-q');
  assert.is(code, 0, err);
  assert.match((await rx('workers')).out, /far/);
});

fleetTest('who waits for a coordinator or for workers is told so', async ({ rx, start, go }) => {
  const follower = start('submit', 'far.yaml', '--run-id', 'r3', '--follow');
  await until('nobody has taken it', () => /No coordinator has taken the run yet/.test(follower.err));
  assert.match((await rx('runs')).out, /r3 +far +submitted/);
  const coordinator = start('coordinate', '-a', 'hold.mjs');
  await until('nobody serves it', () => /No worker serves the pool far/.test(coordinator.err));
  start('worker', '-a', 'hold.mjs', '--pool', 'far');
  await until('somebody does', () => /The pool far has a worker now/.test(coordinator.err));
  go();
  assert.is((await follower.ended).code, 0);
  assert.is(coordinator.err.match(/No worker serves/g)?.length, 1, 'told once');
});

fleetTest('a worker with another key says so, and leaves enough to others', async ({ rx, start, cwd }, server) => {
  const stranger = new Program(['worker', '-a', 'fan.mjs', '--pool', 'far', '--concurrency', '2'], {
    cwd,
    env: { RXDAG_KEY: KEY.replaceAll('0', 'f'), RXDAG_REDIS: server.url },
    timeoutMs: 120_000,
  });
  try {
    start('worker', '-a', 'fan.mjs', '--pool', 'far', '--concurrency', '2');
    await until('both are there', async () => (await rx('workers', '--json')).out.split('\n').length === 3);
    const { code, err } = await rx('run', 'fan.yaml', '-a', 'fan.mjs', '--remote', server.url, '--run-id', 'r4', '-q');
    assert.is(code, 0, err);
    await until('it says so', () => /not signed with the key of this process.*RXDAG_KEY/.test(stranger.err));
  } finally {
    stranger.kill('SIGKILL');
    await stranger.ended.catch(() => undefined);
  }
});

fleetTest('a run that was kept names its workers, and says what runs without them', async ({ start, rx }, server) => {
  const running = start('run', 'far.yaml', '-a', 'hold.mjs', '--remote', server.url, '--run-id', 'r5');
  await until('a node waits for a worker', () => /running +hold/.test(running.out));
  running.kill('SIGTERM');
  await running.ended;
  assert.match(running.err, /go on with: rxdag resume r5 --db redis:\S+ --remote redis:/);
  const again = start('resume', 'r5', '-a', 'hold.mjs');
  await until('it is told', () =>
    /"hold" is placed in a pool of workers; without --remote it runs here/.test(again.err),
  );
  again.kill('SIGKILL');
  await again.ended.catch(() => undefined);
  assert.is((await rx('show', 'r5')).code, 0);
});

fleetTest('who waits for a person is answered, whoever has the run', async ({ start, rx }) => {
  start('coordinate', '-a', 'fan.mjs', '--lease-seconds', '2');
  await rx('submit', 'ask.yaml', '--run-id', 'r6');
  await rx('submit', 'ask.yaml', '--run-id', 'r7');
  for (const runId of ['r6', 'r7'])
    await until('it asks', async () => /waiting +ok/.test((await rx('show', runId)).out));
  const answer = await rx('answer', 'r6', 'ok', 'yes', '-a', 'fan.mjs', '--take-over');
  assert.is(answer.code, 0, answer.err);
  const resumed = await rx('resume', 'r7', '-a', 'fan.mjs', '--take-over', '--answer', 'ok=yes');
  assert.is(resumed.code, 0, resumed.err);
});

fleetTest('a log that is lost ends what follows it with a sentence', async ({ start }, server) => {
  const follower = start('submit', 'far.yaml', '--run-id', 'r8', '--follow');
  await until('it follows', () => /r8/.test(follower.out));
  await server.client().flushall();
  const { code } = await follower.ended;
  assert.is(code, 2);
  assert.match(follower.err, /The log of run "r8" is no longer the one that was read.* The run itself may go on\./);
  assert.not.match(follower.err, /^ +at /m);
});

fleetTest('what can never be is no outage', async ({ rx }, server) => {
  const elsewhere = `${server.url}/99`;
  for (const args of [
    ['runs', '--db', elsewhere],
    ['submit', 'far.yaml', '--redis', elsewhere],
    ['coordinate', '-a', 'fan.mjs', '--redis', elsewhere],
    ['worker', '-a', 'fan.mjs', '--pool', 'far', '--redis', elsewhere],
  ])
    isUsageError(await rx(...args), /DB index is out of range/, args.join(' '));
  for (const args of [
    ['runs', '--db', `${server.url}?prefix={a}`],
    ['workers', '--redis', `${server.url}?prefix={a}`],
  ])
    isUsageError(await rx(...args), /The prefix "\{a\}" is none/, args.join(' '));
});

fleetTest('a Redis that is away is named, and what only asks ends', async ({ rx }, server) => {
  await server.kill();
  for (const args of [['workers'], ['runs'], ['show', 'r1'], ['submit', 'far.yaml']])
    isUsageError(await rx(...args), /Redis at (?:redis:\/\/)?127\.0\.0\.1:\d+/, args.join(' '));
});

fleetTest('what is wrong is told in a sentence, and nothing is begun', async ({ rx, cwd }, server) => {
  const unsigned = await rxdag(['run', 'far.yaml', '-a', 'hold.mjs', '--remote', server.url], {
    cwd,
    env: { RXDAG_KEY: undefined },
  });
  isUsageError(unsigned, /key/, 'without a key');
  const nowhere = await rx('submit', 'missing.yaml');
  isUsageError(nowhere, /missing\.yaml/, 'no such file');
  writeFileSync(join(cwd, 'wrong.yaml'), 'name: wrong\nnodes:\n  - { id: a, action: none, dependencies: [b] }\n');
  const wrong = await rx('submit', 'wrong.yaml', '-a', 'hold.mjs');
  isUsageError(wrong, /wrong\.yaml:3/, 'a pipeline that is wrong');
  assert.is(await server.client().dbsize(), 0, 'nothing is in Redis');
});

test.run();
