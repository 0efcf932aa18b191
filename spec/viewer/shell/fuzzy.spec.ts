import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fuzzy } from '../../../lib/viewer/shell/fuzzy.js';

const test = suite('fuzzy');

const best = (typed: string, texts: readonly string[]): readonly string[] =>
  texts
    .map((text) => ({ text, score: fuzzy(typed, text) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);

test('a text answers when its letters come in the order typed', () => {
  assert.equal(best('crt', ['cart', 'tar c', 'concert', 'car']), ['cart', 'concert']);
});

test('a whole part comes before scattered letters, the start of a word before its middle', () => {
  assert.equal(best('load', ['unload', 'l-o-a-d', 'pre load', 'load']), ['load', 'pre load', 'unload', 'l-o-a-d']);
});

test('case does not matter, and nothing typed answers to all alike', () => {
  assert.ok(fuzzy('LOAD', 'load') > 0);
  assert.is(fuzzy('', 'load'), fuzzy('', 'x'));
});

test.run();
