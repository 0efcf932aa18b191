// timeout: 300000
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromYaml, showFileError, toYaml } from '../../../lib/formats/yaml/index.js';
import { Seconds } from '../../../lib/formats/yaml/scalars.js';
import type { Graph } from '../../../lib/model/Graph.js';
import type { Json } from '../../../lib/model/Json.js';
import { compile } from '../../../lib/plan/compile.js';
import { firstSeed } from '../../simulation/seeds.js';
import { randomCase } from '../../support/randomGraph.js';
import { daggerFile, daggerFiles } from './fixtures.js';
import { durationMs, graph } from './graphs.js';
import { graphIn } from './reading.js';

const seed = Number(process.env['RXDAG_FUZZ_SEED'] ?? firstSeed());
console.log(`round trip seed ${seed} (RXDAG_FUZZ_SEED)`);

const any = { has: () => true, list: () => [] };
const isSound = (given: Graph): boolean => compile(given, any)._tag === 'Right';

const test = suite('toYaml and fromYaml');

test('a definition that is written is read as the same', () => {
  let tried = 0;
  const property = fc.property(graph, (given) => {
    fc.pre(isSound(given));
    tried++;
    // uvu's equal takes a key named constructor for the class.
    const text = toYaml(given);
    assert.ok(isDeepStrictEqual(graphIn(text), given), text);
  });
  fc.assert(property, { seed, numRuns: 1_500 });
  assert.ok(tried >= 1_500);
});

test('random graphs of the simulation, too', () => {
  for (let nth = 0; nth < 300; nth++) {
    const { graph, config } = randomCase(seed + nth);
    const given = { ...graph, config };
    const read = fromYaml(toYaml(given));
    assert.ok(read._tag === 'Right', read._tag === 'Left' ? read.left.map(showFileError).join('\n') : '');
    assert.equal(read.right.warnings.filter(({ type }) => type !== 'Warning'), []); // prettier-ignore
    assert.equal(read.right.graph, given, `seed ${seed + nth}`);
  }
});

test('durations keep every digit', () => {
  fc.assert(
    fc.property(durationMs, (estimateMs) => {
      const { digits } = new Seconds(estimateMs);
      assert.is(
        graphIn(`name: f\nnodes: [{ id: a, action: b, estimate: ${digits} }]`).nodes[0]!.estimateMs,
        estimateMs,
      );
    }),
    { seed, numRuns: 2_000 },
  );
});

test('an empty failure action is read as none, and nothing else changes', () => {
  const node = { id: 'a', action: 'b', failureAction: '', description: '', branch: 'x' };
  const { failureAction: _, ...rest } = node;
  assert.equal(graphIn(toYaml({ name: 'f', nodes: [node] })), { name: 'f', nodes: [rest] });
});

test('descriptions of inputs that are not there are left out', () => {
  const node = { id: 'a', action: 'b', inputs: { x: 1 } };
  for (const inputDescriptions of [{}, { y: 'none' }])
    assert.equal(graphIn(toYaml({ name: 'f', nodes: [{ ...node, inputDescriptions }] })), { name: 'f', nodes: [node] });
});

test('what lies deeper than a file may is read with a higher limit', () => {
  let value: Json = 1;
  for (let depth = 0; depth < 64; depth++) value = depth % 2 === 0 ? [value] : { a: value };
  const given: Graph = { name: 'f', nodes: [{ id: 'a', action: 'b', inputs: { value } }] };
  const text = toYaml(given);
  assert.throws(() => graphIn(text), /lie deeper in each other than 64 levels/);
  assert.equal(graphIn(text, { limits: { maxDepth: 69 } }), given);
});

test('ids that are absent are filled in', () => {
  const given = { name: 'f', nodes: [{ action: 'a' }, { action: 'a', deps: ['a_1'] }] };
  assert.equal(graphIn(toYaml(given)), { name: 'f', nodes: [{ id: 'a_1', action: 'a' }, { id: 'a_2', action: 'a', deps: ['a_1'] }] }); // prettier-ignore
});

test('a reference to a node whose path is in its text alone keeps that path', () => {
  const nodes = [
    { id: 'a.b', action: 'x' },
    { id: 'c', action: 'x', when: { $ref: 'a.b.rows[0]', node: 'a.b' }, forEach: { $ref: 'anything', node: 'a.b' } },
  ];
  assert.equal(graphIn(toYaml({ name: 'f', nodes })).nodes[1], {
    id: 'c',
    action: 'x',
    when: { $ref: 'a.b.rows[0]', node: 'a.b', path: ['rows', 0] },
    forEach: { $ref: 'a.b', node: 'a.b', path: [] },
  });
});

test('references among inputs stay what they are, however they are written', () => {
  const inputs = {
    text: { $ref: 'a.b.x' },
    exact: { $ref: 'a.b.x', node: 'a.b', path: ['x'] },
    'path in its text': { $ref: 'a.b.rows[0]', node: 'a.b' },
    'text of another': { $ref: 'anything', node: 'a.b', path: ['x'] },
    'no path': { $ref: 'a.b', node: 'a.b', path: [] },
    'of a sub-DAG': { $ref: 'inputs.x', scope: 'a.b' },
  };
  const nodes = [{ id: 'a.b', action: 'x' }, { id: 'c', action: 'x', inputs }]; // prettier-ignore
  assert.equal(graphIn(toYaml({ name: 'f', nodes })).nodes, nodes);
});

test('what is no definition is not written', () => {
  assert.throws(() => toYaml({ name: 'f' } as never), /^This is no graph: .*nodes/);
  assert.throws(() => toYaml({ name: 'f', nodes: [{ action: 'a', timeoutMs: -1 }] }), /nodes\[0\]\.timeoutMs/);
  for (const more of [{ parent: 'p' }, { item: null }, { index: 0 }])
    assert.throws(() => toYaml({ name: 'f', nodes: [{ id: 'p[0]', action: 'a', ...more }] }), /"p\[0\]" was made by an expansion/); // prettier-ignore
});

test('files are written in their own words', () => {
  const given: Graph = {
    name: 'f',
    version: '1.0',
    config: { timeoutMs: 1_500, humanWaitMs: 120_000, onHookError: 'failRun', pools: { db: 1 }, retryStrategy: { type: 'Linear', delayMs: 100 } }, // prettier-ignore
    nodes: [
      {
        id: 'a',
        action: 'x',
        deps: [],
        inputs: { n: { $ref: 'inputs.n' }, '<<': { '<<': 'no' } },
        inputDescriptions: { n: 'how many' },
        timeoutMs: 1_005,
        tryCount: 2,
        failureAction: 'mend',
        runIf: 'allDone',
        onFailure: 'continue',
        retry: { type: 'Immediate' },
        cache: { ttlMs: 0.1 },
      },
    ],
  };
  assert.is(
    toYaml(given),
    `name: f
version: "1.0"
config:
  timeout_seconds: 1.5
  human_wait_minutes: 2
  retry_strategy:
    Linear:
      delay_secs: 0.1
  pools:
    db: 1
  on_hook_error: fail_run
nodes:
  - id: a
    action: x
    dependencies: []
    inputs:
      - name: n
        reference: inputs.n
        description: how many
      - name: <<
        value:
          "<<": no
    failure: mend
    timeout: 1.005
    try_count: 2
    run_if: all_done
    cache:
      ttl: 0.0001
    on_failure: continue
    retry: Immediate
`,
  );
});

/** What is read and written again is read as the same. */
const keeps = (text: string): void => {
  const once = graphIn(text);
  assert.equal(graphIn(toYaml(once)), once);
  assert.is(toYaml(graphIn(toYaml(once))), toYaml(once));
};

test('Dagger’s files can be written again', () => {
  for (const name of daggerFiles) keeps(daggerFile(name));
});

test('generated Dagger files can be written again', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/);
  const scalar = fc.oneof(
    word,
    fc.constantFrom('1.0', 'true', '~', "''", '0.0.1', '"a: b"', 'Rzn,Inc', '2024-01-01', '1e3', "'it''s'"),
  );
  const node = fc.record({
    inputs: fc.uniqueArray(word, { maxLength: 3 }),
    outputs: fc.array(word, { maxLength: 2 }),
    failure: scalar,
    isRetried: fc.boolean(),
    description: scalar,
    timeout: fc.oneof(fc.integer({ min: 1, max: 7_200 }), fc.double({ min: 0.001, max: 1e6, noNaN: true })),
    tries: fc.integer({ min: 1, max: 3 }),
    isFlow: fc.boolean(),
  });
  const file = fc.record({
    head: fc.tuple(word, scalar, scalar, scalar, scalar),
    tags: fc.array(scalar, { maxLength: 3 }),
    nodes: fc.array(node, { maxLength: 6 }),
    strategy: fc.constantFrom('Immediate', '{ Linear: { delay_secs: 5 } }', '!Exponential { initial_delay_secs: 2, max_delay_secs: 60, multiplier: 2.0 }'), // prettier-ignore
    hasConfig: fc.boolean(),
    end: fc.constantFrom('\n', '\r\n'),
  });
  fc.assert(
    fc.property(
      file,
      ({ head: [name, description, author, version, signature], tags, nodes, strategy, hasConfig, end }) => {
        const lines = [`name: ${name}`, `description: ${description}`, `author: ${author}`, `version: ${version}`, `signature: ${signature}`, `tags: [${tags.join(', ')}]`]; // prettier-ignore
        if (hasConfig)
        lines.push('config:', '  on_failure: Pause', '  human_timeout_action: Autopilot', `  retry_strategy: ${strategy}`, '  max_tokens: 4000', '  timeout_seconds: 3600', '  max_parallel_nodes: 3'); // prettier-ignore
        lines.push(nodes.length === 0 ? 'nodes: []' : 'nodes:');
        for (const [
          i,
          { inputs, outputs, failure, isRetried, description, timeout, tries, isFlow },
        ] of nodes.entries()) {
          const from = i === 0 ? 'inputs' : `node${i - 1}`;
          lines.push(
            `  - id: node${i} # ${i}`,
            '    action: work',
            `    dependencies: [${i === 0 ? '' : `node${i - 1}`}]`,
          );
          if (isFlow)
            lines.push(
              `    inputs: [${inputs.map((key) => `{ name: ${key}, reference: ${from}.${key} }`).join(', ')}]`,
            );
          else
            lines.push(
              '    inputs:',
              ...inputs.flatMap((key) => [`    - name: ${key}`, `      reference: ${from}.${key}`]),
            );
          lines.push('    outputs:', ...outputs.map((key) => `      - name: ${key}`));
          lines.push(`    failure: ${failure}`, `    onfailure: ${isRetried}`, `    description: ${description}`, `    timeout: ${timeout}`, `    try_count: ${tries}`); // prettier-ignore
        }
        const text = lines.join(end);
        keeps(text);
        const read = graphIn(text);
        assert.is(read.nodes.length, nodes.length);
        assert.equal(
          read.nodes.map(({ tryCount }) => tryCount),
          nodes.map(({ isRetried, tries }) => (isRetried ? tries : 1)),
        );
      },
    ),
    { seed, numRuns: 500 },
  );
});

test.run();
