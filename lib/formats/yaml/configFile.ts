import type { Node } from 'yaml';
import { isScalar } from 'yaml';
import type { DagConfig } from '../../model/DagConfig.js';
import { Count, Duration, PositiveDuration, Whole, numberFrom } from '../../model/strict.js';
import { listOf, readFields, recordOf, type Field } from './collections.js';
import { at, type Form } from './Form.js';
import { retryForm } from './retryForm.js';
import { choice, flag, numberOf, seconds, text } from './scalars.js';

const aboveZero = seconds(PositiveDuration, ' above 0 up');
const ignored = (why: string): Field => ({ form: text, noEffect: `${why}.` });

/** Null, written `null`, is for ever. */
const minutes: Form<number | null> = {
  name: 'a number of minutes above 0, or null',
  read: (node, notes, place) =>
    isScalar(node) && node.value === null
      ? null
      : scaled(numberOf(numberFrom(Number.MIN_VALUE, false, 35_791)).read(node, notes, place), 60_000),
  write: (ms) => (ms === null ? null : ms / 60_000),
};

const scaled = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : Math.round(value * factor * 1_000) / 1_000;

interface ConfigField<A = any> extends Field<A> {
  readonly to?: keyof DagConfig;
}

/** Dagger's keys first, then our own. Dagger's human_wait_minutes stands beside `human_wait`, which is in seconds. */
export const configFields = {
  max_attempts: { to: 'maxAttempts', form: numberOf(Count) },
  on_failure: { to: 'onFailure', form: choice({ Continue: 'Continue', Pause: 'Pause', Stop: 'Stop' }) },
  timeout_seconds: { to: 'timeoutMs', form: aboveZero },
  human_wait_minutes: { to: 'humanWaitMs', form: minutes },
  human_timeout_action: { to: 'humanTimeoutAction', form: choice({ Autopilot: 'Autopilot', Pause: 'Pause' }) },
  max_tokens: ignored('tokens are an action’s own affair'),
  max_iterations: { to: 'maxIterations', form: numberOf(Count) },
  review_frequency: ignored('a hook can ask for a review when it sees fit'),
  retry_strategy: { to: 'retryStrategy', form: retryForm },
  enable_parallel_execution: { to: 'enableParallelExecution', form: flag },
  max_parallel_nodes: { to: 'maxParallelNodes', form: numberOf(Count) },
  enable_incremental_cache: ignored('a store keeps each event as it happens'),
  cache_snapshot_interval: ignored('a store keeps each event as it happens'),
  max_interruptions: { to: 'maxInterruptions', form: numberOf(Whole) },
  human_wait: { form: aboveZero },
  pools: { to: 'pools', form: recordOf(numberOf(Count), 1) },
  grace: { to: 'graceMs', form: seconds(Duration, ' from 0') },
  on_hook_error: { to: 'onHookError', form: choice({ report: 'report', fail_run: 'failRun', failRun: 'failRun' }) },
  hook_timeout: { to: 'hookTimeoutMs', form: aboveZero },
  hook_backlog: { to: 'hookBacklog', form: numberOf(Count) },
  command_budget: { to: 'commandBudget', form: numberOf(Count) },
  max_nodes: { to: 'maxNodes', form: numberOf(Count) },
  history: { to: 'history', form: flag },
  history_events: { to: 'historyEvents', form: numberOf(Count) },
  redact: { to: 'redact', form: listOf(text) },
} as const satisfies Readonly<Record<string, ConfigField>>;

type Key = keyof typeof configFields;
const fields: Readonly<Record<Key, ConfigField>> = configFields;

/** The settings of a pipeline. */
export const configForm: Form<Partial<DagConfig>> = {
  name: 'a map of settings',
  read: (node: Node, notes, place) => {
    const found = readFields<Key>(fields, 'a map of settings', node, notes, place);
    if (found === undefined) return undefined;
    if (found.human_wait !== undefined && found.human_wait_minutes !== undefined)
      notes.error('DuplicateKey', `${at(place)}: human_wait and human_wait_minutes say the same; keep one.`, node);
    const config: Record<string, unknown> = {};
    for (const key of Object.keys(found) as Key[]) config[fields[key].to ?? 'humanWaitMs'] = found[key];
    return config;
  },
  write: (config) => {
    const written: Record<string, unknown> = {};
    for (const key of Object.keys(fields) as Key[]) {
      const { to, form } = fields[key];
      if (to === undefined || config[to] === undefined) continue;
      const inSeconds = to === 'humanWaitMs' && config.humanWaitMs !== null && config.humanWaitMs! % 60_000 !== 0;
      if (inSeconds) written['human_wait'] = aboveZero.write(config.humanWaitMs!);
      else written[key] = form.write(config[to]);
    }
    return written;
  },
};
