// timeout: 300000
// weight: 6
import { spawn } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DagExecutor, ActionRegistry, initialSnapshot, reduce, type ExecutionEvent } from '../../../lib/index.js';
import { checkLog, random } from '../../../lib/testing/index.js';
import { root } from '../../support/command.js';
import { redisTest, type RedisServer } from '../../support/redis.js';
import { logFor, readAll, withStores } from './stores.js';

const test = suite('killed processes with runs in Redis');

interface Life {
  /** The highest seq that the process has shown. */
  readonly shown: number;
  readonly isDone: boolean;
  readonly text: string;
}

/** Lets a worker live until it has shown so many lines, or so long after it was up, and kills it. */
const live = (args: readonly string[], moment: { readonly lines: number } | { readonly ms: number }): Promise<Life> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'spec/remote/redis/killed.worker.ts', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let lines = 0;
    let isUp = false;
    let due: NodeJS.Timeout | undefined;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      lines += chunk.split('\n').length - 1;
      if ('lines' in moment && lines > moment.lines) child.kill('SIGKILL');
      if ('ms' in moment && !isUp) due = setTimeout(() => child.kill('SIGKILL'), moment.ms);
      isUp = true;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    const hung = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`It has not come as far as it should: ${text}`));
    }, 60_000);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(hung);
      clearTimeout(due);
      if (signal !== 'SIGKILL' && code !== 0) return reject(new Error(`It ended with ${signal ?? code}: ${text}`));
      const seqs = text.split('\n').map(Number);
      resolve({ shown: Math.max(0, ...seqs.filter(Number.isInteger)), isDone: /^done true/m.test(text), text });
    });
  });

redisTest(test, 'lose nothing that was shown, and their runs are brought to their end by others', (server) =>
  withStores(server, async (open) => {
    const chance = random(3);
    const store = open();
    let events: readonly ExecutionEvent[] = [];
    let kills = 0;
    for (let isDone = false; !isDone;) {
      const moment =
        kills >= 6 ? { ms: 60_000 } : chance.chance(0.7) ? { lines: chance.int(1, 14) } : { ms: chance.int(0, 60) };
      const life = await live([server.url, 'run'], moment);
      const before = events;
      if (kills === 3) await server.restart(200);
      events = await readAll(store, 'r');
      const where = `${JSON.stringify(moment)}: ${life.text.slice(-300)}`;
      assert.ok(events.length >= life.shown, `event ${life.shown} was shown, ${events.length} are kept; ${where}`);
      assert.equal(events.slice(0, before.length), before, where);
      assert.equal(
        checkLog(events).map(({ message }) => message),
        [],
        where,
      );
      ({ isDone } = life);
      if (!isDone) kills++;
    }
    const snapshot = events.reduce(reduce, initialSnapshot());
    assert.is(snapshot.status, 'succeeded');
    assert.is(snapshot.counts.succeeded, 40);
    const ends = events.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : []));
    assert.is(new Set(ends).size, ends.length, 'each node completed exactly once');
    const executor = new DagExecutor({ registry: new ActionRegistry(), store });
    for (const seq of [1, 20, events.length]) {
      const past = events.slice(0, seq).reduce(reduce, initialSnapshot());
      assert.is(JSON.stringify(await executor.snapshotAt('r', seq)), JSON.stringify(past));
    }
    console.log(`${kills} kills, ${events.length} events`);
  }),
);

redisTest(test, 'leave an append undone or done, however large it is', (server: RedisServer) =>
  withStores(server, async (open) => {
    const store = open();
    for (const [count, moments] of [
      [3_000, [40, 300]],
      [200, [100]],
    ] as const)
      for (const ms of moments) {
        const { shown } = await live([server.url, 'append', String(count)], { ms });
        const log = await readAll(store, 'r');
        assert.ok(log.length >= shown, `${shown} were shown, ${log.length} are kept`);
        assert.is(log.length % count, 0, `${log.length} events`);
        assert.is(
          JSON.stringify(log) === JSON.stringify(logFor('r', log.length, 'x'.repeat(50)).slice(0, log.length)),
          true,
        );
      }
  }),
);

test.run();
