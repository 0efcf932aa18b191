import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chromeTrace } from '../../lib/formats/chromeTrace.js';
import { logOf, node, runStarted, started, succeeded } from '../support/logOf.js';

const test = suite('chromeTrace');

test('an attempt whose process died ends with the last that happened before', () => {
  const times = [0, 5, 9, 1_009, 1_010, 1_011, 1_020];
  const events = logOf(
    runStarted([node('a'), node('b')]),
    started('a'),
    { type: 'CustomEmitted', name: 'still', payload: null },
    { type: 'RunRecovered', interrupted: ['a'] },
    { type: 'NodeInterrupted', nodeId: 'a', attempt: 1 },
    started('a', 2),
    succeeded('a', 2),
  ).map((event, i) => ({ ...event, at: times[i]! }));
  const { traceEvents } = chromeTrace(events) as unknown as {
    readonly traceEvents: readonly {
      readonly ph: string;
      readonly ts: number;
      readonly dur: number;
      readonly cat: string;
    }[];
  };
  assert.equal(
    traceEvents.filter(({ ph }) => ph === 'X').map(({ cat, ts, dur }) => [cat, ts, dur]),
    [
      ['interrupted', 5_000, 4_000],
      ['succeeded', 1_011_000, 9_000],
    ],
  );
});

test.run();
