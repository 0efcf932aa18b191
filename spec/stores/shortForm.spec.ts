import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import { decode, encode } from '../../lib/stores/sqlite/records.js';
import { firstSeed } from '../simulation/seeds.js';

const test = suite('events in rows');

/** What is read back from the rows that these are written as. */
const throughRows = (events: readonly ExecutionEvent[]): readonly ExecutionEvent[] => {
  const { rows, contents } = encode(events);
  const kept = new Map(contents.map(({ hash, body }) => [hash, body]));
  return rows.flatMap((row) => decode(row, 'run', kept));
};

const times = fc.oneof(
  fc.nat(1_000),
  fc.constantFrom(0, 1_800_000_000_000, 0.1, 1_800_000_000_000.3, 2 ** 53 + 2, -5, 1e300),
);
const by = fc.option(fc.record({ by: fc.string(), cause: fc.nat(9) }), { nil: {} });
const attempt = fc.constantFrom(1, 1, 1, 2);
const output = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 'x'.repeat(70_000), { content: 'x' }, [0, 'a']));
const anyEvent = fc.oneof(
  fc.record({ type: fc.constant('NodeStarted'), nodeId: fc.string(), attempt, head: by }),
  fc.record({
    type: fc.constant('NodeSucceeded'),
    nodeId: fc.string(),
    attempt,
    output,
    durationMs: fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    cached: fc.boolean(),
    head: by,
  }),
  fc.record({ type: fc.constant('MetricsUpdated'), metrics: fc.constant({ n: 1 }), head: by }),
);

test('come out as they went in, whatever they are', () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  fc.assert(
    fc.property(fc.array(fc.tuple(times, anyEvent), { maxLength: 700 }), fc.nat(1_000), (list, from) => {
      const events = list.map(([at, { head, ...body }], i) => ({ seq: from + i + 1, at, ...body, ...head }));
      const plain = JSON.parse(JSON.stringify(events)) as readonly ExecutionEvent[];
      assert.equal(throughRows(plain), plain);
    }),
    { seed, numRuns: 300 },
  );
});

test('a start and a success take a few bytes each', () => {
  const at = 1_800_000_000_000;
  const pairs = Array.from({ length: 100 }, (_, i): readonly ExecutionEvent[] => [
    { seq: 2 * i + 1, at: at + i, type: 'NodeStarted', nodeId: `n${i}`, attempt: 1 },
    {
      seq: 2 * i + 2,
      at: at + i,
      type: 'NodeSucceeded',
      nodeId: `n${i}`,
      attempt: 1,
      output: null,
      durationMs: 0,
      cached: false,
    },
  ]);
  const [row, more] = encode(pairs.flat()).rows;
  assert.is(more, undefined);
  assert.ok(row!.body.length < 100 * 32, `${row!.body.length} bytes`);
});

for (const body of ['[null]', '[3]', '["x"]', '[{}]', '[[1]', '{"0":1}', '[{"seq":2,"at":1}]'])
  test(`a row that is ${body} is damaged`, () => {
    assert.throws(
      () => decode({ firstSeq: 1, count: 1, body }, 'run', new Map()),
      (error: Error) => error.message === 'The log of run "run" is damaged at event 1.',
    );
  });

test.run();
