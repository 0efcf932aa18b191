import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { initialSnapshot, reduce, type ExecutionEvent } from '../../lib/index.js';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';
import { checkLog, random, type Random } from '../../lib/testing/index.js';
import { bundleWhole } from '../simulation/built.js';
import { root } from '../support/command.js';

/** What became of runs whose processes were killed again and again. */
export interface Kills {
  readonly kills: number;
  /** Runs that were brought to their end. */
  readonly runs: number;
  /** Effects that happened more than once, which an action has to bear. */
  readonly twice: number;
  readonly failures: readonly string[];
}

export interface KillOptions {
  readonly cycles: number;
  readonly seed: number;
  /** How many runs are under way at once. @default 1 */
  readonly lanes?: number;
  /** Is called before each run and after the last. True: no further one begins. */
  readonly shouldStop?: (sofar: Kills) => boolean;
}

const HUNG_MS = 60_000;
const NODES = { chain: 16, parallel: 24 + 8 + 2 };

/** When a process is killed: behind an event that it has shown, or a time after it was up. */
type Moment = { readonly events: number } | { readonly ms: number };

interface Life {
  /** The highest seq that the process has shown. */
  readonly shown: number;
  readonly isDone: boolean;
  readonly text: string;
}

/** Kills processes, as hard as can be, until so many were, and checks what they leave. What went wrong is kept below `.cache`. */
export const kill = async ({ cycles, seed, lanes = 1, shouldStop = () => false }: KillOptions): Promise<Kills> => {
  const sofar = { kills: 0, runs: 0, twice: 0, failures: new Array<string>() };
  mkdirSync(join(root, '.cache'), { recursive: true });
  const code = mkdtempSync(join(root, '.cache', 'killed-'));
  try {
    const script = await bundleWhole('spec/stores/killed.worker.ts', code);
    let next = seed;
    const lane = async (): Promise<void> => {
      while (!shouldStop(sofar) && sofar.kills < cycles) {
        const own = next++;
        const folder = mkdtempSync(join(root, '.cache', 'doomed-'));
        try {
          sofar.twice += await doom(script, folder, random(own), () => sofar.kills++);
          sofar.runs++;
          rmSync(folder, { recursive: true });
        } catch (error) {
          const { stack, details = '' } = error as Error & { readonly details?: string };
          sofar.failures.push(`seed ${own}, ${folder}: ${stack}\n${details}`);
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return sofar;
  } finally {
    rmSync(code, { recursive: true });
  }
};

/** One run, from its beginning to its end through any number of processes. Gives how many effects happened twice. */
const doom = async (script: string, folder: string, chance: Random, killed: () => void): Promise<number> => {
  const [file, effects] = [join(folder, 'runs.db'), join(folder, 'effects.txt')];
  const shape = chance.pick(['chain', 'parallel'] as const);
  const durability = chance.pick(['process', 'power']);
  let events: readonly ExecutionEvent[] = [];
  let isInRecovery = false;
  for (let isDone = false; !isDone;) {
    const moment: Moment = isInRecovery
      ? { ms: chance.int(0, 25) }
      : chance.chance(0.5)
        ? { events: chance.int(1, 40) }
        : { ms: chance.int(0, 120) };
    const life = await live([script, file, effects, shape, durability], moment);
    const before = events;
    events = await logIn(file, folder);
    const where = `${shape}, ${durability}, ${JSON.stringify(moment)}: ${life.text.slice(-300)}`;
    assert.ok(events.length >= life.shown, `event ${life.shown} was shown, ${events.length} are kept; ${where}`);
    assert.equal(events.slice(0, before.length), before, where);
    assert.equal(
      checkLog(events).map(({ message }) => message),
      [],
      where,
    );
    ({ isDone } = life);
    if (!isDone) killed();
    isInRecovery = !isDone && chance.chance(0.3);
  }
  const snapshot = events.reduce(reduce, initialSnapshot());
  assert.is(snapshot.status, 'succeeded');
  assert.is(snapshot.counts.succeeded, NODES[shape]);
  const ends = events.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : []));
  assert.is(new Set(ends).size, ends.length, 'each node completed exactly once');
  const done = readFileSync(effects, 'utf8').trim().split('\n');
  for (const line of done) assert.is(line.split(' ')[1], `doomed/${line.split(' ')[0]}`);
  assert.is(new Set(done).size, NODES[shape]);
  return done.length - new Set(done).size;
};

/** Lets the run go on in a process and kills that at the given moment, unless it ends before. */
const live = (args: readonly string[], moment: Moment): Promise<Life> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let lines = 0;
    let isUp = false;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      lines += chunk.split('\n').length - 1;
      if ('events' in moment && lines > moment.events) child.kill('SIGKILL');
      if ('ms' in moment && !isUp) setTimeout(() => child.kill('SIGKILL'), moment.ms);
      isUp = true;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    const hung = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`It has neither ended nor shown enough in ${HUNG_MS} ms: ${text}`));
    }, HUNG_MS);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(hung);
      if (signal !== 'SIGKILL' && code !== 0) return reject(new Error(`It ended with ${signal ?? code}: ${text}`));
      const shown = Math.max(
        0,
        ...text
          .split('\n')
          .map(Number)
          .filter((n) => Number.isInteger(n)),
      );
      resolve({ shown, isDone: /^done true/m.test(text), text });
    });
  });

/** What a copy of the file holds: whoever opens the file itself would tidy up what the killed process has left. */
const logIn = async (file: string, folder: string): Promise<readonly ExecutionEvent[]> => {
  if (!existsSync(file)) return [];
  const copy = join(folder, 'copy.db');
  for (const end of ['', '-wal']) {
    rmSync(copy + end, { force: true });
    if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  }
  const store = sqliteStore(copy);
  try {
    const events: ExecutionEvent[] = [];
    for await (const event of store.read('doomed')) events.push(event);
    return events;
  } finally {
    await store.close();
  }
};
