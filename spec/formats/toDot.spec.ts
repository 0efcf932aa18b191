import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toDot } from '../../lib/formats/toDot.js';
import { ref } from '../../lib/model/Ref.js';
import { initialSnapshot, reduce } from '../../lib/state/reduce.js';
import { Lab, fail } from '../support/executor.js';
import { logOf, node, runStarted, started, succeeded } from '../support/logOf.js';
import { hostileTexts, visible } from './hostileTexts.js';

const table = '<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">';

const document = (...lines: readonly string[]): string =>
  [
    'digraph ExecutionFlow {',
    '  graph [rankdir=LR, nodesep=0.5, ranksep=1.0];',
    '  node [shape=box, style=rounded, fontname="Helvetica", width=1.5];',
    '  edge [fontsize=10];',
    '',
    ...lines,
    '}',
    '',
  ].join('\n');

/** The rows of one node's table, without the tags that all rows share. */
const rowsOf = (dot: string, place: number): readonly string[] =>
  dot
    .split('</TABLE>', place + 1)
    .at(-1)!
    .split('\n')
    .filter((line) => line.startsWith('<TR>'))
    .map((line) => line.slice('<TR><TD'.length, -'</TD></TR>'.length).replace(/^>/, ''));

const inputRow = (value: unknown): string =>
  rowsOf(toDot({ name: 'g', nodes: [{ id: 'a', action: 'work', inputs: { key: value as string } }] }), 0)[3]!;

const test = suite('toDot');

test('draws a definition: what each node is, gets and gives, and what it waits for', () => {
  const dot = toDot({
    name: 'sums',
    nodes: [
      {
        id: 'node1',
        action: 'add',
        inputs: { a: 1, list: [2, 3], text: 'hi', from: ref('inputs.x') },
        outputs: [{ name: 'sum', description: 'of all' }, { name: 'rest' }],
      },
      { action: 'double', inputs: { n: ref('node1.sum') }, deps: ['node1', 'unknown'] },
      { id: 'last', action: '', deps: ['double_1'], when: { $ref: 'node1.rest' } },
    ],
  });
  assert.fixture(
    dot,
    document(
      `  "node1" [label=<${table}`,
      '<TR><TD BGCOLOR="#E8E8E8"><B>node1</B></TD></TR>',
      '<TR><TD>Action: add</TD></TR>',
      '<TR><TD BGCOLOR="#E8F0FE"><B>Inputs</B></TD></TR>',
      '<TR><TD><I>a</I>: 1</TD></TR>',
      '<TR><TD><I>list</I>: 2,3</TD></TR>',
      '<TR><TD><I>text</I>: hi</TD></TR>',
      '<TR><TD><I>from</I>: inputs.x</TD></TR>',
      '<TR><TD BGCOLOR="#E8F0FE"><B>Outputs</B></TD></TR>',
      '<TR><TD><I>sum</I>: of all</TD></TR>',
      '<TR><TD><I>rest</I></TD></TR>',
      '</TABLE>>, fontcolor=black];',
      `  "double_1" [label=<${table}`,
      '<TR><TD BGCOLOR="#E8E8E8"><B>double_1</B></TD></TR>',
      '<TR><TD>Action: double</TD></TR>',
      '<TR><TD BGCOLOR="#E8F0FE"><B>Inputs</B></TD></TR>',
      '<TR><TD><I>n</I>: node1.sum</TD></TR>',
      '</TABLE>>, fontcolor=black];',
      `  "last" [label=<${table}`,
      '<TR><TD BGCOLOR="#E8E8E8"><B>last</B></TD></TR>',
      '<TR><TD>Action: unknown</TD></TR>',
      '</TABLE>>, fontcolor=black];',
      '',
      '  // Edges',
      '  "node1" -> "double_1" [label="executed_after"];',
      '  "double_1" -> "last" [label="executed_after"];',
      '  "node1" -> "last" [label="executed_after"];',
    ),
  );
});

test('draws a run: the values that came out, how each node ended, and when', async () => {
  const { run } = await new Lab(false).finish(
    [
      node('a', { inputs: { n: 2 }, outputs: [{ name: 'declared' }] }),
      node('b: a'),
      node('c: b', { outputs: [{ name: 'total' }] }),
      node('d: b', { runIf: 'allDone' }),
    ],
    { does: { a: () => ({ sum: 3, list: ['x', 'y'] }), b: fail('it "broke"'), d: 61_000 } },
  );
  assert.fixture(
    toDot(run.snapshot),
    document(
      `  "a" [label=<${table}`,
      '<TR><TD BGCOLOR="#E8E8E8"><B>a</B></TD></TR>',
      '<TR><TD>Action: work</TD></TR>',
      '<TR><TD BGCOLOR="#E8F0FE"><B>Inputs</B></TD></TR>',
      '<TR><TD><I>n</I>: 2</TD></TR>',
      '<TR><TD BGCOLOR="#E8F0FE"><B>Outputs</B></TD></TR>',
      '<TR><TD><I>sum</I>: 3</TD></TR>',
      '<TR><TD><I>list</I>: &quot;x&quot;,&quot;y&quot;</TD></TR>',
      '<TR><TD BGCOLOR="#E6FFE6">✓ Success</TD></TR>',
      '<TR><TD>Time: 00:16:40</TD></TR>',
      '</TABLE>>, color=green, fontcolor=black];',
      `  "b" [label=<${table}`,
      '<TR><TD BGCOLOR="#E8E8E8"><B>b</B></TD></TR>',
      '<TR><TD>Action: work</TD></TR>',
      '<TR><TD BGCOLOR="#FFE6E6">✗ Failed</TD></TR>',
      '<TR><TD>Time: 00:16:40</TD></TR>',
      '<TR><TD><FONT COLOR="red">Error: it &quot;broke&quot;</FONT></TD></TR>',
      '</TABLE>>, color=red, fontcolor=black];',
      `  "c" [label=<${table}`,
      '<TR><TD BGCOLOR="#E8E8E8"><B>c</B></TD></TR>',
      '<TR><TD>Action: work</TD></TR>',
      '<TR><TD BGCOLOR="#E8F0FE"><B>Outputs</B></TD></TR>',
      '<TR><TD><I>total</I></TD></TR>',
      '<TR><TD BGCOLOR="#F0F0F0">skipped</TD></TR>',
      '<TR><TD>Time: 00:16:40</TD></TR>',
      '</TABLE>>, fontcolor=black];',
      `  "d" [label=<${table}`,
      '<TR><TD BGCOLOR="#E8E8E8"><B>d</B></TD></TR>',
      '<TR><TD>Action: work</TD></TR>',
      '<TR><TD BGCOLOR="#E8F0FE"><B>Outputs</B></TD></TR>',
      '<TR><TD><I>value</I>: d</TD></TR>',
      '<TR><TD BGCOLOR="#E6FFE6">✓ Success</TD></TR>',
      '<TR><TD>Time: 00:17:41</TD></TR>',
      '</TABLE>>, color=green, fontcolor=black];',
      '',
      '  // Edges',
      '  "a" -> "b" [label="executed_after"];',
      '  "b" -> "c" [label="executed_after"];',
      '  "b" -> "d" [label="executed_after"];',
    ),
  );
});

test('draws what has not ended by its status alone', async () => {
  const lab = new Lab(false);
  const trial = lab.start(['a', 'b: a', node('c', { tryCount: 2 })], { does: { a: 10, c: fail() } });
  await trial.pass(1);
  const dot = toDot(trial.run.snapshot);
  assert.equal(rowsOf(dot, 0).slice(2), [' BGCOLOR="#F0F0F0">running']);
  assert.equal(rowsOf(dot, 1).slice(2), [' BGCOLOR="#F0F0F0">pending']);
  assert.equal(rowsOf(dot, 2).slice(2), [' BGCOLOR="#F0F0F0">retrying']);
  assert.not.match(dot, /color=(?:green|red)/);
  await trial.end();
});

test('draws no nodes where there are none', () => {
  const empty = document('', '  // Edges');
  assert.is(toDot({ name: 'g', nodes: [] }), empty);
  assert.is(toDot(initialSnapshot()), empty);
});

test('shows values as JSON without what is around them, references as their text', () => {
  for (const [value, shown] of [
    ['text', 'text'],
    ['', ''],
    ['[1]', '[1]'],
    ['a\nb', 'a\\\\nb'],
    [null, 'null'],
    [-1.5, '-1.5'],
    [[], ''],
    [[[1], [2]], '[1],[2]'],
    [{ a: { b: [1] } }, '&quot;a&quot;:{&quot;b&quot;:[1]}'],
    [{ a: [ref('x.y')] }, '&quot;a&quot;:[&quot;x.y&quot;]'],
    [ref({ node: 'x.y', path: ['rows', 0] }), 'x.y.rows[0]'],
    [ref('"x".y'), '&quot;x&quot;.y'],
    [{ $literal: { $ref: 'x' } }, '&quot;$ref&quot;:&quot;x&quot;'],
    [{ $literal: 'x' }, 'x'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ] as const)
    assert.is(inputRow(value), `<I>key</I>${shown === '' ? '' : `: ${shown}`}`);
});

test('takes an output for what it is, even if it looks like a reference', async () => {
  const { run } = await new Lab(false).finish(['a', 'b', 'c'], {
    does: { a: () => ({ $ref: 'x' }), b: () => [{ $ref: 'y' }], c: () => null },
  });
  const dot = toDot(run.snapshot);
  assert.is(rowsOf(dot, 0)[3], '<I>$ref</I>: x');
  assert.is(rowsOf(dot, 1)[3], '<I>value</I>: {&quot;$ref&quot;:&quot;y&quot;}');
  assert.is(rowsOf(dot, 2)[3], '<I>value</I>: null');
});

test('cuts what is longer than 50 characters to 47 and dots, and no character in two', () => {
  const shown = (text: string): string => inputRow(text).slice('<I>key</I>: '.length);
  for (const sign of ['x', '😀', '漢']) {
    assert.is(shown(sign.repeat(50)), sign.repeat(50));
    assert.is(shown(sign.repeat(51)), `${sign.repeat(47)}...`);
    assert.is(shown(sign.repeat(1_000)), `${sign.repeat(47)}...`);
  }
  assert.is(shown(`${'x'.repeat(46)}😀${'y'.repeat(10)}`), `${'x'.repeat(46)}😀...`);
  assert.is(shown(`${'x'.repeat(47)}😀${'y'.repeat(10)}`), `${'x'.repeat(47)}...`);
  assert.is(shown(`${'x'.repeat(47)}😀`), `${'x'.repeat(47)}😀`);
  const long = 'k'.repeat(60);
  const cut = `${'k'.repeat(47)}...`;
  const dot = toDot({ name: 'g', nodes: [{ id: long, action: long, inputs: { [long]: ref(long) } }] });
  assert.equal(rowsOf(dot, 0).slice(1), [
    `Action: ${long}`,
    ' BGCOLOR="#E8F0FE"><B>Inputs</B>',
    `<I>${cut}</I>: ${cut}`,
  ]);
});

test('cuts an error in the same way', async () => {
  const { run } = await new Lab(false).finish(['a'], { does: { a: fail(`[E1]\n${'x'.repeat(60)}`) } });
  const error = `[E1]\\\\u000a${'x'.repeat(42)}...`;
  assert.is(rowsOf(toDot(run.snapshot), 0).at(-1), `<FONT COLOR="red">Error: ${error}</FONT>`);
});

test('shows 50 parts of a value and how many more there are', async () => {
  const parts = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i]));
  const { run } = await new Lab(false).finish(['a'], { does: { a: () => parts } });
  const rows = rowsOf(toDot(run.snapshot), 0);
  assert.is(rows.length, 2 + 1 + 50 + 1 + 2);
  assert.equal(rows.slice(52, 54), ['<I>k49</I>: 49', '... and 950 more']);
});

test('tells the time of day of any instant', () => {
  for (const [at, time] of [
    [0, '00:00:00'],
    [86_399_999, '23:59:59'],
    [Date.UTC(2038, 5, 7, 13, 4, 9), '13:04:09'],
    [-1_000, '23:59:59'],
    [8_640_000_000_001_000, '00:00:01'],
  ] as const) {
    const events = logOf({ ...runStarted([node('a')]), at }, started('a'), { ...succeeded('a'), at });
    assert.is(rowsOf(toDot(events.reduce(reduce, initialSnapshot())), 0).at(-1), `Time: ${time}`);
  }
});

test('draws a definition that is not sound, each id once', () => {
  const dot = toDot({
    name: 'g',
    nodes: [node('a: b a'), node('b: a', { action: 'first' }), node('b: zz', { action: 'second' }), { action: 'a' }],
  });
  assert.equal(
    dot.split('\n').filter((line) => line.includes('->')),
    ['"b" -> "a"', '"a" -> "a"', '"a" -> "b"'].map((edge) => `  ${edge} [label="executed_after"];`),
  );
  assert.equal(dot.match(/^ {2}"\w+" \[/gm), ['  "a" [', '  "b" [', '  "a_1" [']);
  assert.match(dot, 'Action: first');
  assert.not.match(dot, 'second');
});

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** What Graphviz makes of a text in a table. */
const readHtml = (html: string): string => {
  assert.match(html, /^(?:[^<>&"'\\]|&(?:amp|lt|gt|quot|#39);|\\\\)*$/);
  return html.replaceAll(/&([^;]+);|\\\\/g, (_, name?: string) => (name === undefined ? '\\' : signs[name]!));
};
const untagged = (html: string): string => html.replaceAll(/<\/?[BI]>|<FONT COLOR="red">|<\/FONT>/g, '');
const cutTo = (text: string): string =>
  Array.from(text).length > 50 ? `${Array.from(text).slice(0, 47).join('')}...` : text;

test('keeps every hostile text inside its place', async () => {
  const ids = hostileTexts.map((text, i) => text + i);
  const dot = toDot({
    name: '"',
    nodes: hostileTexts.map((text, i) => ({
      id: ids[i]!,
      action: text,
      inputs: Object.fromEntries([[`k${text}`, { $literal: text }]]),
      outputs: [{ name: text, description: text }],
      deps: i === 0 ? [] : [ids[i - 1]!],
    })),
  });
  const name = String.raw`"(?:[^"\\\p{C}]|\p{Cf}|\\["\\]|\\u[0-9a-f]{4})*"`;
  const lines = dot.split('\n');
  const names: string[] = [];
  hostileTexts.forEach((text, i) => {
    const [opening, ...rows] = lines.slice(5 + i * 8, 5 + (i + 1) * 8);
    const match = new RegExp(`^  (${name}) \\[label=<${table}$`, 'u').exec(opening!);
    assert.ok(match, opening!);
    names.push(match[1]!);
    assert.is(rows.pop(), '</TABLE>>, fontcolor=black];');
    const cells = rows.map((row) => {
      const cell = /^<TR><TD(?: BGCOLOR="#[0-9A-F]{6}")?>(.*)<\/TD><\/TR>$/u.exec(row);
      assert.ok(cell, row);
      return readHtml(untagged(cell[1]!));
    });
    const json = JSON.stringify(text).slice(1, -1);
    assert.equal(cells, [
      visible(ids[i]!),
      `Action: ${visible(text === '' ? 'unknown' : text)}`,
      'Inputs',
      visible(`${cutTo(`k${text}`)}${json === '' ? '' : `: ${cutTo(json)}`}`),
      'Outputs',
      visible(cutTo(text) + (text === '' ? '' : `: ${cutTo(text)}`)),
    ]);
  });
  assert.is(new Set(names).size, hostileTexts.length);
  assert.equal(lines.slice(5 + hostileTexts.length * 8), [
    '',
    '  // Edges',
    ...names.slice(1).map((to, i) => `  ${names[i]} -> ${to} [label="executed_after"];`),
    '}',
    '',
  ]);
  assert.not.match(dot, /[^\P{C}\n\p{Cf}]/u);
  drawn(dot, ids);
});

test('keeps every hostile output and error inside its place', async () => {
  const { run } = await new Lab(false).finish(hostileTexts.map((_, i) => `n${i}`).concat('f'), {
    does: Object.fromEntries([
      ...hostileTexts.map((text, i) => [`n${i}`, () => Object.fromEntries([[text, text]])] as const),
      ['f', fail(hostileTexts.filter((text) => text.length < 6).join(''))],
    ]),
  });
  const dot = toDot(run.snapshot);
  hostileTexts.forEach((text, i) => {
    const json = JSON.stringify(text).slice(1, -1);
    const cell = readHtml(untagged(rowsOf(dot, i)[3]!));
    assert.is(cell, visible(cutTo(text) + (json === '' ? '' : `: ${cutTo(json)}`)));
  });
  assert.is(
    readHtml(untagged(rowsOf(dot, hostileTexts.length).at(-1)!)),
    `Error: ${visible(cutTo(hostileTexts.filter((text) => text.length < 6).join('')))}`,
  );
  drawn(dot, []);
});

/** Where Graphviz is installed, it takes the drawing without a word, and shows these ids. */
const drawn = (dot: string, ids: readonly string[]): void => {
  const { error, status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], { input: dot, encoding: 'utf8' });
  if (error !== undefined) return assert.is((error as NodeJS.ErrnoException).code, 'ENOENT');
  assert.not.match(stderr, 'Error: ');
  assert.is(status, 0);
  assert.not.match(stdout, /<(?:script|img|a)\b|evil"/);
  const shown = new Set(
    Array.from(stdout.matchAll(/<text [^>]*font-weight="bold"[^>]*>([^<]*)<\/text>/g), ([, text]) =>
      text!.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name?: string) =>
        code === undefined ? signs[name!]! : code === '160' ? ' ' : String.fromCodePoint(Number(code)),
      ),
    ),
  );
  for (const id of ids) assert.ok(shown.has(visible(id)), id);
};

test('draws a chain of 100,000 nodes in linear time', () => {
  const nodes = Array.from({ length: 100_000 }, (_, i) => ({
    id: `n${i}`,
    action: 'work',
    ...(i === 0 ? {} : { inputs: { x: ref(`n${i - 1}.x`) } }),
  }));
  const begun = performance.now();
  const dot = toDot({ name: 'chain', nodes });
  assert.is(dot.match(/ -> /g)?.length, 99_999);
  assert.ok(performance.now() - begun < 10_000);
});

test.run();
