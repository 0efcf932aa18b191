import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toSvg } from '../../lib/formats/toSvg.js';
import { pauseBranch, pauseRun, resumeBranch, resumeRun } from '../../lib/index.js';
import { initialSnapshot } from '../../lib/state/reduce.js';
import { Lab, fail } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { hostileTexts, visible } from './hostileTexts.js';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };
const read = (xml: string): string => xml.replaceAll(/&(amp|lt|gt);/g, (_, name: string) => entities[name]!);

interface Box {
  readonly look: string;
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly texts: readonly string[];
}

const boxesOf = (svg: string): readonly Box[] =>
  svg
    .split('\n')
    .filter((line) => line.startsWith('<g class='))
    .map((line) => {
      const [, look, x, y, title] =
        /^<g class="([\w-]+)" transform="translate\((\S+) (\S+)\)"><title>([^<]*)<\/title>/.exec(line)!;
      const texts = [...line.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => read(text!));
      return { look: look!, x: Number(x), y: Number(y), title: read(title!), texts };
    });

const test = suite('toSvg');

test('draws a definition: boxes from left to right, and lines between them', () => {
  const svg = toSvg({
    name: 'sums',
    nodes: [
      { id: 'one', action: 'add' },
      { id: 'two', action: 'double', deps: ['one', 'unknown'] },
    ],
  });
  assert.equal(boxesOf(svg), [
    { look: 'plain', x: 16, y: 16, title: 'one (add)', texts: ['one', 'add'] },
    { look: 'plain', x: 256, y: 16, title: 'two (double)', texts: ['two', 'double'] },
  ]);
  assert.equal(
    svg.split('\n').filter((line) => line.startsWith('<path')),
    ['<path class="e" d="M168 20L240 20"/>'],
  );
  assert.match(
    svg,
    '<svg xmlns="http://www.w3.org/2000/svg" class="rxdag" viewBox="0 0 440 72" width="440" height="72">\n<title>sums</title>',
  );
  assert.match(svg, '@media (prefers-color-scheme:dark)');
  assert.not.match(svg, /(?:href|src|url\((?!#)|@import)/);
});

test('draws a run: how each node stands, by sign, colour and word', async () => {
  const { run } = await new Lab(false).finish(['a', 'b: a', 'c: b', node('d: b', { runIf: 'allDone' })], {
    does: { b: fail('it <broke>') },
  });
  const svg = toSvg(run.snapshot);
  assert.equal(
    boxesOf(svg).map(({ look, title, texts }) => [look, title, ...texts]),
    [
      ['succeeded', 'a (work), succeeded', '✓', 'a', 'succeeded'],
      ['failed', 'b (work), failed: it <broke>', '✕', 'b', 'failed'],
      ['skipped', 'c (work), skipped', '↷', 'c', 'skipped'],
      ['succeeded', 'd (work), succeeded', '✓', 'd', 'succeeded'],
    ],
  );
  for (const look of ['succeeded', 'failed', 'skipped'])
    assert.is(svg.split(`.rxdag .${look} rect{fill:`).length, 3, look);
});

test('draws what has not ended, further attempts, and what is paused', async () => {
  const lab = new Lab(false);
  const trial = lab.start(['a', 'b: a', node('c', { tryCount: 2 }), node('d: a', { branch: 'x' })], {
    does: { a: 10, c: fail() },
  });
  await trial.pass(1);
  void trial.run.dispatch(pauseBranch('x'));
  await trial.pass(0);
  assert.equal(
    boxesOf(toSvg(trial.run.snapshot)).map(({ texts }) => texts),
    [
      ['▶', 'a', 'running'],
      ['○', 'b', 'pending'],
      ['↻', 'c', 'retrying'],
      ['Ⅱ', 'd', 'paused'],
    ],
  );
  void trial.run.dispatch(pauseRun());
  await trial.pass(20);
  assert.equal(
    boxesOf(toSvg(trial.run.snapshot)).map(({ look }) => look),
    ['succeeded', 'paused', 'retrying', 'paused'],
  );
  void trial.run.dispatch(resumeBranch('x'));
  void trial.run.dispatch(resumeRun());
  await trial.end();
});

test('tells people, DAGs, items and conditions by sign and word, with a legend of those that there are', async () => {
  const signs = (svg: string): readonly number[] =>
    svg
      .split('\n')
      .filter((line) => line.startsWith('<g class='))
      .map((line) => line.split('<path class="k"').length - 1);
  const legend = (svg: string): readonly string[] =>
    [...svg.matchAll(/<g transform="[^"]+" class="plain"><path class="k"[^>]+><text[^>]*>([^<]*)</g)].map(
      ([, text]) => text!,
    );
  const nodes = [
    { id: 'a', action: 'work' },
    { id: 'b', action: 'human.input' },
    { id: 'c', action: 'work', forEach: { $ref: 'a' }, when: { $ref: 'a' } },
  ];
  const svg = toSvg({ name: 'g', nodes });
  assert.equal(signs(svg), [0, 1, 2]);
  assert.equal(
    boxesOf(svg).map(({ title, texts }) => [title, texts.at(-1)]),
    [
      ['a (work)', 'work'],
      ['b (human.input)', 'human.input'],
      ['c (work · for_each · when)', 'work · for_each · when'],
    ],
  );
  assert.equal(legend(svg), [
    'human.input: waits for a person',
    'for_each: once for each item',
    'when: skipped unless its condition is met',
  ]);
  const [, height] = /viewBox="0 0 \S+ (\S+)"/.exec(svg)!;
  for (const [, y] of svg.matchAll(/<g transform="translate\(\S+ (\S+)\)" class="plain">/g))
    assert.ok(Number(y) + 18 <= Number(height), 'the legend is inside');
  assert.equal(legend(toSvg({ name: 'g', nodes: nodes.slice(0, 1) })), []);
  const { run } = await new Lab(false).finish(['a', node('b: a', { when: { $ref: 'a' } })]);
  assert.is(boxesOf(toSvg(run.snapshot))[1]!.texts.at(-1), 'succeeded · when');
});

test('draws no nodes where there are none, and loops without a line', () => {
  for (const empty of [toSvg({ name: 'g', nodes: [] }), toSvg(initialSnapshot())]) {
    assert.equal(boxesOf(empty), []);
    assert.match(empty, 'viewBox="0 0 32 32"');
  }
  const svg = toSvg({ name: 'g', nodes: [node('a: b a'), node('b: a')] });
  assert.is(boxesOf(svg).length, 2);
  assert.is(svg.match(/<path class="e"/g)?.length, 2);
});

test('cuts the middle of what is too long', () => {
  const [one, two] = boxesOf(
    toSvg({ name: 'g', nodes: [node('a'.repeat(100_000) + 'the-end'), node('漢'.repeat(30))] }),
  );
  assert.is(one!.texts[0], 'aaaaaaaaaa…aathe-end');
  assert.ok(one!.title.length < 600);
  assert.is(two!.texts[0], '漢漢漢漢漢…漢漢漢漢');
});

test('keeps every hostile text inside its place', async () => {
  const nodes = hostileTexts.map((text, i) => ({
    id: text + i,
    action: text,
    deps: i === 0 ? [] : [hostileTexts[i - 1]! + (i - 1)],
  }));
  const { run } = await new Lab(false).finish(
    hostileTexts.map((_, i) => `n${i}`),
    { does: Object.fromEntries(hostileTexts.map((text, i) => [`n${i}`, fail(text)])) },
  );
  for (const svg of [...hostileTexts.map((name) => toSvg({ name, nodes })), toSvg(run.snapshot)]) {
    // Only these elements, whole, and nothing in XML that is not allowed there.
    const rest = svg
      .replaceAll(/<(\/?)(svg|title|style|defs|marker|g|path|rect|text)((?: [\w:-]+="[^"<]*")*)(\/?)>/g, '')
      .replaceAll(/&(?:amp|lt|gt);/g, '');
    assert.not.match(rest, /[<>&]/);
    assert.not.match(svg, /[^\P{C}\n\p{Cf}]|[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u);
  }
  const titles = boxesOf(toSvg({ name: '', nodes })).map(({ title }) => title);
  assert.equal(
    titles,
    nodes.map(({ id, action }) => visible(`${id} (${action})`)),
  );
});

test('draws 10,000 nodes, and a chain of as many', () => {
  const wide = Array.from({ length: 10_000 }, (_, i) => ({ id: `n${i}`, action: 'work', deps: i === 0 ? [] : ['n0'] }));
  const chain = wide.map((node, i) => ({ ...node, deps: i === 0 ? [] : [`n${i - 1}`] }));
  for (const nodes of [wide, chain]) assert.is(boxesOf(toSvg({ name: 'g', nodes })).length, 10_000);
});

test.run();
