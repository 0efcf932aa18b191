import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ScaledScroll, TALLEST } from '../../../lib/viewer/log/ScaledScroll.js';

const test = suite('ScaledScroll');

const over = (rows: number, view: number): ScaledScroll => {
  const scroll = new ScaledScroll(20);
  scroll.resize(rows, view);
  return scroll;
};

test('few rows scroll px by px', () => {
  const scroll = over(100, 200);
  assert.is(scroll.height, 2_000);
  scroll.scrollTop = 50;
  assert.equal([scroll.top, scroll.first, scroll.shown], [50, 2, 11]);
  scroll.top = Infinity;
  assert.equal([scroll.top, scroll.first, scroll.shown, scroll.isAtEnd], [1_800, 90, 10, true]);
});

test('a million rows fit in a box that browsers can lay out, and each can be reached', () => {
  const scroll = over(1_000_000, 200);
  assert.is(scroll.height, TALLEST);
  scroll.scrollTop = TALLEST - 200;
  assert.is(scroll.first + scroll.shown, 1_000_000);
  for (const row of [0, 1, 777_777, 999_999]) {
    scroll.reveal(row);
    assert.ok(row >= scroll.first && row < scroll.first + scroll.shown, String(row));
    // What the browser makes of it comes back rounded, and must not move the rows.
    const { top } = scroll;
    scroll.scrollTop = Math.round(scroll.scrollTop);
    assert.is(scroll.top, top);
  }
});

test('scrolls no further than needed to show a row', () => {
  const scroll = over(100, 200);
  scroll.reveal(5);
  assert.is(scroll.top, 0);
  scroll.reveal(10);
  assert.is(scroll.top, 20);
  scroll.reveal(3);
  assert.is(scroll.top, 20);
  scroll.reveal(0);
  assert.is(scroll.top, 0);
});

test('fewer rows than fit leave nothing to scroll', () => {
  const scroll = over(3, 200);
  scroll.top = 50;
  assert.equal([scroll.top, scroll.shown, scroll.isAtEnd], [0, 3, true]);
  scroll.resize(0, 200);
  assert.equal([scroll.first, scroll.shown, scroll.height], [0, 0, 0]);
});

test.run();
