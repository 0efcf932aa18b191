// timeout: 240000
// weight: 8
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialSnapshot, reduce, type ExecutionEvent } from '../../lib/index.js';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';
import { checkLog, random } from '../../lib/testing/index.js';
import { dist } from '../simulation/built.js';
import { firstSeed } from '../simulation/seeds.js';
import { temporaryFolder } from '../support/command.js';

const CYCLES = Number(process.env['KILL_CYCLES'] ?? 100);
const NODES = 24 + 8;

interface Life {
  /** The highest seq that the process has shown. */
  readonly shown: number;
  readonly isDone: boolean;
  readonly text: string;
}

/** Lets the run go on in a process, and kills that once it has shown so many events (or lets it end). */
const live = (file: string, effects: string, events: number): Promise<Life> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killed.mjs'), dist, file, effects], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let seen = 0;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      seen += chunk.split('\n').length - 1;
      if (seen >= events) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', () => {
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

const logIn = async (file: string): Promise<readonly ExecutionEvent[]> => {
  const store = sqliteStore(file);
  try {
    const events: ExecutionEvent[] = [];
    for await (const event of store.read('doomed')) events.push(event);
    return events;
  } finally {
    await store.close();
  }
};

const test = suite('killed runs');

test(`lose nothing that was shown, and end as they should, in ${CYCLES} kills`, async () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  const chance = random(seed);
  let kills = 0;
  let twice = 0;
  while (kills < CYCLES) {
    const folder = temporaryFolder('killed');
    const [file, effects] = [join(folder, 'runs.db'), join(folder, 'effects.txt')];
    for (let isDone = false; !isDone;) {
      const life = await live(file, effects, chance.int(1, 40));
      const events = await logIn(file);
      const where = `seed ${seed}, kill ${kills}: ${life.text.slice(-300)}`;
      assert.ok(events.length >= life.shown, `event ${life.shown} was shown, ${events.length} are kept; ${where}`);
      assert.equal(
        checkLog(events).map(({ message }) => message),
        [],
        where,
      );
      isDone = life.isDone;
      if (!isDone) kills++;
    }
    const events = await logIn(file);
    const snapshot = events.reduce(reduce, initialSnapshot());
    assert.is(snapshot.status, 'succeeded');
    assert.is(snapshot.counts.succeeded, NODES);
    const ends = events.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : []));
    assert.is(new Set(ends).size, ends.length, 'each node completed exactly once');
    assert.ok(existsSync(effects));
    const done = readFileSync(effects, 'utf8').trim().split('\n');
    twice += done.length - new Set(done).size;
    for (const line of done) assert.is(line.split(' ')[1], `doomed/${line.split(' ')[0]}`);
  }
  console.log(`${kills} kills; ${twice} effects happened more than once, which an action has to bear`);
});

test.run();
