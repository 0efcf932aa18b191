import stringWidth from 'string-width';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument } from 'yaml';
import { readFields } from '../../../lib/formats/yaml/collections.js';
import { FileNotes } from '../../../lib/formats/yaml/FileNotes.js';
import { fromYaml, showFileError, type FileError } from '../../../lib/formats/yaml/index.js';
import { text as scalarText } from '../../../lib/formats/yaml/scalars.js';
import { SourceText } from '../../../lib/formats/yaml/SourceText.js';
import { errorsIn, lines, read } from './reading.js';

const names = ['add_numbers', 'square'];
const registry = { has: (name: string) => names.includes(name), list: () => names };
const options = { file: 'sums.yaml', registry };

const shown = (text: string): string => errorsIn(text, options);
const told = (text: string): readonly FileError[] => {
  const result = fromYaml(text, options);
  return result._tag === 'Left' ? result.left : [];
};
/** The first error alone, without its excerpt. */
const first = (text: string): string => shown(text).split('\n')[0]!;
const node = (...keys: readonly string[]): string =>
  lines(
    'name: f',
    'nodes:',
    '- id: n',
    '  action: square',
    ...keys.map((key) => `  ${key}`),
    '- { id: m, action: square }',
  );

const test = suite('errors of a file');

test('everything that is wrong is told at once, by place', () => {
  const text = lines(
    'name: [x]',
    'nmae: y',
    'config:',
    '  max_parallel_nodes: 0',
    '  on_failure: stop',
    '  pools: { db: 1.5, web: 2 }',
    '  retry_strategy: { Linaer: { delay_secs: 1 } }',
    'nodes:',
    '  - id: fetch',
    '    action: add_number',
    '    dependencies: [fetch]',
    '    pool: db',
    '  - id: fetch',
    '    action: square',
    '    timeout: -1',
    '    pool: wbe',
    '  - id: a',
    '    action: square',
    '    dependencies: [fecth, b]',
    '  - id: b',
    '    action: square',
    '    inputs:',
    '      - name: x',
    '        reference: a.sum',
    '      - name: y.z[0',
    '        reference: nowhere.sum',
    '      - name: both',
    '        reference: a',
    '        value: 1',
    '      - name: none',
    '    when: nothing',
    '    for_each: { node: nobody, path: x }',
    '  - action: 5',
    '    try_count: three',
    "    onfailure: 'true'",
    '    dependencies: ~',
    '  - id: late',
    '    actoin: square',
    '  - just text',
  );
  assert.is(
    shown(text),
    `
sums.yaml:1:7: In name: expected a text, got a list.
  1 | name: [x]
    |       ^^^
sums.yaml:2:1: warning: In the file: the key "nmae" is not known; did you mean "name"?
  2 | nmae: y
    | ^^^^
sums.yaml:4:23: In config.max_parallel_nodes: expected a whole number from 1, got 0.
  4 |   max_parallel_nodes: 0
    |                       ^
sums.yaml:5:15: In config.on_failure: expected Continue or Pause or Stop, got stop; did you mean "Stop"?
  5 |   on_failure: stop
    |               ^^^^
sums.yaml:6:16: In config.pools.db: expected a whole number from 1, got 1.5.
  6 |   pools: { db: 1.5, web: 2 }
    |                ^^^
sums.yaml:7:21: In config.retry_strategy: there is no retry strategy "Linaer"; did you mean "Linear"?
  7 |   retry_strategy: { Linaer: { delay_secs: 1 } }
    |                     ^^^^^^
sums.yaml:10:13: Node "fetch" has the unknown action "add_number"; did you mean "add_numbers"?
  10 |     action: add_number
     |             ^^^^^^^^^^
sums.yaml:11:20: Node "fetch" depends on itself; remove that dependency or reference.
  11 |     dependencies: [fetch]
     |                    ^^^^^
sums.yaml:13:9: The id "fetch" is given to 2 nodes; give each an id of its own.
  13 |   - id: fetch
     |         ^^^^^
sums.yaml:15:14: In node "fetch", timeout: expected a number of seconds above 0 up to 2147483.647, got -1.
  15 |     timeout: -1
     |              ^^
sums.yaml:16:11: Node "fetch" needs the pool "wbe", which config.pools lacks; did you mean "web"?
  16 |     pool: wbe
     |           ^^^
sums.yaml:19:20: Node "a" depends on "fecth", which is not defined; did you mean "fetch"?
  19 |     dependencies: [fecth, b]
     |                    ^^^^^
sums.yaml:19:27: These nodes wait for each other: a -> b -> a. Remove one dependency.
  19 |     dependencies: [fecth, b]
     |                           ^
sums.yaml:26:20: Node "b": input "y.z[0" refers to "nowhere.sum", which is neither a node nor inputs.
  26 |         reference: nowhere.sum
     |                    ^^^^^^^^^^^
sums.yaml:27:9: In node "b", inputs[2] has both a reference and a value; write one of them.
  27 |       - name: both
     |         ^^^^^^^^^^
sums.yaml:30:9: In node "b", inputs[3] has neither a reference nor a value; write one of them.
  30 |       - name: none
     |         ^^^^^^^^^^
sums.yaml:31:11: Node "b": when refers to "nothing", which is neither a node nor inputs.
  31 |     when: nothing
     |           ^^^^^^^
sums.yaml:32:15: Node "b": for_each refers to node "nobody", which is not defined.
  32 |     for_each: { node: nobody, path: x }
     |               ^^^^^^^^^^^^^^^^^^^^^^^^^
sums.yaml:33:13: Node "5_1" has the unknown action "5"; known are "add_numbers", "square", "human.input", "dag".
  33 |   - action: 5
     |             ^
sums.yaml:34:16: In nodes[4].try_count: expected a whole number from 1, got three.
  34 |     try_count: three
     |                ^^^^^
sums.yaml:35:16: In nodes[4].onfailure: expected true or false, got "true".
  35 |     onfailure: 'true'
     |                ^^^^^^
sums.yaml:36:19: In nodes[4].dependencies: expected a list of texts, got ~.
  36 |     dependencies: ~
     |                   ^
sums.yaml:37:5: In node "late": the key action is missing; write a text.
  37 |   - id: late
     |     ^^^^^^^^
sums.yaml:38:5: warning: In node "late": the key "actoin" is not known; did you mean "action"?
  38 |     actoin: square
     |     ^^^^^^
sums.yaml:39:5: In nodes[6]: expected a node: a map with id and action, got just text.
  39 |   - just text
     |     ^^^^^^^^^`.trimStart(),
  );
});

test('what a node may not be', () => {
  const text = lines(
    'name: ""',
    'nodes:',
    '- { id: inputs, action: square }',
    '- { id: "", action: square }',
    '- { id: c, action: square, for_each: inputs.x }',
    '- { id: "c[0]", action: square }',
    '- { id: p, action: square, placement: moon, branch: "" }',
    '- { id: q, action: square, inputs: [{ name: x, reference: q.y }] }',
  );
  assert.equal(
    told(text).map(({ line, column, type, message }) => `${line}:${column} ${type}: ${message}`),
    [
      '1:7 Malformed: The graph\'s name "" is empty; write 1 to 1,000 characters.',
      '3:9 ReservedId: The id "inputs" is reserved for the run\'s inputs; rename the node.',
      '4:9 MalformedId: The id "" is empty; write 1 to 1,000 characters.',
      '6:9 ReservedId: The id "c[0]" is reserved for the items of node "c"; rename the node.',
      '7:39 Malformed: Node "p" has the placement "moon"; write "local" or "pool:name".',
      '7:53 MalformedId: The branch "" of node "p" is empty; write 1 to 1,000 characters.',
      '8:9 SelfDependency: Node "q" depends on itself; remove that dependency or reference.',
    ],
  );
});

test('what was expected at each key', () => {
  const cases: Readonly<Record<string, string>> = {
    'id: [1]': '5:7: In nodes[0].id: expected a text, got a list.',
    'description: { a: 1 }': '5:16: In node "n", description: expected a text, got a map.',
    'dependencies: m': '5:17: In node "n", dependencies: expected a list of texts, got m.',
    'dependencies: [[m]]': '5:18: In node "n", dependencies[0]: expected a text, got a list.',
    'inputs: { a: 1 }':
      '5:11: In node "n", inputs: expected a list of inputs, each with name and reference or value, got a map.',
    'inputs: [a]': '5:12: In node "n", inputs[0]: expected a map of name and reference, or name and value, got a.',
    'inputs: [{ value: 1 }]': '5:12: In node "n", inputs[0]: the key name is missing; write a text.',
    'inputs: [{ name: a, value: 1 }, { name: a, value: 2 }]':
      '5:35: In node "n", inputs: the input "a" stands here twice; keep one.',
    'inputs: [{ name: a, reference: [1] }]':
      '5:34: In node "n", inputs[0].reference: expected a reference such as node.key or inputs.key, got a list.',
    'inputs: [{ name: a, reference: { path: x } }]':
      '5:34: In node "n", inputs[0].reference: the key node is missing; write a text.',
    'inputs: [{ name: a, reference: { node: m, path: "x[" } }]':
      '5:51: In node "n", inputs[0].reference.path: expected a path such as rows[0].x, or a list of keys and indexes, got "x[".',
    'inputs: [{ name: a, reference: { node: m, path: [-1] } }]':
      '5:52: In node "n", inputs[0].reference.path: expected a whole number from 0, got -1.',
    'inputs: [{ name: a, value: [1, .nan] }]':
      '5:34: In node "n", inputs[0].value: the number .nan can\'t be kept exactly; write it in quotes.',
    'inputs: [{ name: a, value: 9007199254740993 }]':
      '5:30: In node "n", inputs[0].value: the number 9007199254740993 can\'t be kept exactly; write it in quotes.',
    'inputs: [{ name: a, value: { $ref: 5 } }]': '5:30: Node "n": input "a" has a $ref that is not a text.',
    'outputs: [x]': '5:13: In node "n", outputs[0]: expected a map of name and description, got x.',
    'failure: []': '5:12: In node "n", failure: expected a text, got a list.',
    'onfailure: yes': '5:14: In node "n", onfailure: expected true or false, got yes.',
    'timeout: 0': '5:12: In node "n", timeout: expected a number of seconds above 0 up to 2147483.647, got 0.',
    'timeout: "5"': '5:12: In node "n", timeout: expected a number of seconds above 0 up to 2147483.647, got "5".',
    'timeout: 5s': '5:12: In node "n", timeout: expected a number of seconds above 0 up to 2147483.647, got 5s.',
    'timeout: 2147484':
      '5:12: In node "n", timeout: expected a number of seconds above 0 up to 2147483.647, got 2147484.',
    'timeout: .inf': '5:12: In node "n", timeout: expected a number of seconds above 0 up to 2147483.647, got .inf.',
    'timeout:': '5:11: In node "n", timeout: expected a number of seconds above 0 up to 2147483.647, got nothing.',
    'try_count: 9007199254740992': '5:14: In node "n", try_count: expected a whole number from 1 to 9007199254740991, got 9007199254740992.', // prettier-ignore
    'try_count: 1.5': '5:14: In node "n", try_count: expected a whole number from 1, got 1.5.',
    'priority: .nan': '5:13: In node "n", priority: expected a number, got .nan.',
    'when: { equals: 1 }': '5:9: In node "n", when: the key reference is missing; write a reference such as node.key or inputs.key.', // prettier-ignore
    'when: { reference: inputs.x, not: 1 }': '5:37: In node "n", when.not: expected true or false, got 1.',
    'run_if: all_succeded': '5:11: In node "n", run_if: expected all_succeeded or any_succeeded or all_done, got all_succeded; did you mean "all_succeeded"?', // prettier-ignore
    'on_failure: constructor': '5:15: In node "n", on_failure: expected skip_dependents or continue, got constructor.',
    'when: [x]': '5:9: In node "n", when: expected a reference such as node.key or inputs.key, got a list.',
    'cache: sometimes':
      '5:10: In node "n", cache: expected never, always or a map with ttl, in seconds, got sometimes.',
    'cache: { ttl: -1 }': '5:17: In node "n", cache.ttl: expected a number of seconds from 0 to 2147483.647, got -1.',
    'cache: {}': '5:10: In node "n", cache: the key ttl is missing; write a number of seconds from 0 to 2147483.647.',
    'retry: Linear':
      '5:10: In node "n", retry: expected Immediate, Linear: {delay_secs} or Exponential: {initial_delay_secs, max_delay_secs, multiplier}, got Linear.',
    'retry: { Linear: 5 }':
      '5:20: In node "n", retry.Linear: expected a map, as in Immediate, Linear: {delay_secs} or Exponential: {initial_delay_secs, max_delay_secs, multiplier}, got 5.',
    'retry: !Linear {}': '5:18: In node "n", retry.Linear: the key delay_secs is missing; write a number of seconds from 0 to 2147483.647.', // prettier-ignore
    'retry: { Immediate: , Linear: }':
      '5:10: In node "n", retry: expected Immediate, Linear: {delay_secs} or Exponential: {initial_delay_secs, max_delay_secs, multiplier}, got a map.',
    'retry: { Exponential: { initial_delay_secs: 1, max_delay_secs: 2, multiplier: 0.5 } }':
      '5:81: In node "n", retry.Exponential.multiplier: expected a number from 1 to 1000000, got 0.5.',
  };
  for (const [key, message] of Object.entries(cases)) {
    const text = key.startsWith('id:') ? lines('name: f', 'nodes:', '-', '  action: square', `  ${key}`) : node(key);
    assert.is(first(text), `sums.yaml:${message}`, key);
  }
});

test('what is no YAML', () => {
  const cases: Readonly<Record<string, string>> = {
    'a: b: c': '1:4: A text with ": " in it has to stand in quotes.',
    'name: @x': '1:7: Plain value cannot start with reserved character @.',
    'nodes: [1, 2': '1:13: A bracket is not closed, or what stands in it is not indented far enough.',
    'name: "x': '1:9: A text in quotes is not closed before this place.',
    'name: f\nnodes:\n\t- id: a': "3:1: A tab can't indent a line; use blanks.",
    'name: f\nnodes:\n  - id: a\n\t  action: b': "4:1: A tab can't indent a line; use blanks.",
    'name: f\nnodes: []\nname: g': '3:1: The key "name" stands here twice; keep one.',
    'name: f\nnodes: [{ id: a, "id": b }]': '2:18: The key "id" stands here twice; keep one.',
    '{ ? [a] : 1 }': '1:5: A key has to be a text.',
    'name: f\nnodes: []\n---\nname: g': '3:1: The file has more than one document; a pipeline is a file of its own.',
    '%YAML 1.1\n---\nname: f': '1:1: The file asks for another version of YAML; leave out the %YAML line.',
    '': '1:1: The file is empty; a pipeline needs at least a name and nodes.',
    '# nothing\n\n': '1:1: The file is empty; a pipeline needs at least a name and nodes.',
    '---\n': '1:4: In the file: expected a pipeline: a map with name and nodes, got nothing.',
    '- a\n- b': '1:1: In the file: expected a pipeline: a map with name and nodes, got a list.',
    'just text': '1:1: In the file: expected a pipeline: a map with name and nodes, got just text.',
    '""': '1:1: In the file: expected a pipeline: a map with name and nodes, got an empty text.',
    '{}': '1:1: In the file: the key name is missing; write a text.',
    'a: &x 1': '1:7: The anchor &x is not taken; leave it out.',
    'a: *x': '1:4: The alias *x is not taken; write out what it stands for.',
    '<<: 1': '1:1: The merge key << is not taken; write out what it would bring in.',
    'a: !x 1': '1:7: The tag !x is not taken; leave it out.',
  };
  for (const [text, message] of Object.entries(cases)) assert.is(first(text), `sums.yaml:${message}`, text);
});

test('of syntax errors the first is told, where the eye can see it, with what to do', () => {
  assert.is(
    shown('name: f\nnodes:\n  - id: a\n   action: b\n'),
    'sums.yaml:4:4: This is neither an item ("- …") nor in the column of the keys above; check its indentation.\n  4 |    action: b\n    |    ^',
  );
  assert.is(
    first('{ "name": "f" "nodes": [] }'),
    'sums.yaml:1:11: Something is missing before this: a comma, a quote, or a bracket that closes.',
  );
});

test('a key that is called otherwise elsewhere, and a reference that is misspelt, are told as what was meant', () => {
  const text = lines('name: f', 'nodes:', '- id: load', '  action: square', '- id: n', '  action: square', '  depends_on: [load]', '  retries: 2', '  for_each: laod.rows', '  when: input.go'); // prettier-ignore
  assert.equal(
    told(text).map(({ message }) => message),
    [
      'In node "n": the key "depends_on" is not known; here it is called "dependencies".',
      'In node "n": the key "retries" is not known; here it is called "try_count".',
      'Node "n": for_each refers to "laod.rows", which is neither a node nor inputs; did you mean "load"?',
      'Node "n": when refers to "input.go", which is neither a node nor inputs; did you mean "inputs"?',
    ],
  );
});

test('an error that ends the document is followed by no others', () => {
  assert.is(
    shown('name: f\nnodes: [1, 2]]\nconfig:\n  a: 1\n  b: 2\n'),
    'sums.yaml:2:14: Unexpected flow-seq-end token in YAML stream: "]".\n  2 | nodes: [1, 2]]\n    |              ^',
  );
});

test('only errors keep a file from being taken', () => {
  const { warnings } = read('name: f\nnmae: g\nnodes: []', options);
  assert.equal(warnings.map(showFileError), [
    'sums.yaml:2:1: warning: In the file: the key "nmae" is not known; did you mean "name"?\n  2 | nmae: g\n    | ^^^^',
  ]);
});

test('a text without a name is called so', () => {
  assert.is(errorsIn('- a').split('\n')[0], 'text:1:1: In the file: expected a pipeline: a map with name and nodes, got a list.'); // prettier-ignore
  assert.is('file' in told('- a')[0]!, true);
  const result = fromYaml('- a');
  assert.is(result._tag === 'Left' && 'file' in result.left[0]!, false);
});

test('errors are data, too', () => {
  assert.equal(told(node('timeout: 0')), [
    {
      severity: 'error',
      type: 'InvalidNumber',
      message: 'In node "n", timeout: expected a number of seconds above 0 up to 2147483.647, got 0.',
      file: 'sums.yaml',
      line: 5,
      column: 12,
      excerpt: '  5 |   timeout: 0\n    |            ^',
      node: 'n',
    },
  ]);
});

test('the user’s own words stay as they are, those of definitions become those of files', () => {
  const ids = ['timeoutMs', 'tryCount', 'config.maxAttempts'];
  const nodes = ids.map((id, i) => `- { id: ${id}, action: square, dependencies: [${ids[(i + 1) % 3]}] }`);
  assert.is(
    first(lines('name: f', 'nodes:', ...nodes)),
    'sums.yaml:3:51: These nodes wait for each other: timeoutMs -> tryCount -> config.maxAttempts -> timeoutMs. Remove one dependency.',
  );
  assert.is(
    first(lines('name: f', 'nodes:', '- { id: tryCount, action: square, pool: maxAttempts }')),
    'sums.yaml:3:41: Node "tryCount" needs the pool "maxAttempts", which config.pools lacks.',
  );
  assert.is(
    first(
      lines('name: f', 'config: { max_nodes: 1 }', 'nodes: [{ id: a, action: square }, { id: b, action: square }]'),
    ),
    'sums.yaml:3:8: The graph has 2 nodes; config.max_nodes allows 1.',
  );
});

test('a cycle that references close stands at the id of its first node', () => {
  const text = lines(
    'name: f',
    'nodes:',
    '- { id: a, action: square, inputs: [{ name: x, reference: b.y }] }',
    '- { id: b, action: square, dependencies: [a] }',
  );
  assert.is(first(text), 'sums.yaml:3:9: These nodes wait for each other: a -> b -> a. Remove one dependency.');
});

test('of a flood of unknown keys only those that are told are looked at', () => {
  let looks = 0;
  const fields = new Proxy(
    { known: { form: scalarText } },
    { ownKeys: (target) => (looks++, Reflect.ownKeys(target)) },
  );
  const source = new SourceText(lines(...Array.from({ length: 1_000 }, (_, i) => `key${i}: 1`)), undefined);
  const notes = new FileNotes(source);
  readFields(fields, 'a map', parseDocument(source.text).contents!, notes, { key: 'config', node: undefined });
  assert.is(notes.warnings.length, 100);
  assert.ok(looks < 110, String(looks));
});

test('of a flood 100 are told, and how many more there are', () => {
  const dup = told(lines('name: f', 'nodes: []', ...Array.from({ length: 251 }, () => 'a: 1')));
  assert.is(dup.length, 101);
  assert.equal(dup.at(-1), {
    severity: 'error',
    type: 'Malformed',
    message: 'There are 150 more errors; mend these first.',
    file: 'sums.yaml',
    line: 103,
    column: 1,
    excerpt: '',
  });
  const refs = told(lines('name: f', 'nodes:', ...Array.from({ length: 250 }, (_, i) => `- { id: n${i}, action: square, when: zz }`))); // prettier-ignore
  assert.is(refs.length, 100);
  assert.is(refs.at(-1)!.message, 'There are 151 more errors; mend these first.');
  const one = told(lines('name: f', 'nodes: []', ...Array.from({ length: 102 }, () => 'a: 1')));
  assert.is(one.at(-1)!.message, 'There is 1 more error; mend these first.');
});

/** What stands over the carets of an excerpt, measured as a terminal does. */
const underlined = (excerpt: string): string => {
  const [line, carets] = excerpt.split('\n') as [string, string];
  const from = carets.indexOf('^');
  const to = carets.lastIndexOf('^') + 1;
  let column = 0;
  let text = '';
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (column >= from && column < to) text += segment;
    column += stringWidth(segment);
  }
  return text;
};

test('carets stand under what is meant, however wide the signs before it are', () => {
  for (const before of [
    'x',
    '漢字',
    '😀',
    '👩‍👩‍👧‍👦',
    'e\u0301',
    'ｆｕｌｌ',
    '\u200b',
    '한국',
    'ﷺ',
    '🇦🇹',
    '\u0085',
    '\u202e',
    '\ud83d',
  ]) {
    const error = told(`name: f\nnodes: [{ id: "${before}", action: square, pool: 漢字😀 }]`).find(
      ({ type }) => type === 'UnknownPool',
    );
    assert.is(underlined(error!.excerpt), '漢字😀', JSON.stringify(before));
    assert.is(error!.column, 41 + Array.from(before).length, JSON.stringify(before));
  }
});

test('tabs in a line take one column', () => {
  const [error] = told('name: f\nnodes: [{\tid: a,\t\taction: square,\tpool: "d\tb"\t}]');
  assert.is(
    error!.excerpt,
    '  2 | nodes: [{ id: a,  action: square, pool: "d b" }]\n    |                                         ^^^^^',
  );
});

test('a long line is cut to 120 characters around the place', () => {
  const x = 'x'.repeat(5_000);
  const [error] = told(
    `name: f\nnodes: [{ id: a, description: ${x}, action: square, pool: db, instructions: [${x}] }]`,
  );
  const [line] = error!.excerpt.split('\n') as [string];
  assert.is(underlined(error!.excerpt), 'db');
  assert.is(line.length, '  2 | …'.length + 120);
  assert.ok(line.startsWith('  2 | …xxx') && line.endsWith('xxx'));
  assert.is(error!.column, 31 + 5_000 + 24);
  const [atEnd] = told(`name: f\nnodes: [{ id: a, description: ${x}, action: square, pool: db }]`);
  assert.is(underlined(atEnd!.excerpt), 'db');
  assert.is(atEnd!.excerpt.split('\n')[0]!.length, '  2 | …'.length + 120);
  const [atStart] = told(`name: f\nnodes: [{ pool: db, id: a, description: ${x}, action: square }]`);
  assert.is(underlined(atStart!.excerpt), 'db');
  assert.is(atStart!.excerpt.split('\n')[0]!.length, '  2 | '.length + 120);
});

test('carets stay on the line and within what is shown', () => {
  for (const value of [`[${'x, '.repeat(3_000)}x]`, '[\n  x,\n  y\n]', `\n  ${'- x\n  '.repeat(500)}`]) {
    const [error] = told(`name: f\ndescription: ${value}\nnodes: []`);
    const [line, carets] = error!.excerpt.split('\n') as [string, string];
    assert.ok(carets.includes('^') && stringWidth(carets) <= Math.max(stringWidth(line), carets.indexOf('^') + 1));
  }
});

test('line ends are no part of a line', () => {
  for (const end of ['\n', '\r\n']) {
    const [error] = told(['name: f', 'nodes:', '- id: a', '  action: squar', ''].join(end));
    assert.equal([error!.line, error!.column, error!.excerpt], [4, 11, '  4 |   action: squar\n    |           ^^^^^']);
  }
});

test('nothing of a file can steer a terminal', () => {
  const steering = [
    '\u001b[31m',
    '\u001b]0;title\u0007',
    '\u009b2J',
    '\u0085',
    '\u007f',
    '\u0008',
    '\u0000',
    '\r',
    '\u2028',
    '\u202e',
    '\u2066',
    '\u200f',
    '\ud800',
  ];
  for (const odd of steering) {
    const quoted = JSON.stringify(odd).replaceAll('\u009b', '\\u009b');
    const texts = [
      lines(
        'name: f',
        'nodes:',
        `- { id: ${quoted}, action: squar, dependencies: [${quoted}], ${quoted}: 1, pool: ${quoted} }`,
      ),
      lines('name: f', 'nodes:', `- { id: 'x${odd}y', action: 'squar${odd}', 'k${odd}': 1, timeout: 'v${odd}' }`),
      `name: f${odd}\nnodes: [${odd}`,
      `a${odd}: &b${odd} 1\n`,
      `a: !t${odd} 1\nb: *c${odd}\n`,
      `${odd}: ${odd}: ${odd}`,
      `a: b\n]${odd}\n`,
      `name: "\\q${odd}"\n`,
    ];
    for (const text of texts) {
      const result = fromYaml(text, { file: `a${odd}.yaml`, registry });
      for (const error of result._tag === 'Left' ? result.left : result.right.warnings) {
        assert.is(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(error.message), false, text);
        assert.is(showFileError(error).split('\n').length, 3, text);
        assert.is(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(showFileError(error).replaceAll('\n', '')), false, text); // prettier-ignore
      }
    }
  }
  assert.is(
    shown('name: f\nnodes: [{ id: "\\e[31m", action: "\u009b0m" }]'),
    'sums.yaml:2:33: Node "\\u001b[31m" has the unknown action "\\u009b0m"; known are "add_numbers", "square", "human.input", "dag".\n' +
      '  2 | nodes: [{ id: "\\e[31m", action: "\\u009b0m" }]\n' +
      '    |                                 ^^^^^^^^^^',
  );
});

test('messages stay short, whatever the file holds', () => {
  const long = 'x'.repeat(100_000);
  const texts = [
    `${long}: 1`,
    `a: &${long} 1`,
    `a: *${long}`,
    `a: !${long} 1`,
    `name: f\nnodes: [{ id: ${long}, action: ${long}, pool: ${long}, dependencies: [${long}y], timeout: ${long} }]`,
    `name: f\nnodes: []\nconfig: { pools: { ${long}: x }, retry_strategy: ${long} }`,
    `name: f\nnodes: [{ id: a, action: square, when: ${long}, for_each: { node: ${long} }, inputs: [{ name: ${long}, reference: ${long} }] }]`,
    `"${long}" "${long}"`,
    `a: b\n] ${long}`,
    `a: |${long}\n`,
    `${long}: {{${long}}`,
    `a: ${'9'.repeat(100_000)}`,
    `name: f\nnodes: [{ id: a, action: square, inputs: [{ name: x, value: ${'9'.repeat(100_000)} }] }]`,
  ];
  for (const text of texts)
    for (const error of told(text)) {
      assert.ok(error.message.length <= 420, `${error.message.length}: ${error.message.slice(0, 200)}`);
      assert.ok(showFileError(error).length <= 900);
    }
});

test('two ways of saying one thing are not both taken', () => {
  assert.is(
    first(node('when: { node: m, equals: 5 }')),
    'sums.yaml:5:9: In node "n", when: node stands beside equals or not; write reference: {node, path} for it.',
  );
  assert.is(
    first('name: f\nconfig: { human_wait: 5, human_wait_minutes: 1 }\nnodes: []\n'),
    'sums.yaml:2:9: In config: human_wait and human_wait_minutes say the same; keep one.',
  );
});

test.run();
