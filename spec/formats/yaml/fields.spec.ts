import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { configFields } from '../../../lib/formats/yaml/configFile.js';
import { graphFields } from '../../../lib/formats/yaml/graphFile.js';
import { nodeFields } from '../../../lib/formats/yaml/nodeFile.js';
import type { DagConfig } from '../../../lib/model/DagConfig.js';
import type { Graph } from '../../../lib/model/Graph.js';
import type { NodeSpec } from '../../../lib/model/NodeSpec.js';
import { fileWith, graphIn, lines, read } from './reading.js';

const test = suite('fields of a file');

/** What more a node holds for more lines in the file. */
const nodeWith = (...keys: readonly string[]): Omit<NodeSpec, 'id' | 'action'> => {
  const { id, action, ...more } = graphIn(fileWith(...keys)).nodes[0]!;
  assert.equal([id, action], ['n', 'a']);
  return more;
};
const configWith = (...keys: readonly string[]): Partial<DagConfig> =>
  graphIn(lines('name: f', 'nodes: []', 'config:', ...keys.map((key) => `  ${key}`))).config!;
const warningsIn = (text: string): readonly string[] =>
  read(text).warnings.map(({ line, column, message }) => `${line}:${column} ${message}`);

const keyOf = (line: string): string => line.slice(0, line.indexOf(':'));

type NodeCase = readonly [lines: string, holds: Omit<NodeSpec, 'id' | 'action'>];
const nodeCases: readonly NodeCase[] = [
  ['dependencies: [other]', { deps: ['other'] }],
  ['dependencies: []', { deps: [] }],
  ['dependencies:', { deps: [] }],
  ['dependencies:\n  - other', { deps: ['other'] }],
  ['inputs: []', { inputs: {} }],
  ['inputs:', { inputs: {} }],
  ['inputs: [{ name: x, reference: inputs.y }]', { inputs: { x: { $ref: 'inputs.y' } } }],
  ['inputs: [{ name: x, reference: "other.a[0].b" }]', { inputs: { x: { $ref: 'other.a[0].b' } } }],
  [
    'inputs: [{ name: x, reference: { node: other, path: "a.b[0]" } }]',
    { inputs: { x: { $ref: 'other.a.b[0]', node: 'other', path: ['a', 'b', 0] } } },
  ],
  [
    'inputs: [{ name: x, reference: { node: other, path: [a.b, 0, "0", 1x, true] } }]',
    { inputs: { x: { $ref: 'other.a.b[0].0.1x.true', node: 'other', path: ['a.b', 0, '0', '1x', 'true'] } } },
  ],
  ['inputs: [{ name: x, reference: { node: other } }]', { inputs: { x: { $ref: 'other', node: 'other', path: [] } } }],
  ['inputs: [{ name: 1.0, value: 1.0 }, { name: y, value: }]', { inputs: { '1.0': 1, y: null } }],
  [
    'inputs: [{ name: x, value: { a: [1, "1", true, no, ~, 0x10, 1.5, -0.5e-3, {}, []] } }]',
    { inputs: { x: { a: [1, '1', true, 'no', null, 16, 1.5, -0.0005, {}, []] } } },
  ],
  [
    'inputs: [{ name: x, value: { deep: { $ref: other.x } }, description: 5 }, { name: y, value: { $literal: { $ref: z } } }]',
    {
      inputs: { x: { deep: { $ref: 'other.x' } }, y: { $literal: { $ref: 'z' } } },
      inputDescriptions: { x: '5' },
    },
  ],
  ['outputs: [{ name: sum }, { name: rest, description: of it }]', { outputs: [{ name: 'sum' }, { name: 'rest', description: 'of it' }] }], // prettier-ignore
  ['failure: mend', { failureAction: 'mend' }],
  ['failure: ~', { failureAction: '~' }],
  ["failure: ''", {}],
  ['failure:', {}],
  ['onfailure: true', {}],
  ['onfailure: false', { tryCount: 1 }],
  ['onfailure: true\n  try_count: 3', { tryCount: 3 }],
  ['onfailure: false\n  try_count: 3', { tryCount: 1 }],
  ['try_count: 2\n  onfailure: false', { tryCount: 1 }],
  ['try_count: 3', { tryCount: 3 }],
  ['description: true', { description: 'true' }],
  ['description: |\n    two\n    lines', { description: 'two\nlines\n' }],
  ['timeout: 3600', { timeoutMs: 3_600_000 }],
  ['instructions: [be kind, 5]', { instructions: ['be kind', '5'] }],
  ['branch: left', { branch: 'left' }],
  ['priority: -1.5', { priority: -1.5 }],
  ['pool: db', { pool: 'db' }],
  ['when: other.ok', { when: { $ref: 'other.ok' } }],
  ['when: { node: other, path: ok }', { when: { $ref: 'other.ok', node: 'other', path: ['ok'] } }],
  ['when: { reference: other.ok }', { when: { $ref: 'other.ok' } }],
  ['when: { reference: other.n, equals: 5 }', { when: { $ref: 'other.n', equals: 5 } }],
  ['when: { reference: other.n, equals: ~, not: true }', { when: { $ref: 'other.n', equals: null, not: true } }],
  [
    'when: { reference: { node: other }, equals: { a: [1] } }',
    { when: { $ref: 'other', node: 'other', path: [], equals: { a: [1] } } },
  ],
  ['run_if: all_succeeded', { runIf: 'allSucceeded' }],
  ['run_if: any_succeeded', { runIf: 'anySucceeded' }],
  ['run_if: all_done', { runIf: 'allDone' }],
  ['run_if: allDone', { runIf: 'allDone' }],
  ['for_each: inputs.list', { forEach: { $ref: 'inputs.list' } }],
  ['cache: never', { cache: 'never' }],
  ['cache: always', { cache: 'always' }],
  ['cache: { ttl: 1.5 }', { cache: { ttlMs: 1_500 } }],
  ['estimate: 0', { estimateMs: 0 }],
  ['idle_timeout: 2', { idleTimeoutMs: 2_000 }],
  ['on_failure: skip_dependents', { onFailure: 'skipDependents' }],
  ['on_failure: continue', { onFailure: 'continue' }],
  ['retry: Immediate', { retry: { type: 'Immediate' } }],
  ['placement: pool:gpu', { placement: 'pool:gpu' }],
];

for (const [text, holds] of nodeCases)
  test(`node: ${text.replaceAll(/\n */g, ' / ')}`, () => assert.equal(nodeWith(text), holds));

test('every key of a node is tried here', () => {
  const tried = new Set(['id', 'action', ...nodeCases.map(([text]) => keyOf(text))]);
  assert.equal(
    Object.keys(nodeFields).filter((key) => !tried.has(key)),
    [],
  );
});

type ConfigCase = readonly [line: string, holds: Partial<DagConfig>];
const configCases: readonly ConfigCase[] = [
  ['max_attempts: 5', { maxAttempts: 5 }],
  ['on_failure: Continue', { onFailure: 'Continue' }],
  ['on_failure: Pause', { onFailure: 'Pause' }],
  ['on_failure: Stop', { onFailure: 'Stop' }],
  ['timeout_seconds: 3600', { timeoutMs: 3_600_000 }],
  ['human_wait_minutes: 2', { humanWaitMs: 120_000 }],
  ['human_wait_minutes: 0.1', { humanWaitMs: 6_000 }],
  ['human_wait_minutes: null', { humanWaitMs: null }],
  ['human_wait_minutes:', { humanWaitMs: null }],
  ['human_wait: 1.5', { humanWaitMs: 1_500 }],
  ['human_timeout_action: Autopilot', { humanTimeoutAction: 'Autopilot' }],
  ['human_timeout_action: Pause', { humanTimeoutAction: 'Pause' }],
  ['max_iterations: 7', { maxIterations: 7 }],
  ['retry_strategy: Immediate', { retryStrategy: { type: 'Immediate' } }],
  ['enable_parallel_execution: false', { enableParallelExecution: false }],
  ['max_parallel_nodes: 8', { maxParallelNodes: 8 }],
  ['max_interruptions: 0', { maxInterruptions: 0 }],
  ['pools: { db: 1, "web api": 4 }', { pools: { db: 1, 'web api': 4 } }],
  ['pools:', { pools: {} }],
  ['grace: 0', { graceMs: 0 }],
  ['on_hook_error: report', { onHookError: 'report' }],
  ['on_hook_error: fail_run', { onHookError: 'failRun' }],
  ['hook_timeout: 0.5', { hookTimeoutMs: 500 }],
  ['hook_backlog: 10', { hookBacklog: 10 }],
  ['command_budget: 11', { commandBudget: 11 }],
  ['max_nodes: 12', { maxNodes: 12 }],
  ['history: false', { history: false }],
  ['history_events: 13', { historyEvents: 13 }],
  ['redact: [password, "*token*"]', { redact: ['password', '*token*'] }],
  // read for nothing
  ['max_tokens: 1000', {}],
  ['review_frequency: { any: thing }', {}],
  ['enable_incremental_cache: true', {}],
  ['cache_snapshot_interval: 5', {}],
];

for (const [text, holds] of configCases) test(`config: ${text}`, () => assert.equal(configWith(text), holds));

test('every key of the settings is tried here', () => {
  const tried = new Set(configCases.map(([text]) => keyOf(text)));
  assert.equal(
    Object.keys(configFields).filter((key) => !tried.has(key)),
    [],
  );
});

test('every setting can be written in a file', () => {
  const lines = configCases.map(([line]) => line).filter((line) => keyOf(line) !== 'human_wait_minutes');
  const config = configWith(
    ...lines.filter((line, i) => lines.findIndex((other) => keyOf(other) === keyOf(line)) === i),
  );
  assert.is(Object.keys(config).length, 20);
});

test('every key of a pipeline', () => {
  const text = lines(
    'name: A',
    'description: d',
    'author: me',
    'version: 1.0',
    'signature: s',
    'tags: [x, 1.50]',
    'instructions: [be kind]',
    'config: {}',
    'nodes: []',
  );
  const graph: Graph = {
    name: 'A',
    description: 'd',
    author: 'me',
    version: '1.0',
    signature: 's',
    tags: ['x', '1.50'],
    instructions: ['be kind'],
    config: {},
    nodes: [],
  };
  assert.equal(graphIn(text), graph);
  assert.equal(Object.keys(graph).sort(), Object.keys(graphFields).sort());
  assert.equal(graphIn('name: A\nnodes:'), { name: 'A', nodes: [] });
});

test('retry strategies stand as words, as maps and under tags', () => {
  const immediate = { type: 'Immediate' };
  const linear = { type: 'Linear', delayMs: 1_500 };
  const exponential = { type: 'Exponential', initialDelayMs: 100, maxDelayMs: 60_000, multiplier: 1.5 };
  const fields = '{ initial_delay_secs: 0.1, max_delay_secs: 60, multiplier: 1.5 }';
  const cases: readonly (readonly [string, object])[] = [
    ['Immediate', immediate],
    ['"Immediate"', immediate],
    ['!Immediate', immediate],
    ['{ Immediate: }', immediate],
    ['{ Linear: { delay_secs: 1.5 } }', linear],
    ['!Linear { delay_secs: 1.5 }', linear],
    ['!Linear\n      delay_secs: 1.5', linear],
    ['\n    Linear:\n      delay_secs: 1.5', linear],
    [`{ Exponential: ${fields} }`, exponential],
    [`!Exponential ${fields}`, exponential],
    ['\n    Exponential:\n      initial_delay_secs: 0.1\n      max_delay_secs: 60\n      multiplier: 1.5', exponential],
    [`!Exponential ${fields.replace('}', ', jitter: 0.25 }')}`, { ...exponential, jitter: 0.25 }],
  ];
  for (const [text, strategy] of cases) {
    assert.equal(nodeWith(`retry: ${text}`), { retry: strategy }, text);
    assert.equal(configWith(`retry_strategy: ${text}`), { retryStrategy: strategy }, text);
  }
});

test('seconds become milliseconds digit by digit', () => {
  const cases: Readonly<Record<string, number>> = {
    '0.1': 100,
    '1.005': 1_005,
    '0.001': 1,
    '0.0015': 1.5,
    '4.35': 4_350,
    '1.1': 1_100,
    '33.33': 33_330,
    '2147483.647': 2_147_483_647,
    '5.': 5_000,
    '.5': 500,
    '+7': 7_000,
    '1e3': 1_000_000,
    '1.5E-3': 1.5,
    '5e-324': 5e-321,
    '0x10': 16_000,
    '0o17': 15_000,
    '012': 12_000,
  };
  for (const [text, timeoutMs] of Object.entries(cases))
    assert.equal(nodeWith(`timeout: ${text}`), { timeoutMs }, text);
});

test('texts are taken as they were written', () => {
  const words = ['1.0', '1', 'true', '~', 'null', '0o17', '012', 'no', '1e3', '.inf', '0x1F', '2001-12-14', '-x', '1_000', 'a: b'.slice(0, 1), 'a#b', '=']; // prettier-ignore
  for (const word of words) {
    const graph = graphIn(
      `name: ${word}\nversion: ${word}\ntags: [x, ${word}]\nnodes: [{ id: ${word}, action: ${word} }]`,
    );
    assert.equal(graph, { name: word, version: word, tags: ['x', word], nodes: [{ id: word, action: word }] }, word);
  }
});

test('ids, dependencies and references of any type find each other', () => {
  const text = lines(
    'name: f',
    'nodes:',
    '- { id: 1, action: a }',
    '- { id: 1.0, action: a, dependencies: [1] }',
    '- { id: "true", action: a, dependencies: [1.0], inputs: [{ name: x, reference: 1.0 }] }',
    '- { id: no, action: a, dependencies: [true, true] }',
  );
  assert.equal(
    graphIn(text).nodes.map(({ id, deps }) => [id, deps]),
    [['1', undefined], ['1.0', ['1']], ['true', ['1.0']], ['no', ['true', 'true']]], // prettier-ignore
  );
});

test('an id that is absent is made of the action', () => {
  assert.equal(graphIn('name: f\nnodes: [{ action: a }, { action: a, dependencies: [a_1] }]').nodes, [
    { id: 'a_1', action: 'a' },
    { id: 'a_2', action: 'a', deps: ['a_1'] },
  ]);
});

test('an unknown key warns where it stands, with the nearest name', () => {
  const text = lines(
    'name: f',
    'nmae: g',
    'completely_different: 1',
    'config: { max_parallel_node: 1, retry_strategy: { Linear: { delay_secs: 1, delay_sec: 2 } } }',
    'nodes:',
    '- id: n',
    '  action: a',
    '  dependancies: []',
    '  inputs: [{ name: x, value: 1, refrence: y }]',
    '  outputs: [{ nam: x, name: y }]',
    '  when: { reference: inputs.x, equal: 1 }',
    '  cache: { ttl: 1, tll: 2 }',
    '- { action: a, idd: m }',
  );
  assert.equal(warningsIn(text), [
    '2:1 In the file: the key "nmae" is not known; did you mean "name"?',
    '3:1 In the file: the key "completely_different" is not known; it is left out.',
    '4:11 In config: the key "max_parallel_node" is not known; did you mean "max_parallel_nodes"?',
    '4:76 In config.retry_strategy.Linear: the key "delay_sec" is not known; did you mean "delay_secs"?',
    '8:3 In node "n": the key "dependancies" is not known; did you mean "dependencies"?',
    '9:33 In node "n", inputs[0]: the key "refrence" is not known; did you mean "reference"?',
    '10:15 In node "n", outputs[0]: the key "nam" is not known; did you mean "name"?',
    '11:32 In node "n", when: the key "equal" is not known; did you mean "equals"?',
    '12:20 In node "n", cache: the key "tll" is not known; did you mean "ttl"?',
    '13:16 In nodes[1]: the key "idd" is not known; did you mean "id"?',
  ]);
  assert.equal(read(text).graph.nodes[0], {
    id: 'n',
    action: 'a',
    inputs: { x: 1 },
    outputs: [{ name: 'y' }],
    when: { $ref: 'inputs.x' },
    cache: { ttlMs: 1_000 },
  });
});

test('a key without effect says why', () => {
  const text = lines(
    'name: f',
    'nodes: []',
    'config:',
    '  max_tokens: 1000',
    '  review_frequency: 5',
    '  enable_incremental_cache: true',
    '  cache_snapshot_interval: 10',
  );
  assert.equal(warningsIn(text), [
    '4:3 In config: max_tokens has no effect here; tokens are an action’s own affair.',
    '5:3 In config: review_frequency has no effect here; a hook can ask for a review when it sees fit.',
    '6:3 In config: enable_incremental_cache has no effect here; a store keeps each event as it happens.',
    '7:3 In config: cache_snapshot_interval has no effect here; a store keeps each event as it happens.',
  ]);
  assert.equal(read(text).graph.config, {});
});

test('what compile warns of gets its place and the words of files', () => {
  const registry = { has: (name: string) => name === 'add', list: () => ['add'] };
  const text = 'name: f\nnodes:\n- id: n\n  action: add\n  failure: ad\n  try_count: 9\n';
  assert.equal(
    read(text, { registry }).warnings.map(({ line, column, message }) => `${line}:${column} ${message}`),
    [
      '6:14 Node "n" asks for 9 attempts; config.max_attempts allows 3.',
      '5:12 The failure "ad" of node "n" is not registered yet; did you mean "add"?',
    ],
  );
});

test('settings that are given hold where the file has none', () => {
  const text = 'name: f\nnodes: [{ id: n, action: a, pool: db }]';
  assert.equal(read(text, { config: { pools: { db: 1 } } }).graph, {
    name: 'f',
    nodes: [{ id: 'n', action: 'a', pool: 'db' }],
  });
  assert.throws(() => read(text), /needs the pool "db"/);
});

test('JSON is read as well', () => {
  const graph = {
    name: 'f',
    version: '1.0',
    config: { max_parallel_nodes: 2, pools: { db: 1 }, retry_strategy: { Linear: { delay_secs: 0.1 } } },
    nodes: [
      { id: 'a', action: 'x', dependencies: [], onfailure: true, timeout: 1.005, try_count: 2 },
      { id: 'b', action: 'x', inputs: [{ name: 'in\n"☃', reference: 'a.x' }, { name: 'v', value: [1, null, { z: '\u0000' }] }] }, // prettier-ignore
    ],
  };
  const read = {
    name: 'f',
    version: '1.0',
    config: { maxParallelNodes: 2, pools: { db: 1 }, retryStrategy: { type: 'Linear', delayMs: 100 } },
    nodes: [
      { id: 'a', action: 'x', deps: [], timeoutMs: 1_005, tryCount: 2 },
      { id: 'b', action: 'x', inputs: { 'in\n"☃': { $ref: 'a.x' }, v: [1, null, { z: '\u0000' }] } },
    ],
  };
  for (const indent of [0, 2, '\t']) assert.equal(graphIn(JSON.stringify(graph, null, indent)), read);
});

test('line ends, a byte order mark, comments, markers and layout make no difference', () => {
  const text = lines('name: f', 'nodes:', '- id: a', '  action: x', '  description: two', '    words', '- id: b', '  action: x', '  dependencies:', '  - a'); // prettier-ignore
  const same: Readonly<Record<string, string>> = {
    CRLF: text.replaceAll('\n', '\r\n'),
    BOM: `\ufeff${text}`,
    'BOM and CRLF': `\ufeff${text.replaceAll('\n', '\r\n')}`,
    'no line end at the end': text.trimEnd(),
    comments: `# first\n${text.replaceAll(/(x|:|- a)\n/g, '$1 # "[{ why\n\n')}# last`,
    markers: `%YAML 1.2\n---\n${text}...\n`,
    'flow style':
      '{ name: f, nodes: [{ id: a, action: x, description: two\n words }, { id: b, action: x, dependencies: [a] }] }',
    'wider indentation': text
      .replaceAll(/^ +/gm, (spaces) => '   '.repeat(spaces.length / 2))
      .replaceAll(/^( *)- /gm, '$1-  '),
    'lists further in': lines('name: f', 'nodes:', '    -', '      id: a', '      action: x', '      description: >-', '        two', '        words', '    - id: b', '      action: x', '      dependencies:', '          - a'), // prettier-ignore
    quotes: text.replaceAll(/\b[abxf]\b/g, '"$&"'),
  };
  const graph = graphIn(text);
  assert.is(graph.nodes[0]!.description, 'two words');
  for (const [how, other] of Object.entries(same)) assert.equal(graphIn(other), graph, how);
});

test('a byte order mark does not count as a column', () => {
  const [warning] = read('\ufeffnmae: x\nname: f\nnodes: []').warnings;
  assert.equal([warning!.line, warning!.column], [1, 1]);
});

test('numbers that can be kept are values, whatever they look like', () => {
  const kept: Readonly<Record<string, number>> = {
    '9007199254740991': 2 ** 53 - 1,
    '9007199254740992': 2 ** 53,
    '100000000000000000000': 1e20,
    '123456789012345680000': 123456789012345680000,
    '1e308': 1e308,
    '1e+21': 1e21,
    '-0': -0,
    '+12': 12,
    '0012': 12,
    '0x1FFFFFFFFFFFFF': 2 ** 53 - 1,
    '1.7976931348623157e+308': Number.MAX_VALUE,
    '5e-324': 5e-324,
  };
  for (const [text, value] of Object.entries(kept)) {
    const { inputs } = nodeWith(`inputs: [{ name: x, value: ${text} }]`);
    assert.ok(Object.is(inputs!['x'], value), text);
  }
});

test.run();
