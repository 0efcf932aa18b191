import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chromeTrace } from '../../lib/formats/chromeTrace.js';
import { toGantt } from '../../lib/formats/toGantt.js';
import { simulate } from '../../lib/index.js';
import { failed, logOf, node, runStarted, settled, started } from '../support/logOf.js';
import { planIn, planOf } from '../support/plans.js';

const test = suite('toGantt');

/** The bars of a chart: what is said of each, its left edge, width and top. */
const barsOf = (svg: string): readonly (readonly (string | number)[])[] =>
  [...svg.matchAll(/<title>([^<]*)<\/title><rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)].map(
    ([, title, x, y, width]) => [title!, Number(x), Number(width), Number(y)],
  );

test('draws a bar for each attempt, to scale, in as many rows as ran at once', () => {
  const { events } = simulate(planIn({ a: 1, 'b: a': 2, c: 4 }), { slots: 2 });
  assert.equal(barsOf(toGantt(events)), [
    ['a: from 0 s, for 1 s', 12, 294, 47],
    ['b: from 1 s, for 2 s', 306, 588, 47],
    ['c: from 0 s, for 4 s', 12, 1_176, 25],
  ]);
});

test('says how attempts ended that did not succeed, and those that still run end with the log', () => {
  const log = logOf(
    { ...runStarted([node('a'), node('b')]), at: 1_000 },
    { ...started('a'), at: 1_000 },
    { ...started('b'), at: 1_500 },
    { ...failed('a'), at: 2_000 },
  );
  assert.equal(
    barsOf(toGantt(log)).map(([title]) => title),
    ['a: from 0 s, for 1 s, failed', 'b: from 0.5 s, for 0.5 s, running'],
  );
});

test('nodes of one action have one colour, those of another another', () => {
  const plan = planOf([node('a', { action: 'x' }), node('b', { action: 'y' }), node('c', { action: 'x' })]);
  const [a, b, c] = [...toGantt(simulate(plan, { slots: 1 }).events).matchAll(/fill="(hsl[^"]*)"/g)].map(
    ([, fill]) => fill,
  );
  assert.ok(a === c && a !== b);
});

test('a label stays in its bar: of a long id beginning and end are shown, and what is too wide is clipped', () => {
  const labels = (ids: readonly string[]): readonly (readonly string[])[] => {
    const plan = planOf([...ids.map((id) => node(id, { estimateMs: 1_000 })), node('rest', { estimateMs: 10_000 })]);
    const svg = toGantt(simulate(plan, { slots: 9 }).events);
    return [
      ...svg.matchAll(
        /<svg x="([\d.]+)" y="\d+" width="([\d.]+)" height="20"><text x="3" y="14">([^<]*)<\/text><\/svg>/g,
      ),
    ].map(([, x, width, text]) => [x!, width!, text!]);
  };
  assert.equal(
    labels([
      'short',
      'individuals_chr1_ID0000017',
      'individuals_chr1_ID0000018',
      '日本語の長い名前です',
      '🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂',
    ]),
    [
      ['12', '117.6', 'short'],
      ['12', '117.6', 'individ…0000017'],
      ['12', '117.6', 'individ…0000018'],
      ['12', '117.6', '日本語の…前です'],
      ['12', '117.6', '🙂🙂🙂🙂…🙂🙂🙂'],
      ['12', '1176', 'rest'],
    ],
  );
});

test('an id can break nothing', () => {
  const log = logOf(runStarted([node('<script>&"\u0007')]), started('<script>&"\u0007'), settled());
  const svg = toGantt(log);
  assert.match(svg, String.raw`&lt;script&gt;&amp;"\u0007: from`);
  assert.not.match(svg, '<script>');
});

test('a log without a node, or of no length, is a chart as well', () => {
  for (const log of [[], logOf(runStarted([]), settled()), simulate(planIn({ a: 0 })).events]) {
    const svg = toGantt(log);
    assert.match(svg, /^<svg [^>]*viewBox="0 0 1200 58"/);
    assert.not.match(svg, 'NaN');
  }
});

test('the same bars make a Chrome trace', () => {
  const { events } = simulate(planIn({ a: 1, 'b: a': 2, c: 4 }), { slots: 2 });
  const { traceEvents } = chromeTrace(events) as { traceEvents: readonly Record<string, unknown>[] };
  assert.equal(
    traceEvents.filter(({ ph }) => ph === 'X').map(({ name, ts, dur, tid }) => [name, ts, dur, tid]),
    [
      ['a', 0, 1_000_000, 2],
      ['b', 1_000_000, 2_000_000, 2],
      ['c', 0, 4_000_000, 1],
    ],
  );
});

test.run();
