import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toMermaid } from '../../lib/formats/toMermaid.js';
import { ref } from '../../lib/model/Ref.js';
import { nodeStatuses } from '../../lib/model/Status.js';
import { initialSnapshot } from '../../lib/state/reduce.js';
import { Lab, fail } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { hostileTexts, visible } from './hostileTexts.js';

const document = (...lines: readonly string[]): string => [...lines, ''].join('\n');

/** What Mermaid shows of a label: letters, digits, spaces and entity codes are all that it may hold. */
const read = (label: string): string => {
  assert.match(label, /^(?:[\p{L}\p{N}_ -]|#(?:quot|lt|gt|amp|\d+);)*$/u);
  const named: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', amp: '&' };
  return label.replaceAll(
    /#(?:(\d+)|(\w+));/g,
    (_, code?: string, name?: string) => named[name!] ?? String.fromCodePoint(Number(code)),
  );
};

const test = suite('toMermaid');

test('tells what runs once for each item, or on a condition', () => {
  const text = toMermaid({
    name: 'g',
    nodes: [
      { id: 'a', action: 'human.input' },
      { id: 'b', action: 'work', forEach: ref('a'), when: ref('a') },
    ],
  });
  assert.match(text, 'n0["a<br/>human#46;input"]');
  assert.match(text, 'n1["b<br/>work #183; for_each #183; when"]');
});

test('draws a definition: nodes, branches, dependencies', () => {
  assert.fixture(
    toMermaid({
      name: 'etl',
      nodes: [
        { id: 'fetch', action: 'http.get', branch: 'in "A"' },
        { action: 'clean', inputs: { rows: ref('fetch.rows') } },
        { id: 'load-1', action: 'load', deps: ['clean_1', 'fetch', 'unknown'], branch: 'out' },
        { id: 'audit', action: 'work', deps: ['fetch'], branch: 'in "A"' },
      ],
    }),
    document(
      'flowchart LR',
      '  n1["clean_1<br/>clean"]',
      '  subgraph b0["in #quot;A#quot;"]',
      '    n0["fetch<br/>http#46;get"]',
      '    n3["audit<br/>work"]',
      '  end',
      '  subgraph b1["out"]',
      '    n2["load-1<br/>load"]',
      '  end',
      '  n0 --> n1',
      '  n1 --> n2',
      '  n0 --> n2',
      '  n0 --> n3',
    ),
  );
});

test('draws a run: statuses as classes', async () => {
  const { run } = await new Lab(false).finish(['a', 'b: a', node('c: b', { branch: 'x' }), 'd: a'], {
    does: { b: fail() },
  });
  assert.fixture(
    toMermaid(run.snapshot),
    document(
      'flowchart LR',
      '  n0["a<br/>work"]',
      '  n1["b<br/>work"]',
      '  n3["d<br/>work"]',
      '  subgraph b0["x"]',
      '    n2["c<br/>work"]',
      '  end',
      '  n0 --> n1',
      '  n1 --> n2',
      '  n0 --> n3',
      '  classDef succeeded fill:#E6FFE6,stroke:#008000,color:#000000',
      '  classDef failed fill:#FFE6E6,stroke:#FF0000,color:#000000',
      '  classDef skipped fill:#F0F0F0,stroke:#888888,color:#666666,stroke-dasharray:4',
      '  class n0 succeeded',
      '  class n1 failed',
      '  class n2 skipped',
      '  class n3 succeeded',
    ),
  );
});

test('defines a class for each status that occurs, and no other', async () => {
  const trial = new Lab(false).start(['a', 'b: a'], { does: { a: 5 } });
  await trial.pass(1);
  const classes = (): readonly string[] =>
    Array.from(toMermaid(trial.run.snapshot).matchAll(/classDef (\w+) /g), ([, name]) => name!);
  assert.equal(classes(), ['pending', 'running']);
  await trial.cancel();
  assert.equal(classes(), ['cancelled']);
  const any = trial.run.snapshot.node('a')!;
  const snapshot = Object.assign(Object.create(trial.run.snapshot) as typeof trial.run.snapshot, {
    nodes: () => nodeStatuses.map((status) => ({ ...any, deps: [], id: status, status })),
  });
  for (const status of nodeStatuses) assert.match(toMermaid(snapshot), new RegExp(`classDef ${status} fill:#\\w{6},`));
});

test('draws no nodes where there are none', () => {
  assert.is(toMermaid({ name: 'g', nodes: [] }), 'flowchart LR\n');
  assert.is(toMermaid(initialSnapshot()), 'flowchart LR\n');
});

test('draws a branch without a name', () => {
  assert.match(toMermaid({ name: 'g', nodes: [node('a', { branch: '' })] }), '  subgraph b0[" "]\n');
});

test('keeps every hostile text inside its label', () => {
  const ids = hostileTexts.map((text, i) => text + i);
  const lines = toMermaid({
    name: '%%{init: {}}%%',
    nodes: hostileTexts.map((text, i) => ({
      id: ids[i]!,
      action: text,
      branch: ids[i]!,
      deps: i === 0 ? [] : [ids[i - 1]!],
    })),
  }).split('\n');
  assert.is(lines.shift(), 'flowchart LR');
  hostileTexts.forEach((text, i) => {
    const [open, label, end] = lines.splice(0, 3);
    assert.is(end, '  end');
    const branch = /^ {2}subgraph b(\d+)\["([^"]*)"\]$/.exec(open!);
    assert.ok(branch, open!);
    assert.equal([branch[1], read(branch[2]!)], [`${i}`, visible(ids[i]!)]);
    const drawn = /^ {4}n(\d+)\["([^"]*)<br\/>([^"]*)"\]$/.exec(label!);
    assert.ok(drawn, label!);
    assert.equal([drawn[1], read(drawn[2]!), read(drawn[3]!)], [`${i}`, visible(ids[i]!), visible(text)]);
  });
  assert.equal(lines, [...hostileTexts.slice(1).map((_, i) => `  n${i} --> n${i + 1}`), '']);
});

test('leaves - and _ inside a word alone', () => {
  const label = (id: string): string => /"(.*)<br/.exec(toMermaid({ name: 'g', nodes: [node('x', { id })] }))![1]!;
  assert.is(label('load_rows-2 äß_漢'), 'load_rows-2 äß_漢');
  assert.is(label('_a'), '#95;a');
  assert.is(label('- a'), '#45; a');
  assert.is(label('a__b--'), 'a#95;#95;b#45;#45;');
  assert.is(label('😀'), '#128512;');
});

test('draws a chain of 100,000 nodes in linear time', () => {
  const nodes = Array.from({ length: 100_000 }, (_, i) => ({
    id: `n${i}`,
    action: 'work',
    branch: `b${i % 1_000}`,
    deps: i === 0 ? [] : [`n${i - 1}`],
  }));
  const begun = performance.now();
  assert.is(toMermaid({ name: 'chain', nodes }).match(/ --> /g)?.length, 99_999);
  assert.ok(performance.now() - begun < 10_000);
});

test.run();
