import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { axisTicks, tickText } from '../../../lib/viewer/timeline/axisTicks.js';
import { TimeScale } from '../../../lib/viewer/timeline/TimeScale.js';

const test = suite('TimeScale');

const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test('times lie along an axis', () => {
  const scale = new TimeScale(1_000, 2_000, 100, 500);
  assert.equal(
    [scale.x(1_000), scale.x(1_500), scale.x(2_000), scale.at(350), scale.msPerPx],
    [100, 350, 600, 1_500, 2],
  );
});

test('a cut takes a small part of the axis, whatever it is long', () => {
  const cuts = [
    { from: 1_100, to: 101_100 },
    { from: 101_200, to: 501_200 },
  ];
  const scale = new TimeScale(1_000, 501_300, 0, 1_000, cuts, 300);
  // 300 ms ran, each cut takes 4.5 ms of the 309.
  near(scale.x(1_100), (100 / 309) * 1_000);
  near(scale.x(101_100), (104.5 / 309) * 1_000);
  near(scale.x(501_300), 1_000);
  let last = -Infinity;
  for (let at = 1_000; at <= 501_300; at += 47) {
    assert.ok(scale.x(at) > last, `order at ${at}`);
    last = scale.x(at);
    assert.ok(Math.abs(scale.at(last) - at) < 0.01, `back from ${at}`);
  }
});

test('a zoom keeps the time below the pointer', () => {
  const scale = new TimeScale(0, 1_000, 0, 1_000);
  assert.equal(scale.zoomed(2, 250), [125, 625]);
  assert.equal(new TimeScale(125, 625, 0, 1_000).at(250), 250);
  assert.equal(scale.shifted(100), [100, 1_100]);
});

test('a run without length still has an axis', () => {
  const scale = new TimeScale(5, 5, 0, 100);
  assert.ok(Number.isFinite(scale.x(5)) && Number.isFinite(scale.at(50)));
});

test('ticks are round, apart, and none lies in a cut', () => {
  const scale = new TimeScale(1_003, 11_003, 0, 1_000);
  assert.equal(axisTicks(scale, 90, 1_003), {
    step: 1_000,
    ats: Array.from({ length: 11 }, (_, i) => 1_003 + i * 1_000),
  });
  const cut = new TimeScale(0, 1e9, 0, 1_000, [{ from: 500, to: 1e9 - 500 }], 1_000);
  const { ats } = axisTicks(cut, 90, 0);
  assert.ok(ats.length > 5 && ats.length <= 11);
  for (const at of ats) assert.ok(at <= 500 || at >= 1e9 - 500, String(at));
  for (let i = 1; i < ats.length; i++) assert.ok(cut.x(ats[i]!) - cut.x(ats[i - 1]!) >= 90);
});

test('years are ticked by days, and not one by one', () => {
  assert.ok(axisTicks(new TimeScale(0, 1e12, 0, 1_000), 90, 0).ats.length <= 12);
});

test('ticks are told as finely as they lie', () => {
  const at = (ms: number, step: number): string => tickText(1_000 + ms, step, 'relative', 1_000, '');
  assert.equal(
    [at(0, 100), at(250, 50), at(12_345, 5), at(12_300, 100), at(12_000, 1_000)],
    ['0', '250 ms', '12.345 s', '12.3 s', '12 s'],
  );
  assert.is(tickText(0, 1_000, 'utc', 0, '03:04:05.000Z'), '03:04:05Z');
});

test.run();
