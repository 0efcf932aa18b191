import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pickRuns, readPick, tookMs, writePick, type RunPick } from '../../../lib/viewer/app/runPick.js';
import type { ListedRun } from '../../../lib/viewer/source/ListedRun.js';

const run = (runId: string, dagName: string, stand: string, startedAt: number, tookMs?: number): ListedRun => ({
  runId,
  dagName,
  status: 'running',
  stand,
  startedAt,
  seq: 10 * startedAt,
  ...(tookMs === undefined ? {} : { endedAt: startedAt + tookMs }),
});

const runs = [
  run('load-2', 'nightly import', 'succeeded', 1, 900),
  run('load-10', 'nightly import', 'failed', 2, 100),
  run('ship', 'Release', 'waiting (process 42)', 3),
  run('left', 'release', 'interrupted', 4),
];
const usual = readPick('');
const picked = (pick: Partial<RunPick>, now = 1_000): readonly string[] =>
  pickRuns(runs, { ...usual, ...pick }, now).map(({ runId }) => runId);

const test = suite('which runs are listed');

test('the latest first, if nothing else is asked for', () => {
  assert.equal(usual, { text: '', stand: '', by: 'began', isDown: true });
  assert.equal(picked({}), ['left', 'ship', 'load-10', 'load-2']);
});

test('by words of the id or of the pipeline, in any case, and by how they stand', () => {
  assert.equal(picked({ text: 'RELEASE' }), ['left', 'ship']);
  assert.equal(picked({ text: '10 import' }), ['load-10']);
  assert.equal(picked({ text: 'nothing' }), []);
  assert.equal(picked({ stand: 'waiting for input' }), ['ship']);
  assert.equal(picked({ stand: 'failed', text: 'release' }), []);
});

test('by each column, numbers in names as numbers', () => {
  assert.equal(picked({ by: 'run', isDown: false }), ['left', 'load-2', 'load-10', 'ship']);
  assert.equal(picked({ by: 'pipeline', isDown: false }), ['load-10', 'load-2', 'left', 'ship']);
  assert.equal(picked({ by: 'status', isDown: false }), ['load-10', 'left', 'load-2', 'ship']);
  assert.equal(picked({ by: 'took', isDown: true }), ['ship', 'load-2', 'load-10', 'left']);
  assert.equal(picked({ by: 'events', isDown: false }), ['load-2', 'load-10', 'ship', 'left']);
});

test('how long a run takes is told while it goes on, not where nobody goes on with it', () => {
  assert.equal(
    runs.map((one) => tookMs(one, 1_000)),
    [900, 100, 997, undefined],
  );
});

test('the address keeps what is picked, and all else that stands in it', () => {
  const pick: RunPick = { text: 'a&b #1', stand: 'waiting for input', by: 'took', isDown: false };
  const hash = writePick('#token=f-1&run=x', pick);
  assert.equal(readPick(hash), pick);
  assert.equal(new URLSearchParams(hash.slice(1)).get('token'), 'f-1');
  assert.is(writePick(hash, usual), '#token=f-1&run=x');
  assert.equal(readPick('#sort=nonsense'), { ...usual, isDown: false });
});

test.run();
