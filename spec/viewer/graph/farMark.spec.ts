import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { farMark, reachOf, strengthOf } from '../../../lib/viewer/graph/farMark.js';
import { FAILED, looks, PENDING, RUNNING, SKIPPED, SUCCEEDED } from '../../../lib/viewer/theme/looks.js';

const test = suite('farMark');

/** What is seen of a look by somebody who sees no hues: how dark each pixel is, row by row. */
const greyOf = (look: number, width: number, height: number): string => {
  const reach = reachOf(width);
  const rows = Array.from({ length: height }, () => Array<string>(width + 2 * reach).fill('.'));
  for (const part of farMark(look, width, height))
    for (let y = part.y; y < part.y + part.height; y++)
      for (let x = part.x; x < part.x + part.width; x++) {
        assert.ok(rows[y]?.[x + reach] !== undefined, `look ${look} stays in its place at ${width} × ${height}`);
        rows[y]![x + reach] =
          part.ink === 'line' ? (strengthOf(look) < 1 ? '+' : '#') : part.ink === 'fill' ? ':' : '-';
      }
  return rows.map((row) => row.join('')).join('\n');
};

test('tells all looks apart without a hue, as small as boxes of 10,000 nodes are', () => {
  for (const [width, height] of [
    [10, 3],
    [12, 4],
    [20, 8],
    [31, 8],
  ] as const) {
    const seen = new Set(looks.map((_, look) => greyOf(look, width, height)));
    assert.is(seen.size, looks.length, `${width} × ${height}`);
  }
});

test('tells what matters apart as small as boxes of 100,000 nodes are', () => {
  const some = [PENDING, RUNNING, SUCCEEDED, FAILED, SKIPPED];
  for (const [width, height] of [
    [3, 1],
    [4, 1],
    [4, 2],
    [6, 2],
  ] as const) {
    const seen = new Set(some.map((look) => greyOf(look, width, height)));
    assert.is(seen.size, some.length, `${width} × ${height}`);
  }
});

test('lets what failed stick out, and what runs be light with a rim', () => {
  assert.is(greyOf(FAILED, 10, 3), Array(3).fill('#####..#####').join('\n'));
  assert.is(greyOf(RUNNING, 10, 3), ['.##########.', '.#::::::::#.', '.##########.'].join('\n'));
  assert.is(greyOf(SUCCEEDED, 10, 3), Array(3).fill('.++++++++++.').join('\n'));
  assert.is(greyOf(PENDING, 10, 3), ['.....--.....', '.----------.', '.....--.....'].join('\n'));
  assert.is(greyOf(255, 10, 3), ['.....##.....', '.##########.', '.....##.....'].join('\n'));
});

test.run();
