// Kills, freezes and replaces the processes of a fleet at random, and compares what it makes of its runs with a local run.
// All of them are started by the built command line, on a Redis of their own.
// usage: node spec/remote/chaos.mjs [seconds] [seed]       (default 600, and a random seed)
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { toYaml } from '../../dist/formats/yaml/index.js';
import { checkLog, random } from '../../dist/testing/index.js';

const seconds = Number(process.argv[2] ?? 600);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const chance = random(seed);
const root = join(import.meta.dirname, '../..');
const main = join(root, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin.rxdag);
const folder = mkdtempSync(join(tmpdir(), 'rxdag-chaos-'));
const ledger = join(folder, 'ledger.jsonl');
writeFileSync(ledger, '');
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
console.log(`seed ${seed}, ${seconds} s, logs in ${folder}`);

const actions = file(
  'actions.mjs',
  `import { appendFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
const hash = (...values) => createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
export const mix = async ({ runId, nodeId, inputs, item, attempt }) => {
  await new Promise((done) => setTimeout(done, inputs.ms));
  appendFileSync(process.env.LEDGER, JSON.stringify([runId, nodeId, attempt]) + '\\n');
  if (inputs.fails >= attempt) throw new Error('not yet');
  return { sum: hash(nodeId, inputs.v0, inputs.v1, inputs.v2, item) };
};
export const list = ({ inputs }) => Array.from({ length: inputs.count }, (_, i) => i);
`,
);
const WIDTH = 20;
const LAYERS = 9;
const pipeline = {
  name: 'chaos',
  config: { maxParallelNodes: 32, maxInterruptions: 1_000 },
  nodes: Array.from({ length: LAYERS * WIDTH }, (_, i) => {
    const [layer, place] = [Math.floor(i / WIDTH), i % WIDTH];
    const deps = layer === 0 ? [] : [0, 3, 7].map((step) => `n${layer - 1}-${(place + step) % WIDTH}`);
    return {
      id: `n${layer}-${place}`,
      action: 'mix',
      ...(place % 5 === 4 ? {} : { placement: 'pool:chaos' }),
      deps,
      tryCount: 3,
      retry: { type: 'Linear', delayMs: 20 },
      inputs: {
        ms: 5 + ((i * 7) % 60),
        fails: i % 11 === 5 ? 2 : 0,
        ...Object.fromEntries(deps.map((dep, at) => [`v${at}`, { $ref: `${dep}.sum` }])),
      },
    };
  }).concat([
    { id: 'list', action: 'list', deps: [`n${LAYERS - 1}-0`], inputs: { count: 15 } },
    { id: 'each', action: 'mix', placement: 'pool:chaos', forEach: { $ref: 'list' }, inputs: { ms: 15 } },
    { id: 'lost', action: 'mix', placement: 'pool:chaos', tryCount: 2, inputs: { ms: 20, fails: 9 } },
    { id: 'after', action: 'mix', placement: 'pool:chaos', deps: ['lost'], inputs: { ms: 5 } },
  ]),
};
const dag = file('chaos.yaml', toYaml(pipeline));
const env = { ...process.env, RXDAG_KEY: randomBytes(32).toString('hex'), LEDGER: ledger, NO_COLOR: '1' };
const COMMAND_MS = 60_000;
const rxdag = async (...args) => {
  const options = { env, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: COMMAND_MS };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args], options);
  if (STACK.test(stderr)) wrong.push(`rxdag ${args.join(' ')} told a stack trace: ${String(stderr)}`);
  return stdout;
};
/** For what may fail, and is told then. */
const attempt = async (...args) => {
  try {
    return await rxdag(...args);
  } catch ({ message, stdout, stderr, killed }) {
    wrong.push(
      `rxdag ${args.join(' ')} ${killed ? `did not end within ${COMMAND_MS} ms` : `failed: ${stderr || message}`}`,
    );
    return stdout ?? '';
  }
};
const STACK = /^\s+at .+:\d+:\d+\)?$/m;
const wrong = [];

/* The processes */

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const free = server.address().port;
    server.close(() => resolve(free));
  });
});
const url = `redis://127.0.0.1:${port}`;
let started = 0;
const launch = (program, args, name) => {
  const log = openSync(join(folder, `${name}-${++started}.log`), 'a');
  const child = spawn(program, args, { env, stdio: ['ignore', log, log] });
  const one = { child, name: `${name}-${started}`, told: undefined, isFrozen: false };
  one.ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      if (one.told === undefined) wrong.push(`${one.name} ended by itself with ${signal ?? code}`);
      else if (one.told === 'SIGTERM' && code !== 0 && signal !== 'SIGTERM')
        // which ends one that only starts
        wrong.push(`${one.name} ended after SIGTERM with ${signal ?? code}`);
      resolve();
    });
  });
  return one;
};
const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--dir', folder];
const launchRedis = () =>
  launch('redis-server', [...settings.map(String), '--maxmemory-policy', 'noeviction'], 'redis');
const launchMember = (kind) =>
  launch(
    process.execPath,
    kind === 'worker'
      ? [
          main,
          'worker',
          '--redis',
          url,
          '--actions',
          actions,
          '--pool',
          'chaos',
          '--concurrency',
          '8',
          '--lock-seconds',
          '2',
        ]
      : [main, 'coordinate', '--redis', url, '--actions', actions, '--lease-seconds', '2'],
    kind,
  );
/** What is told to end has a minute. */
const END_MS = 60_000;
const leaving = new Set();
const kill = (one, signal = 'SIGKILL') => {
  one.told = signal;
  one.child.kill('SIGCONT');
  one.child.kill(signal);
  if (signal === 'SIGKILL') return;
  const end = Promise.race([one.ended.then(() => true), sleep(END_MS, false, { ref: false })]).then((hasEnded) => {
    leaving.delete(end);
    if (hasEnded) return;
    wrong.push(`${one.name} did not end within ${END_MS} ms of ${signal}`);
    kill(one);
  });
  leaving.add(end);
};
const freeze = async (one, ms) => {
  one.isFrozen = true;
  one.child.kill('SIGSTOP');
  await sleep(ms);
  one.child.kill('SIGCONT'); // it may have ended meanwhile
  one.isFrozen = false;
};

let redis = launchRedis();
await sleep(1_000);
const members = ['worker', 'worker', 'worker', 'coordinate', 'coordinate'].map((kind) => ({
  kind,
  one: launchMember(kind),
}));
process.on('exit', () => {
  for (const { one } of members) one.child.kill('SIGKILL');
  redis.child.kill('SIGKILL');
});

/* The faults */

/** Longer than any lock and any lease. */
const FREEZE_MS = 8_000;
const counts = { kills: 0, freezes: 0, outages: 0 };
const runs = [];
const until = performance.now() + seconds * 1_000;
while (performance.now() < until) {
  if (runs.length === 0 || chance.chance(0.12)) {
    const runId = `run-${runs.length + 1}`;
    await attempt('submit', dag, '--redis', url, '--run-id', runId);
    runs.push(runId);
  }
  await sleep(chance.int(100, 1_500));
  const member = chance.pick(members);
  const what = chance.int(1, 100);
  if (what <= 45) {
    counts.kills++;
    kill(member.one, chance.chance(0.2) ? 'SIGTERM' : 'SIGKILL');
    await sleep(chance.int(0, 500));
    member.one = launchMember(member.kind);
  } else if (what <= 90) {
    if (member.one.isFrozen) continue;
    counts.freezes++;
    void freeze(member.one, chance.int(200, FREEZE_MS));
  } else if (what <= 95) {
    counts.outages++;
    await freeze(redis, chance.int(200, 3_000));
  } else if (what <= 97) {
    counts.outages++;
    kill(redis);
    await sleep(chance.int(100, 1_500));
    redis = launchRedis();
    await sleep(500);
  }
}

/* The end, and what came of it */

const logOf = (text) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
const END = ['succeeded', 'failed', 'cancelled'];
await sleep(FREEZE_MS);
const last = performance.now() + 180_000;
for (;;) {
  const ended = logOf(await attempt('runs', '--db', url, '--json')).filter(({ status }) => END.includes(status));
  const left = runs.filter((runId) => ended.every((run) => run.runId !== runId));
  if (left.length === 0) break;
  if (performance.now() > last) {
    wrong.push(`not at their end: ${left.join(', ')}`);
    break;
  }
  await sleep(1_000);
}
const endsOf = (events) =>
  new Map(
    events.flatMap((event) =>
      event.type === 'NodeSucceeded' || event.type === 'NodeFailed' || event.type === 'NodeSkipped'
        ? [[event.nodeId, JSON.stringify(event.output ?? event.type)]]
        : [],
    ),
  );
const here = file(
  'local.yaml',
  toYaml({ ...pipeline, nodes: pipeline.nodes.map((node) => ({ ...node, placement: 'local' })) }),
);
await rxdag('run', here, '--actions', actions, '--db', join(folder, 'local.db'), '--run-id', 'local', '--quiet').catch(
  ({ code }) => code !== 1 && wrong.push(`the local run ended with ${code}`), // a node of it fails
);
const wanted = endsOf(logOf(await attempt('export', 'local', '--db', join(folder, 'local.db'))));
const shown = (text) => JSON.parse(text || '{}').status;
const wantedStatus = shown(await attempt('show', 'local', '--db', join(folder, 'local.db'), '--json'));
if (wantedStatus !== 'failed' || wanted.size < LAYERS * WIDTH) wrong.push(`the local run is ${wantedStatus}`);
let nodes = 0;
for (const runId of runs) {
  const events = logOf(await attempt('export', runId, '--db', url));
  const status = shown(await attempt('show', runId, '--db', url, '--json'));
  if (status !== wantedStatus) wrong.push(`${runId} is shown as ${status}, not ${wantedStatus}`);
  const found = endsOf(events);
  nodes += found.size;
  for (const { message } of checkLog(events)) wrong.push(`${runId}: ${message}`);
  if (events.some(({ seq }, i) => seq !== i + 1)) wrong.push(`${runId}: its seqs have gaps`);
  const ends = events.flatMap(({ type, nodeId }) => (type === 'NodeSucceeded' ? [nodeId] : []));
  if (new Set(ends).size !== ends.length) wrong.push(`${runId}: a node completed twice`);
  for (const [id, end] of wanted)
    if (found.get(id) !== end) wrong.push(`${runId}: ${id} ended as ${found.get(id)}, not ${end}`);
  if (found.size !== wanted.size) wrong.push(`${runId}: ${found.size} nodes ended, not ${wanted.size}`);
}
for (const { one } of members) kill(one, 'SIGTERM');
await Promise.all(leaving);
kill(redis);
for (const name of readdirSync(folder).filter((each) => each.endsWith('.log'))) {
  const text = readFileSync(join(folder, name), 'utf8');
  if (STACK.test(text)) wrong.push(`${name} has a stack trace`);
}
const calls = readFileSync(ledger, 'utf8')
  .trim()
  .split('\n')
  .filter((call) => JSON.parse(call)[0] !== 'local');
console.log(
  `${runs.length} runs, ${nodes} nodes, ${counts.kills} kills, ${counts.freezes} freezes, ${counts.outages} outages of Redis; ` +
    `${calls.length} calls of actions, ${calls.length - new Set(calls).size} of them once more`,
);
for (const each of wrong) console.log(`WRONG: ${each}`);
process.exit(wrong.length > 0 ? 1 : 0);
