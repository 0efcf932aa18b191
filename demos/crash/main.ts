import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionRegistry, DagExecutor, type ExecutionEvent } from '../../lib/index.js';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';
import { CHUNKS, RUN, chunkOf, hashOf } from './pipeline.js';

const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const folder = mkdtempSync(join(tmpdir(), 'rxdag-crash-'));
const [database, ledger] = [join(folder, 'runs.db'), join(folder, 'ledger.jsonl')];

interface Life {
  readonly events: number;
  readonly isKilled: boolean;
  readonly code: number | null;
}

/** Lets the run go on in a process of its own and kills that, as hard as can be, behind a random event. */
const live = (killAfter: number): Promise<Life> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'life.ts'), database, ledger], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let events = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      events += text.split('\n').length - 1;
      if (events >= killAfter) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ events, isKilled: signal === 'SIGKILL', code }));
  });

say(
  `${CHUNKS} parts of a file are hashed; the process that does it is killed at random, and resumed until it is done.`,
  '',
);
let kills = 0;
for (let isDone = false; !isDone;) {
  const life = await live(2 + Math.floor(Math.random() * 25));
  if (life.isKilled) kills++;
  isDone = !life.isKilled;
  const how = life.isKilled ? 'killed with SIGKILL' : `ended with exit code ${life.code}`;
  say(`process ${kills + (isDone ? 1 : 0)}: ${life.events} events seen, ${how}`);
}

const store = sqliteStore(database);
const log: ExecutionEvent[] = [];
for await (const event of store.read(RUN)) log.push(event);
const snapshot = await new DagExecutor({ registry: new ActionRegistry(), store }).snapshotAt(RUN, log.length);
await store.close();
const calls = readFileSync(ledger, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { nodeId: string; idempotencyKey: string });
rmSync(folder, { recursive: true, force: true });

const completed = log.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : []));
const callsOf = new Map<string, number>();
for (const { nodeId } of calls) callsOf.set(nodeId, (callsOf.get(nodeId) ?? 0) + 1);
const twice = [...callsOf].filter(([, count]) => count > 1);
const interrupted = log.filter(({ type }) => type === 'NodeInterrupted').length;

say(
  '',
  `${kills} kills, ${log.length} events, ${completed.length} nodes completed, ${interrupted} attempts interrupted.`,
);
say(
  twice.length === 0
    ? 'No action was called twice.'
    : `Called more than once, because a kill came before the end: ${twice.map(([id, count]) => `${id} (${count} times)`).join(', ')}.`,
);

const hashes = Array.from({ length: CHUNKS }, (_, i) => hashOf(chunkOf(i)));
const checks: Readonly<Record<string, boolean>> = {
  'the run succeeded': snapshot.status === 'succeeded',
  'each node completed exactly once': new Set(completed).size === completed.length,
  'every part has a hash, and a third of them was checked': completed.length === CHUNKS + 1 + CHUNKS / 3,
  'each call of a node had the same idempotency key': calls.every(
    ({ nodeId, idempotencyKey }) => idempotencyKey === `${RUN}/${nodeId}`,
  ),
  'the seal is that of hashes worked out here': snapshot.node('seal')?.output === hashOf(hashes.join('\n')),
};
say('', ...Object.entries(checks).map(([what, holds]) => `${holds ? 'yes' : 'NO '}  ${what}`));
if (Object.values(checks).includes(false)) process.exitCode = 1;
