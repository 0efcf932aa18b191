import fc from 'fast-check';
import type { DagConfig } from '../../../lib/model/DagConfig.js';
import type { Graph } from '../../../lib/model/Graph.js';
import type { NodeSpec } from '../../../lib/model/NodeSpec.js';
import { ref, type InputValue, type Ref } from '../../../lib/model/Ref.js';
import type { RetryStrategy } from '../../../lib/model/RetryStrategy.js';

// Sound definitions, as odd as they can be.

const words = ['a', 'true', 'no', '~', 'null', '1', '1.0', '0o17', '012', '0x1F', '1e3', '.inf', '.nan', '-', '---', '...', '- a', 'a: b', '? a', ': a', '#a', 'a #b', '&a', '*a', '!a', '!!str a', '<<', '=', '%a', '@a', '`a', '"a"', "'a'", '|', '>', '[a', '{a', ']', '}', ',', ' a', 'a ', '\ta', 'a\n', '\na', 'a\n\nb', 'a\r\nb', 'a\rb', 'a\u0085b', 'a\u2028b', '\ufeff', '\\', '\\n', '\u0000', '\u001b[31m', '\u202e', '😀', '漢字', 'e\u0301', '$ref', '$literal', 'node', 'name', 'inputs', 'inputs.a', '2001-12-14', '1_000', '12:30:45', 'y', 'Yes', 'NULL', 'True', '__proto__', 'constructor', 'toString']; // prettier-ignore

/** Any text: words of YAML, long ones that are folded, and all of Unicode. */
export const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', ...words) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(fc.constantFrom(...words), fc.lorem(), fc.constantFrom(' ', '\n', '  ', '\n  ', ': ', ' #')), {
        maxLength: 40,
      }) // prettier-ignore
      .map((parts) => parts.join(' ')),
  },
);
/** With half surrogate pairs in it, which only values may have. */
const anyText = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom('\ud800', 'a\udc00b') },
);

/** What can name something. */
const name = text.filter((id) => id !== '' && id !== 'inputs' && !id.includes('\0') && id.length <= 200);

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 2 ** 53, -(2 ** 53), 1e20, 123456789012345680000, 1e21, 5e-324, Number.MAX_VALUE, 0.1, 1e-7),
);
const json = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(anyText, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).json;

/** Any JSON that is not by chance a reference: that is put in where it can lead somewhere. */
const literal = json.map((value) => withoutRefs(value) as InputValue);

const withoutRefs = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutRefs);
  const kept = Object.entries(value).filter(([key]) => key !== '$ref' && key !== '$literal');
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutRefs(inner)]));
};

/** Milliseconds, also parts of them. */
export const durationMs = fc.oneof(
  fc.integer({ min: 0, max: 2_147_483_647 }),
  fc.double({ min: 0, max: 2_147_483_647, noNaN: true }),
  fc.integer({ min: 0, max: 10_000_000 }).map((n) => n / 1_000),
  fc.constantFrom(0, 0.1, 1.005, 0.3, 1e-7, 1.5e-7, 5e-324, 2_147_483_647, 100, 4.35),
);
const positiveMs = durationMs.filter((ms) => ms > 0);
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

const retry: fc.Arbitrary<RetryStrategy> = fc.oneof(
  fc.constant<RetryStrategy>({ type: 'Immediate' }),
  durationMs.map((delayMs): RetryStrategy => ({ type: 'Linear', delayMs })),
  fc.record(
    {
      type: fc.constant('Exponential' as const),
      initialDelayMs: durationMs,
      maxDelayMs: durationMs,
      multiplier: fc.double({ min: 1, max: 1_000_000, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    },
    { requiredKeys: ['type', 'initialDelayMs', 'maxDelayMs', 'multiplier'], noNullPrototype: true },
  ) as fc.Arbitrary<RetryStrategy>,
);

const record = <T>(value: fc.Arbitrary<T>, key = text): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(key, value), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));

export const config: fc.Arbitrary<Partial<DagConfig>> = fc.record(
  {
    maxParallelNodes: count,
    enableParallelExecution: fc.boolean(),
    maxAttempts: count,
    maxInterruptions: fc.nat(),
    retryStrategy: retry,
    onFailure: fc.constantFrom('Continue', 'Pause', 'Stop'),
    timeoutMs: positiveMs,
    pools: record(count),
    graceMs: durationMs,
    onHookError: fc.constantFrom('report', 'failRun'),
    hookTimeoutMs: positiveMs,
    hookBacklog: count,
    commandBudget: count,
    maxNodes: fc.integer({ min: 100, max: Number.MAX_SAFE_INTEGER }),
    maxIterations: count,
    humanWaitMs: fc.option(fc.oneof(positiveMs, fc.integer({ min: 1, max: 35_791 }).map((n) => n * 60_000))), // prettier-ignore
    humanTimeoutAction: fc.constantFrom('Autopilot', 'Pause'),
    history: fc.boolean(),
    historyEvents: count,
    redact: fc.array(text, { maxLength: 3 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const path = fc.array(fc.oneof(text, fc.nat(9)), { maxLength: 3 });

/** A reference to one of these nodes, or to the run's inputs. */
const reference = (ids: readonly string[]): fc.Arbitrary<Ref> => {
  const toInputs = fc
    .constantFrom('inputs', 'inputs.a', 'inputs.a.b[0]', 'inputs[3]', 'inputs.a: b #c')
    .map(($ref) => ({ $ref }));
  if (ids.length === 0) return toInputs;
  const id = fc.constantFrom(...ids);
  return fc.oneof(
    toInputs,
    fc.tuple(id, fc.constantFrom('', '.x', '.x[0].y', '[2]')).map(([node, rest]) => ({ $ref: node + rest })),
    fc.tuple(id, path).map(([node, keys]) => ref({ node, path: keys })),
  );
};

const nodeOf = (id: string, before: readonly string[], pools: readonly string[]): fc.Arbitrary<NodeSpec> => {
  const to = reference(before);
  const value: fc.Arbitrary<InputValue> = fc.oneof(
    literal,
    to,
    to.map((target) => ({ deep: [1, { of: target, $: null }] })),
    json.map((escaped) => ({ $literal: escaped }) as InputValue),
  );
  const inputs = record(value);
  return fc
    .record(
      {
        id: fc.constant(id),
        action: fc.oneof(name, fc.constantFrom('dag', 'human.input')),
        deps: before.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...before), { maxLength: 3 }),
        inputs,
        runIf: fc.constantFrom('allSucceeded', 'anySucceeded', 'allDone'),
        when: fc.oneof(
          to,
          fc.tuple(to, json).map(([target, equals]) => ({ ...target, equals })),
          fc.tuple(to, fc.boolean()).map(([target, not]) => ({ ...target, not })),
        ),
        forEach: to,
        branch: name,
        priority: number,
        estimateMs: durationMs,
        pool: pools.length === 0 ? fc.constant(undefined) : fc.constantFrom(...pools),
        placement: fc.oneof(fc.constant('local'), name.filter((pool) => !/^[\n\r\u2028\u2029]/.test(pool)).map((pool) => `pool:${pool}`)), // prettier-ignore
        timeoutMs: positiveMs,
        idleTimeoutMs: positiveMs,
        tryCount: count,
        retry,
        onFailure: fc.constantFrom('skipDependents', 'continue'),
        failureAction: name,
        cache: fc.oneof(
          fc.constantFrom('never', 'always'),
          durationMs.map((ttlMs) => ({ ttlMs })),
        ),
        description: anyText,
        instructions: fc.array(anyText, { maxLength: 3 }),
        outputs: fc.array(
          fc.record({ name: anyText, description: anyText }, { requiredKeys: ['name'], noNullPrototype: true }),
          {
            maxLength: 3,
          },
        ),
        isDescribed: fc.boolean(),
      },
      { requiredKeys: ['id', 'action'], noNullPrototype: true },
    )
    .map(({ isDescribed, ...spec }) => {
      const names = Object.keys(spec.inputs ?? {});
      const described = isDescribed === true && names.length > 0;
      if (spec.pool === undefined) delete spec.pool;
      return {
        ...spec,
        ...(described && { inputDescriptions: Object.fromEntries(names.map((key) => [key, `of ${key}`])) }),
      } as NodeSpec;
    });
};

/** Definitions with everything in them that a file can hold; every id is there. */
export const graph: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.uniqueArray(name, { maxLength: 5 }),
    fc.option(config, { nil: undefined }),
    fc.record(
      {
        description: anyText,
        author: anyText,
        version: anyText,
        signature: anyText,
        tags: fc.array(anyText, { maxLength: 3 }),
        instructions: fc.array(anyText, { maxLength: 3 }),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
    name,
  )
  .chain(([ids, config, more, graphName]) =>
    fc
      .tuple(...ids.map((id, i) => nodeOf(id, ids.slice(0, i), Object.keys(config?.pools ?? {}))))
      .map((nodes) => ({ name: graphName, nodes, ...(config !== undefined && { config }), ...more })),
  );
