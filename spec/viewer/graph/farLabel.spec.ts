import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inTwo } from '../../../lib/viewer/graph/Labels.js';

const test = suite('names from afar');

/** A font of which each sign is as wide as the next. */
const wide = (): number => 10;
const lines = (text: string, room = 120): readonly string[] => inTwo(text, { first: room, second: 120 }, wide);

test('what fits stands in one line', () => {
  assert.equal(lines('dashboard'), ['dashboard']);
  assert.equal(lines('twelve_signs'), ['twelve_signs']);
});

test('a longer name goes on behind a sign that parts its words', () => {
  assert.equal(lines('join_orders_customers'), ['join_orders_', 'customers']);
  assert.equal(lines('clean_products'), ['clean_', 'products']);
  assert.equal(lines('extract.warehouse'), ['extract.', 'warehouse']);
});

test('without such a sign it is broken where the line ends, and cut in the middle where two are too few', () => {
  assert.equal(lines('individualsID0000001'), ['individualsI', 'D0000001']);
  assert.equal(lines('a_individualsID0000001'), ['a_individual', 'sID0000001']);
  assert.equal(lines('extract_clickstream_events_flaky'), ['extract_', 'click…_flaky']);
});

test('a badge leaves less to the first line alone', () => {
  assert.equal(lines('features_demand', 60), ['featur', 'es_demand']);
  assert.equal(lines('parse', 60), ['parse']);
});

test('signs of more than one unit stay whole', () => {
  assert.equal(lines('🎉'.repeat(20)), ['🎉'.repeat(12), '🎉'.repeat(8)]);
});

test.run();
