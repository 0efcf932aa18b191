import * as t from 'io-ts';
import { Json } from './Json.js';
import { Ref, refKeys, type InputValue } from './Ref.js';
import { RetryStrategy } from './RetryStrategy.js';
import { Count, Duration, Finite, PositiveDuration, Whole, either, list, recordOf, strict } from './strict.js';

/** When a node runs, seen from its dependencies. */
export type RunIf = 'allSucceeded' | 'anySucceeded' | 'allDone';

/** Met when the value is truthy, or equal to `equals` as JSON; `not` inverts. */
export interface When extends Ref {
  readonly equals?: Json;
  readonly not?: boolean;
}

/** One node, as users write it. */
export interface NodeSpec {
  /** Generated (action + counter) when absent. Well-formed Unicode without NUL, 1 to 1,000 characters, not `inputs`. */
  readonly id?: string;
  /**
   * The name of a registered action, or a built-in one: `human.input` waits for ProvideInput; `dag` runs a loaded DAG inside
   * this one, with `inputs: { dag: 'its name', inputs: { … } }`.
   */
  readonly action: string;
  /** Nodes that end before this one starts; a reference to a node implies it. @default [] */
  readonly deps?: readonly string[];
  /** What the action gets; references are replaced by the values they point at. @default {} */
  readonly inputs?: Readonly<Record<string, InputValue>>;
  /** @default 'allSucceeded' */
  readonly runIf?: RunIf;
  /** Not met: the node is skipped on purpose, and with it all that needs its success. */
  readonly when?: When;
  /**
   * Points at an array: one node `id[i]` runs for each item, which its action gets as `ctx.item` (a sub-DAG as
   * `inputs.item`), with `ctx.index`; the output is theirs, in order.
   */
  readonly forEach?: Ref;
  /** A name under which nodes are paused, resumed and cancelled together. */
  readonly branch?: string;
  /** Higher starts first. @default 0 */
  readonly priority?: number;
  /** How long the node is expected to run; orders nodes by critical path. @default 1 */
  readonly estimateMs?: number;
  /** A pool of `config.pools` that limits it as well. */
  readonly pool?: string;
  /** Where it runs: 'local', or `pool:name` on other machines. Has no effect in this version. @default 'local' */
  readonly placement?: string;
  /** The longest that one attempt may run. No limit by default. */
  readonly timeoutMs?: number;
  /** The longest that one attempt may go without progress. No limit by default. */
  readonly idleTimeoutMs?: number;
  /** Attempts in all, at most `config.maxAttempts`. @default 1 */
  readonly tryCount?: number;
  /** @default config.retryStrategy */
  readonly retry?: RetryStrategy;
  /** 'continue': dependants treat a failure as done. The node still counts as failed. @default 'skipDependents' */
  readonly onFailure?: 'skipDependents' | 'continue';
  /** An action that runs as node `<id>.failure` with `{ error, inputs }` after the final failure. */
  readonly failureAction?: string;
  /** Whether the output may be served from the cache. Has no effect in this version. @default 'never' */
  readonly cache?: 'never' | 'always' | { readonly ttlMs: number };
  /** Set by expansion, not by users: the fan-out or sub-DAG node that this one belongs to, its item and index. */
  readonly parent?: string;
  readonly item?: Json;
  readonly index?: number;
  /** For readers alone, as in Dagger's files. */
  readonly description?: string;
  readonly instructions?: readonly string[];
  readonly inputDescriptions?: Readonly<Record<string, string>>;
  readonly outputs?: readonly { readonly name: string; readonly description?: string }[];
}

const Inputs = recordOf(Json) as unknown as t.Type<Readonly<Record<string, InputValue>>, any, unknown>;

export const NodeSpec: t.Type<NodeSpec, NodeSpec, unknown> = strict<NodeSpec>(
  'NodeSpec',
  { action: t.string },
  {
    id: t.string,
    deps: list(t.string),
    inputs: Inputs,
    runIf: t.keyof({ allSucceeded: null, anySucceeded: null, allDone: null }),
    when: strict<When>('When', { $ref: t.string }, { ...refKeys, equals: Json, not: t.boolean }),
    forEach: Ref,
    branch: t.string,
    priority: Finite,
    estimateMs: Duration,
    pool: t.string,
    placement: t.string,
    timeoutMs: PositiveDuration,
    idleTimeoutMs: PositiveDuration,
    tryCount: Count,
    retry: RetryStrategy,
    onFailure: t.keyof({ skipDependents: null, continue: null }),
    failureAction: t.string,
    cache: either(
      t.literal('never'),
      t.literal('always'),
      strict<{ readonly ttlMs: number }>('{ ttlMs }', { ttlMs: Duration }, {}),
    ),
    parent: t.string,
    item: Json,
    index: Whole,
    description: t.string,
    instructions: list(t.string),
    inputDescriptions: recordOf(t.string),
    outputs: list(
      strict<{ readonly name: string; readonly description?: string }>(
        'Output',
        { name: t.string },
        { description: t.string },
      ),
    ),
  },
);

/** The codec of a node's inputs. */
export const NodeInputs = Inputs;
