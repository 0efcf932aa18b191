import * as t from 'io-ts';
import { RetryStrategy } from './RetryStrategy.js';
import { Count, Duration, PositiveDuration, Whole, either, list, recordOf, strict } from './strict.js';

/** What a run may and may not do. Defaults are Dagger's unless said otherwise; durations are in milliseconds. */
export interface DagConfig {
  /** How many nodes may run at once. @default 3 */
  readonly maxParallelNodes: number;
  /** False: one node at a time, in topological order. @default true */
  readonly enableParallelExecution: boolean;
  /** The most attempts that a node's `tryCount` may ask for. @default 3 */
  readonly maxAttempts: number;
  /** How often a crash may interrupt one node before it fails. @default 3 */
  readonly maxInterruptions: number;
  /** How nodes without a `retry` of their own wait between attempts. @default Exponential, 2 s, at most 60 s, ×2 */
  readonly retryStrategy: RetryStrategy;
  /** What a node's final failure does to the rest: go on, pause the run, or cancel it. @default 'Continue' (Dagger: Pause) */
  readonly onFailure: 'Continue' | 'Pause' | 'Stop';
  /** The run's deadline; time in which it is paused, down or waits for people alone does not count. @default 3,600,000 */
  readonly timeoutMs: number;
  /** Limits of named pools; a node with `pool` needs a slot there too. @default {} */
  readonly pools: Readonly<Record<string, number>>;
  /** How long an aborted action may take to end before it is reported as abandoned. @default 5,000 */
  readonly graceMs: number;
  /** Whether a hook's failure is reported or fails the run. @default 'report' */
  readonly onHookError: 'report' | 'failRun';
  /** How long a hook may take to answer. @default 30,000 */
  readonly hookTimeoutMs: number;
  /** How many answers a hook may owe before no new node starts. @default 10,000 */
  readonly hookBacklog: number;
  /** How many commands of one hook may descend from one root event within 60 s. @default 10,000 */
  readonly commandBudget: number;
  /** How many nodes a run may have in all. @default 1,000,000 */
  readonly maxNodes: number;
  /** How many nodes of the action `supervisor_step` may start. @default 50 */
  readonly maxIterations: number;
  /** How long `human.input` waits; null is for ever. @default null */
  readonly humanWaitMs: number | null;
  /** What happens then: succeed with the node's `default` input, or pause the run. @default 'Pause' */
  readonly humanTimeoutAction: 'Autopilot' | 'Pause';
  /** Whether a run without a store keeps its log in memory. @default true */
  readonly history: boolean;
  /** How many of the latest events it keeps. @default 1,000,000 */
  readonly historyEvents: number;
  /**
   * Globs (`*` alone, case-insensitive) on object keys whose values are masked in all that is published. What failures say
   * is searched for those values, too: texts of at least 4 characters. @default []
   */
  readonly redact: readonly string[];
}

const fields = {
  maxParallelNodes: Count,
  enableParallelExecution: t.boolean,
  maxAttempts: Count,
  maxInterruptions: Whole,
  retryStrategy: RetryStrategy,
  onFailure: t.keyof({ Continue: null, Pause: null, Stop: null }),
  timeoutMs: PositiveDuration,
  pools: recordOf(Count),
  graceMs: Duration,
  onHookError: t.keyof({ report: null, failRun: null }),
  hookTimeoutMs: PositiveDuration,
  hookBacklog: Count,
  commandBudget: Count,
  maxNodes: Count,
  maxIterations: Count,
  humanWaitMs: either(PositiveDuration, t.null),
  humanTimeoutAction: t.keyof({ Autopilot: null, Pause: null }),
  history: t.boolean,
  historyEvents: Count,
  redact: list(t.string),
};

export const DagConfig: t.Type<DagConfig, DagConfig, unknown> = strict<DagConfig>('DagConfig', fields, {});
export const PartialDagConfig: t.Type<Partial<DagConfig>, Partial<DagConfig>, unknown> = strict<Partial<DagConfig>>(
  'DagConfig',
  {},
  fields,
);

/** What holds where nothing else is said. */
export const defaultConfig: DagConfig = Object.freeze({
  maxParallelNodes: 3,
  enableParallelExecution: true,
  maxAttempts: 3,
  maxInterruptions: 3,
  retryStrategy: Object.freeze({ type: 'Exponential', initialDelayMs: 2_000, maxDelayMs: 60_000, multiplier: 2 }),
  onFailure: 'Continue',
  timeoutMs: 3_600_000,
  pools: Object.freeze({}),
  graceMs: 5_000,
  onHookError: 'report',
  hookTimeoutMs: 30_000,
  hookBacklog: 10_000,
  commandBudget: 10_000,
  maxNodes: 1_000_000,
  maxIterations: 50,
  humanWaitMs: null,
  humanTimeoutAction: 'Pause',
  history: true,
  historyEvents: 1_000_000,
  redact: Object.freeze([]),
});

/** What holds where later parts override earlier ones, frozen; the first one itself if no other says anything. */
export const mergeConfig = (base: DagConfig, ...parts: readonly (Partial<DagConfig> | undefined)[]): DagConfig => {
  const overrides = Object.assign({}, ...parts) as Partial<DagConfig>;
  return Object.keys(overrides).length === 0 ? base : Object.freeze({ ...base, ...overrides });
};
