// timeout: 300000
// weight: 5
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromYaml } from '../../../lib/formats/yaml/index.js';
import { hostile, shapes } from './hostile.js';
import { inChild } from './inChild.js';
import type { Reading } from './hostile.worker.js';

const test = suite('hostile files');

interface Answer {
  readonly readings: ReadonlyMap<string, Reading>;
  /** What the heap had grown by in the end, in MB. */
  readonly kept: number;
  /** Why the process died, if it did. */
  readonly died: unknown;
}

/** Has all of them read in a process of its own. */
const readAll = async (): Promise<Answer> => {
  const readings = new Map<string, Reading>();
  let kept = Infinity;
  const died = await inChild('hostile.worker.ts', [], (message) => {
    if (typeof message['kept'] === 'number') kept = message['kept'];
    else readings.set(message['name'] as string, message as unknown as Reading);
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { readings, kept, died };
};

let answer: Answer;
test.before(async () => {
  answer = await readAll();
});

const readingOf = (name: string): Reading => {
  const reading = answer.readings.get(name);
  if (reading === undefined) throw answer.died;
  return reading;
};

test('have names of their own', () => {
  assert.is(new Set(hostile.map(({ name }) => name)).size, hostile.length);
});

for (const { name, answer: wanted, maxMs = 50, text } of hostile)
  test(name, () => {
    const { isTaken, types, first, longest, ms, heap, isClean } = readingOf(name);
    if (wanted === 'taken') assert.ok(isTaken, first);
    else if (wanted !== 'either') assert.ok(!isTaken && types.includes(wanted), first ?? 'It is taken.');
    assert.ok(ms < maxMs, `${ms} ms of CPU`);
    if (maxMs === 50)
      assert.ok(text().length <= 5_000 || wanted.startsWith('Too'), `${text().length} characters are not few`);
    assert.ok(heap < (maxMs === 50 ? 64 : 700), `${heap} MB`);
    assert.ok(longest < 3_000, `${longest} characters`);
    assert.ok(isClean, 'Something global has changed.');
  });

test('leave nothing behind', () => assert.ok(answer.kept < 64, `${answer.kept} MB`));

test('are refused 1 level below what is allowed, wherever that is', () => {
  for (const [name, { text, isSound }] of Object.entries(shapes))
    for (const maxDepth of [30, 31, 64, 100]) {
      const answerTo = (depth: number): readonly string[] => {
        const result = fromYaml(text(depth), { limits: { maxDepth } });
        return result._tag === 'Left' ? result.left.map(({ type }) => type) : [];
      };
      assert.equal(answerTo(maxDepth + 1), ['TooDeep'], `${name}, ${maxDepth + 1}`);
      if (isSound === true) assert.equal(answerTo(maxDepth), [], `${name}, ${maxDepth}`);
      else assert.is(answerTo(maxDepth - 2).includes('TooDeep'), false, `${name}, ${maxDepth - 2}`);
    }
});

test('limits count bytes and pieces', () => {
  const file = 'name: f\nnodes: [] # é';
  assert.is(fromYaml(file, { limits: { maxBytes: 22 } })._tag, 'Right');
  assert.is(fromYaml(file, { limits: { maxBytes: 21 } })._tag, 'Left');
  const pieces = 16;
  assert.is(fromYaml(file, { limits: { maxPieces: pieces } })._tag, 'Right');
  const result = fromYaml(file, { limits: { maxPieces: pieces - 1 } });
  assert.is(result._tag === 'Left' && result.left[0]!.message, 'The file has more than 15 words and signs; split it.');
});

test.run();
