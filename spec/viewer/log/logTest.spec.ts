import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logTest } from '../../../lib/viewer/log/logTest.js';
import { failed, logOf, node, runStarted, skipped, started, succeeded } from '../../support/logOf.js';

const test = suite('logTest');

const ids = ['load', 'Train'];
const events = logOf(
  runStarted([node('load'), node('Train: load')]),
  started('load'),
  { type: 'NodeProgressed', nodeId: 'load', attempt: 1, value: 'half of Paris' },
  succeeded('load'),
  started('Train'),
  failed('Train'),
  skipped('load', 'Train'),
  { type: 'CommandRefused', command: { type: 'RetryNode' }, reason: 'train has not failed', by: 'guard' },
);
let read = 0;
const log = {
  at: (seq: number) => {
    read++;
    return events[seq - 1]!;
  },
  typeAt: (seq: number) => events[seq - 1]!.type,
  nodeAt: (seq: number) => ids.indexOf((events[seq - 1] as { nodeId?: string }).nodeId ?? ''),
};
const found = (text: string, node?: number): readonly number[] => {
  const passes = logTest(text, node, log, (index) => ids[index]!);
  return events.map(({ seq }) => seq).filter((seq) => passes === undefined || passes(seq));
};

test('nothing written is no test', () => {
  assert.is(logTest(' ', undefined, log, String), undefined);
});

test('words are found in types, ids and sentences, whatever their case', () => {
  assert.equal(found('FAILED'), [6, 8]);
  assert.equal(found('NodeStarted'), [2, 5]);
  assert.equal(found('train'), [5, 6, 8]);
  assert.equal(found('paris'), [3]);
  assert.equal(found('guard'), [8]);
});

test('all words must be there, and none after a minus', () => {
  assert.equal(found('train started'), [5]);
  assert.equal(found('train -started'), [6, 8]);
  assert.equal(found('- '), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('one node alone', () => {
  assert.equal(found('', 0), [2, 3, 4, 7]);
  assert.equal(found('succeeded', 0), [4]);
  assert.equal(found('', -2), []);
});

test('events that say no more than their type and node are not read', () => {
  read = 0;
  found('zzz');
  assert.is(read, 5);
});

test.run();
