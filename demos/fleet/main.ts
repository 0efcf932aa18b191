import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionEvent } from '../../lib/index.js';
import { redisStore } from '../../lib/remote/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { LAYERS, WIDTH, expected, graph } from './pipeline.js';

const RUN = 'fleet-1';
const NODES = LAYERS * WIDTH;
const KILL_WORKER_AT = 350;
const KILL_COORDINATOR_AT = 700;

const folder = mkdtempSync(join(tmpdir(), 'rxdag-fleet-'));
const ledger = join(folder, 'ledger.jsonl');
const began = performance.now();
const say = (text = ''): void =>
  void process.stdout.write(
    text === '' ? '\n' : `${((performance.now() - began) / 1_000).toFixed(1).padStart(5)} s  ${text}\n`,
  );

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const children = new Set<ChildProcess>();
const start = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess => {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: folder,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
  });
  children.add(child);
  child.on('error', (error) => {
    process.stderr.write(`${file} can't be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('close', () => children.delete(child));
  return child;
};
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const port = await freePort();
const redis = `redis://127.0.0.1:${port}`;
const conf = ['--port', port, '--bind', '127.0.0.1', '--appendonly', 'yes', '--save', '', '--dir', folder];
start('redis-server', [...conf.map(String), '--maxmemory-policy', 'noeviction']).stdout!.resume();

const env = { RXDAG_KEY: randomBytes(32).toString('hex'), RXDAG_REDIS: redis, FLEET_LEDGER: ledger };
const source = join(import.meta.dirname, '..', '..');
const here = (name: string): string => join(import.meta.dirname, name);
const rxdag = (...args: readonly string[]): ChildProcess =>
  start(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), join(source, 'lib', 'cli', 'main.ts'), ...args],
    env,
  );

/** Lines of JSON that a process writes. */
const hear = (child: ChildProcess, tell: (line: Readonly<Record<string, unknown>>) => void): void =>
  void createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line.startsWith('{')) tell(JSON.parse(line) as Readonly<Record<string, unknown>>);
  });

writeFileSync(ledger, '');
writeFileSync(join(folder, 'pipeline.json'), JSON.stringify(graph));
say(`Redis on port ${port}, two workers of 8 jobs each, two coordinators; ${NODES} nodes, and hooks that add more.`);
const work = [
  'worker',
  '--actions',
  here('actions.ts'),
  '--pool',
  'fleet',
  '--concurrency',
  '8',
  '--lock-seconds',
  '2',
  '--json',
];
const workers = [rxdag(...work), rxdag(...work)];
for (const worker of workers) worker.stdout!.resume();

let leader: ChildProcess | undefined;
for (const number of [1, 2]) {
  const child = rxdag(
    'coordinate',
    '--actions',
    here('actions.ts'),
    '--hooks',
    here('hooks.ts'),
    '--lease-seconds',
    '2',
    '--json',
  );
  hear(child, (event) => {
    if (event['type'] !== 'taken') return;
    leader = child;
    say(`coordinator ${number} (process ${child.pid}) has the run`);
  });
}

const { submitRun } = await import('../../lib/remote/index.js');
const store = redisStore({ connection: redis });
for (;;) {
  const answer = await store.runs({ runId: RUN })();
  if (answer._tag === 'Right') break;
}
await submitRun(store, graph, { runId: RUN, now: Date.now() });
say(`submitted as ${RUN}`);

const log: ExecutionEvent[] = [];
let done = 0;
for await (const event of store.tail(RUN)) {
  log.push(event);
  if (event.type === 'NodeInterrupted') say(`${event.nodeId} was interrupted: ${event.reason ?? 'its process died'}`);
  if (event.type === 'RunRecovered' && event.seq > 3) say('another coordinator goes on');
  if (event.type !== 'NodeSucceeded') continue;
  done++;
  if (done === KILL_WORKER_AT) {
    say(`${done} nodes done: worker process ${workers[0]!.pid} is killed with SIGKILL`);
    workers[0]!.kill('SIGKILL');
  } else if (done === KILL_COORDINATOR_AT) {
    say(`${done} nodes done: coordinator process ${leader?.pid} is killed with SIGKILL`);
    leader?.kill('SIGKILL');
  }
}
await store.close();

const calls = readFileSync(ledger, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly nodeId: string; readonly idempotencyKey: string });
const callsOf = new Map<string, number>();
for (const { nodeId } of calls) callsOf.set(nodeId, (callsOf.get(nodeId) ?? 0) + 1);
const twice = [...callsOf].filter(([, count]) => count > 1).map(([id, count]) => `${id} (${count} times)`);
const outputs = new Map<string, unknown>();
let completions = 0;
for (const event of log)
  if (event.type === 'NodeSucceeded') {
    completions++;
    outputs.set(event.nodeId, event.output);
  }
const end = log.at(-1);
const audits = [...outputs.keys()].filter((nodeId) => nodeId.startsWith('audit:'));

say(`${log.length} events, ${completions} nodes completed, ${calls.length} calls of actions.`);
say(
  twice.length === 0
    ? 'No action was called twice.'
    : `Called more than once, because a kill came before their results: ${twice.join(', ')}.`,
);
const checks: Readonly<Record<string, boolean>> = {
  'the run succeeded': end?.type === 'RunSettled' && end.success,
  'each node completed exactly once': completions === outputs.size,
  'every node that hooks added ran, once each': audits.length === LAYERS,
  'every value is the one worked out here': [...expected()].every(([nodeId, value]) => outputs.get(nodeId) === value),
  'each call of a node had the same idempotency key': calls.every(
    ({ nodeId, idempotencyKey }) => idempotencyKey === `${RUN}/${nodeId}`,
  ),
  'the log keeps every rule': checkLog(log).length === 0,
};
process.stdout.write(
  `\n${Object.entries(checks)
    .map(([what, holds]) => `${holds ? 'yes' : 'NO '}  ${what}`)
    .join('\n')}\n`,
);
process.exit(Object.values(checks).includes(false) ? 1 : 0);
