import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as E from '#fp-ts/Either';
import { ActionRegistry, DagExecutor, action, memoryStore, resumeRun, type ExecutionEvent } from '../../lib/index.js';
import { ends, ofType, sound, within } from '../faults/play.js';
import { temporaryFolder } from '../support/command.js';
import { logOf, node, runStarted, started } from '../support/logOf.js';
import { RUN, executorIn } from './crashing.js';

const test = suite('original: recovery');

/** Starts the run in a process of its own, and kills that as soon as it says that the run is paused. */
const crash = (folder: string): Promise<NodeJS.Signals | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'crashing.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8').on('data', (text) => text.includes('paused') && child.kill('SIGKILL'));
    child.on('error', reject);
    child.on('close', (_, signal) => resolve(signal));
  });

test('10 after pause, kill -9 and resume finished nodes do not run again', async () => {
  const folder = temporaryFolder('crash');
  assert.is(await within(20_000, crash(folder)), 'SIGKILL');
  const run = await executorIn(folder, 0).resume(RUN, { takeOver: true });
  const events: ExecutionEvent[] = [];
  run.eventsFrom(1).subscribe((event) => events.push(event));
  await run.dispatch(resumeRun());
  const report = await within(10_000, run.report, () => JSON.stringify(run.snapshot));
  sound(run, events);
  assert.ok(report.success, report.error);
  assert.is(ends(report), 'quick succeeded, slow succeeded, after quick succeeded, after both succeeded');
  assert.is(report.outputs['quick'], 'quick is done');
  assert.equal(
    ofType(events, 'NodeInterrupted').map(({ nodeId }) => nodeId),
    ['slow'],
  );
  const calls = readFileSync(join(folder, 'calls.txt'), 'utf8').trim().split('\n').toSorted();
  assert.equal(calls, [
    'after both 1 crashing/after both',
    'after quick 1 crashing/after quick',
    'quick 1 crashing/quick',
    'slow 1 crashing/slow',
    'slow 2 crashing/slow',
  ]);
});

test('an interrupted attempt is not counted among the tries', async () => {
  const store = memoryStore();
  const registry = new ActionRegistry().register(
    action('work', ({ attempt }) => (attempt < 3 ? Promise.reject(new Error('no')) : 'done')),
  );
  const retry = { type: 'Immediate' } as const;
  const log = logOf(runStarted([node('a', { tryCount: 2, retry })]), started('a'));
  assert.ok(E.isRight(await store.acquire('run', { id: 'gone', startedAt: 0 })()));
  assert.ok(E.isRight(await store.append('run', 1, 0, log, {})()));
  const run = await new DagExecutor({ registry, store }).resume('run', { takeOver: true });
  const report = await within(5_000, run.report, () => JSON.stringify(run.snapshot));
  assert.ok(report.success, report.error);
  assert.is(ends(report), 'a succeeded');
  assert.is(run.snapshot.node('a')!.attempt, 3);
});

test.run();
