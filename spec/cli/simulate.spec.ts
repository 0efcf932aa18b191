// timeout: 120000
// weight: 3
import { existsSync, linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromWfFormat } from '../../lib/formats/wfformat/index.js';
import { project, rxdag } from '../support/cli.js';
import { root } from '../support/command.js';
import { isUsageError, several } from './isUsageError.js';

const fixture = (name: string): string =>
  readFileSync(join(root, 'spec', 'fixtures', 'wfformat', `${name}.json`), 'utf8');

const files = {
  'lanes.json': fixture('lanes'),
  'survey.json': fixture('survey'),
  'pipe.yaml': `
name: pipe
config: { max_parallel_nodes: 2 }
nodes:
  - { id: x, action: wait, estimate: 2 }
  - { id: y, action: wait, estimate: 2 }
  - { id: z, action: wait, estimate: 2 }
  - { id: a, action: wait, estimate: 1 }
  - { id: b, action: wait, estimate: 5, dependencies: [a] }
`,
  'unknown.yaml': `
name: unknown
nodes:
  - { id: fast, action: fast }
  - { id: slow, action: slow, dependencies: [fast] }
  - { id: new, action: slow, dependencies: [slow] }
`,
  'earlier.yaml': `
name: unknown
nodes:
  - { id: fast, action: fast }
  - { id: slow, action: slow, dependencies: [fast] }
`,
  'actions.mjs': `
import { setTimeout } from 'node:timers/promises';
export const fast = () => 1;
export const slow = () => setTimeout(300, 2);
`,
};

const cwd = project(files);
const rx = (...args: readonly string[]): ReturnType<typeof rxdag> => rxdag(args, { cwd });

const test = suite('rxdag simulate');

test('--json writes one line with these figures', async () => {
  const { out, err, code } = await rx('simulate', 'lanes.json', '--parallel', '16', '--json');
  assert.equal([code, err], [0, '']);
  assert.is(
    out,
    `{"makespanMs":39000,"lowerBoundMs":39000,"ratio":1,"simpleBoundMs":39000,"utilisation":${127 / 39 / 16},"nodes":16,"slots":16}\n`,
  );
});

test('a pipeline is simulated with its own limit, if no other is given', async () => {
  const figures = JSON.parse((await rx('simulate', 'pipe.yaml', '--json')).out) as Record<string, number>;
  assert.equal([figures['slots'], figures['makespanMs'], figures['nodes']], [2, 6_000, 5]);
  const three = JSON.parse((await rx('simulate', 'pipe.yaml', '-p', '1', '--json')).out) as Record<string, number>;
  assert.equal([three['slots'], three['makespanMs'], three['utilisation']], [1, 12_000, 1]);
});

test('else it tells them in words, with first come, first served beside them, waits, and how many slots are enough', async () => {
  const { out, code } = await rx('simulate', 'pipe.yaml');
  assert.is(code, 0);
  const lines = out.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, '  '));
  assert.equal(lines.slice(0, 6), [
    'pipe: 5 nodes, 2 at once. Simulated; nothing is run.',
    'makespan  6.0 s, 1.000 × the lower bound',
    'first come, first served  8.0 s, 1.333 ×',
    'lower bound  6.0 s (simple: 6.0 s); no schedule is shorter',
    'utilisation  100.0 %',
    'waits for a slot  1.2 s on average, 9 of 10 within 4.0 s, at most 4.0 s (z)',
  ]);
  assert.match(lines[6]!, /^parallelism {2}\|█{60}\| 0 to 2$/);
  assert.equal(lines.slice(8), [
    'slots  makespan  of the bound  utilisation',
    '1  12.0 s  1.000 ×  100.0 %',
    '* 2  6.0 s  1.000 ×  100.0 %',
    '4  6.0 s  1.000 ×  50.0 %',
    '2 slots are enough: more would save less than 1 %.',
    '',
  ]);
});

test('writes a Gantt chart and a trace for Perfetto', async () => {
  const { code } = await rx(
    'simulate',
    'survey.json',
    '--parallel',
    '2',
    '--json',
    '--gantt',
    'g.svg',
    '--chrome-trace',
    't.json',
  );
  assert.is(code, 0);
  const svg = readFileSync(join(cwd, 'g.svg'), 'utf8');
  assert.is(svg.match(/<title>/g)?.length, 13);
  const { traceEvents } = JSON.parse(readFileSync(join(cwd, 't.json'), 'utf8')) as {
    traceEvents: readonly { readonly ph: string; readonly tid: number }[];
  };
  const lanes = traceEvents.filter(({ ph }) => ph === 'X').map(({ tid }) => tid);
  assert.equal([lanes.length, Math.max(...lanes)], [13, 2]);
});

test('does not write over what it reads, or into one file twice', async () => {
  writeFileSync(join(cwd, 'copy.json'), files['survey.json']);
  linkSync(join(cwd, 'copy.json'), join(cwd, 'same.json'));
  for (const [args, message] of [
    [['--gantt', 'copy.json'], '--gantt would overwrite what is simulated, copy.json; give another file.'],
    [['--chrome-trace', './same.json'], '--chrome-trace would overwrite what is simulated, ./same.json'],
    [
      ['--gantt', 'f', '--chrome-trace', './f'],
      '--gantt and --chrome-trace are both ./f; give each a file of its own.',
    ],
    [['--gantt', ''], '--gantt names no file; give the path of one to write.'],
    [['--db', 'some.db', '--gantt', 'some.db'], '--gantt would overwrite the database, some.db; give another file.'],
  ] as const)
    isUsageError(await rx('simulate', 'copy.json', ...args), message, args.join(' '));
  assert.is(readFileSync(join(cwd, 'copy.json'), 'utf8'), files['survey.json']);
  assert.is(
    (await rx('simulate', 'copy.json', '--json', '--gantt', '/dev/null', '--chrome-trace', '/dev/null')).code,
    0,
  );
});

test('reads standard input', async () => {
  const { out } = await rxdag(['simulate', '-', '-p', '1', '--json'], { cwd, input: files['lanes.json'] });
  assert.match(out, /^\{"makespanMs":127000,/);
});

test('nodes without an estimate are told, and take what they took in the runs of a database', async () => {
  const before = await rx('simulate', 'unknown.yaml', '--json');
  assert.is(
    before.err,
    'warning: 3 nodes of 3 without an estimate (fast, slow, new): taken as 1.0 s, since none has one\n',
  );
  assert.match(before.out, '"makespanMs":3000,');
  const dry = (): ReturnType<typeof rx> =>
    rx('run', 'unknown.yaml', '-a', 'actions.mjs', '--dry-run', '--db', 'runs.db');
  const first = await dry();
  assert.equal([first.code, first.err], [0, '']);
  assert.match(first.out, 'No node has an estimate');
  assert.not.ok(existsSync(join(cwd, 'runs.db')), 'a dry run makes no database');
  await rx('run', 'earlier.yaml', '-a', 'actions.mjs', '--db', 'runs.db', '-q');
  assert.match((await dry()).out, /^Estimated: \d{3} ms on the critical path/m);
  const { out, err } = await rx('simulate', 'unknown.yaml', '--db', 'runs.db', '--json');
  assert.is(err, '');
  const { makespanMs } = JSON.parse(out) as { makespanMs: number };
  assert.ok(makespanMs >= 600 && makespanMs < 2_000, out);
});

test('a stored run is exported as a trace, which can be simulated', async () => {
  await rx('run', 'earlier.yaml', '-a', 'actions.mjs', '--db', 'export.db', '--run-id', 'r1', '-q');
  const { out, code } = await rx('export', 'r1', '--db', 'export.db', '--format', 'wfformat');
  assert.is(code, 0);
  const read = fromWfFormat(out);
  assert.ok(read._tag === 'Right');
  assert.equal(
    read.right.graph.nodes.map(({ id, action, deps }) => [id, action, deps]),
    [
      ['fast', 'fast', undefined],
      ['slow', 'slow', ['fast']],
    ],
  );
  assert.ok(read.right.graph.nodes[1]!.estimateMs! >= 290);
  const { out: figures } = await rxdag(['simulate', '-', '--json'], { cwd, input: out });
  assert.match(figures, '"nodes":2,');
});

test('a run without nodes is not exported as a trace, since no workflow is empty', async () => {
  const folder = project({ 'empty.yaml': 'name: empty\nnodes: []\n' });
  const run = await rxdag(['run', 'empty.yaml', '--db', 'e.db', '--run-id', 'r1', '-q'], { cwd: folder });
  assert.is(run.code, 0);
  isUsageError(
    await rxdag(['export', 'r1', '--db', 'e.db', '--format', 'wfformat'], { cwd: folder }),
    '"empty" has no nodes, and WfFormat knows no workflow without a task: nothing is written.\n',
    'empty',
  );
});

test('what a simulation takes more simply than a run is told, in one line', async () => {
  const odd = `
name: odd
nodes:
  - { id: list, action: wait, estimate: 1, try_count: 3 }
  - { id: each, action: wait, estimate: 2, for_each: list, try_count: 2 }
  - { id: again, action: wait, try_count: 2, dependencies: [each], when: list }
  - { id: more, action: wait, try_count: 2, dependencies: [each] }
  - { id: last, action: wait, try_count: 2, dependencies: [each] }
  - { id: sub, action: dag, estimate: 3, inputs: [{ name: dag, value: other }] }
  - { id: ask, action: human.input }
  - { id: ask later, action: human.input, estimate: 60 }
`;
  const { err } = await rxdag(['simulate', '-', '--json'], { cwd, input: odd });
  assert.equal(err.split('\n'), [
    'warning: 3 nodes of 8 without an estimate (again, more, last): taken as the mean of the others, 16.5 s',
    'warning: simulated as if each for_each were a single node (each); each sub-DAG were a single node (sub); each "when" were met (again); nothing were tried again (list, each, again and 2 more); people answered after the estimate (ask later); people answered at once (ask)',
    '',
  ]);
});

test('with pools, nodes wait for a slot or a pool; parallelism is drawn up to what ran at once', async () => {
  const pools = `
name: pools
config: { pools: { gpu: 1 } }
nodes:
  - { id: a, action: wait, estimate: 2, pool: gpu }
  - { id: b, action: wait, estimate: 2, pool: gpu }
  - { id: c, action: wait, estimate: 1 }
`;
  const { out } = await rxdag(['simulate', '-', '-p', '100'], { cwd, input: pools });
  assert.match(out, /^ {2}makespan +4\.0 s, 1\.000 × the lower bound$/m);
  assert.match(out, /^ {2}lower bound +4\.0 s \(simple: 2\.0 s\)/m);
  assert.match(out, /^ {2}waits for a slot or pool {2}667 ms on average/m);
  assert.match(out, /^ {2}parallelism +\|█{15}▄{45}\| 0 to 2 of 100$/m);
});

test('other commands tell that a trace is one, and who reads it', async () => {
  for (const args of [['validate'], ['run', '-a', 'actions.mjs'], ['graph']])
    isUsageError(
      await rx(...args, 'survey.json'),
      'survey.json is a trace in WfFormat, not a pipeline; rxdag simulate reads it.\n',
      args[0]!,
    );
});

test('a run in a database starts with what took longest in the runs before', async () => {
  const folder = project({
    'p.yaml': `
name: p
config: { max_parallel_nodes: 1 }
nodes:
  - { id: short, action: short }
  - { id: long, action: long }
`,
    'a.mjs': `
import { setTimeout } from 'node:timers/promises';
export const short = () => setTimeout(1);
export const long = () => setTimeout(60);
`,
  });
  const startsIn = (out: string): readonly string[] =>
    [...out.matchAll(/"type":"NodeStarted","nodeId":"(\w+)"/g)].map(([, id]) => id!);
  const starts = async (...more: readonly string[]): Promise<readonly string[]> => {
    const { out } = await rxdag(['run', 'p.yaml', '-a', 'a.mjs', '--json', ...more], { cwd: folder });
    return startsIn(out);
  };
  assert.equal(await starts('--db', 'p.db'), ['short', 'long']);
  assert.equal(await starts('--db', 'p.db', '--run-id', 'r'), ['long', 'short']);
  assert.equal(await starts(), ['short', 'long']);
  const again = await rxdag(['fork', 'r', '--at', '1', '--db', 'p.db', '--json'], { cwd: folder });
  assert.equal(startsIn(again.out), ['long', 'short']);
});

test('what is wrong with a trace is told with its task and place', async () => {
  const broken = {
    'cut.json': '{"schemaVersion": "1.5", "name"',
    'cycle.json': files['lanes.json']
      .replace('"parents": []', '"parents": ["merge#all"]')
      .replace('"children": []', '"children": ["trim.1"]'),
    'late.json': files['lanes.json'].replace('"runtimeInSeconds": 17', '"runtimeInSeconds": "17"'),
    'old.json': files['lanes.json'].replace('"1.5"', '"1.4"'),
  };
  const folder = project(broken);
  const messages = {
    'cut.json': 'cut.json: This is not JSON: ',
    'cycle.json': /^cycle\.json: workflow\.specification\.tasks\[\d+\]\.parents: These tasks wait for each other: /,
    'late.json':
      'late.json: workflow.execution.tasks[1].runtimeInSeconds: The run time of task "align.1" is "17"; write seconds, a number from 0.\n1 error in late.json.\n',
    'old.json': 'old.json: schemaVersion: The version is "1.4"; this reads WfFormat 1.5.',
  };
  await several(Object.entries(messages), async ([file, message]) =>
    isUsageError(await rxdag(['simulate', file, '--json'], { cwd: folder }), message, file),
  );
});

test('wrong use is told', async () => {
  const cases: readonly (readonly [args: readonly string[], message: string])[] = [
    [[], `error: missing required argument 'file'`],
    [['lanes.json', '-p', '0'], 'Write a whole number from 1.'],
    [['missing.json'], 'The file missing.json does not exist.'],
    [['lanes.json', '--db', 'none.db'], 'There is no database none.db'],
    [['lanes.json', '--gantt', 'no/such/g.svg'], `The file no/such/g.svg can't be written`],
  ];
  await several(cases, async ([args, message]) => isUsageError(await rx('simulate', ...args), message, args.join(' ')));
});

test.run();
