import { Cache } from '../define/Cache.js';
import { DagError } from '../define/DagError.js';
import type { Hook } from '../hooks/Hook.js';
import { PartialDagConfig, type DagConfig } from '../model/DagConfig.js';
import { explain, show } from '../model/explain.js';
import { failureOf } from '../model/Failure.js';
import { toJson, type Json } from '../model/Json.js';
import { didYouMean } from '../model/nearest.js';
import { flawOf } from '../plan/checkId.js';
import type { Estimates } from '../plan/Estimates.js';
import type { ExecutorOptions, RunOptions } from './ExecutorOptions.js';

/** Throws a `DagError` of type InvalidOptions: a wrong use is told at once, before anything has begun. */
export const wrong = (message: string): never => {
  throw new DagError('InvalidOptions', message);
};

const hasMethods = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');

const checkPort = (what: string, value: unknown, wanted: string, ...names: readonly string[]): void => {
  if (value !== undefined && !hasMethods(value, ...names)) wrong(`The ${what} is ${show(value)}; give ${wanted}.`);
};

/** Reads options; what throws while it is read is a wrong use as well. */
export const reading = (read: () => void): void => {
  try {
    read();
  } catch (error) {
    if (error instanceof DagError) throw error;
    wrong(`The options can't be read: ${failureOf(error).message}.`);
  }
};

export const checkExecutorOptions = (options: ExecutorOptions): void =>
  reading(() => {
    if (typeof options !== 'object' || options === null)
      wrong(`The executor's options are ${show(options)}, not an object.`);
    const { registry, scheduler, store, random, hooks, slots, remote } = options;
    if (!hasMethods(registry, 'get', 'has', 'list'))
      wrong(`The executor's registry is ${show(registry)}; give it an ActionRegistry.`);
    checkPort('scheduler', scheduler, 'an RxJS scheduler', 'now', 'schedule');
    checkPort('store', store, 'an EventStore', 'acquire', 'append', 'read');
    checkPort('remote option', remote, 'a RemoteEngine', 'submit', 'peek', 'cancel');
    checkPort('slots option', slots, 'fairSlots(n)', 'join');
    if (random !== undefined && typeof random !== 'function') wrong(`random is ${show(random)}; give a function.`);
    checkHooks(hooks);
  });

/** Options are an object of known keys. */
export const checkKeys = (whose: string, options: object, keys: readonly string[]): void => {
  if (typeof options !== 'object' || options === null) wrong(`${whose} are ${show(options)}, not an object.`);
  for (const key of Object.keys(options))
    if (!keys.includes(key)) wrong(`${whose} have no key ${show(key)}${didYouMean(key, keys) || '.'}`);
};

/** Throws for what no new run can be called: an id is a part of addresses as well. */
export const checkNewRunId = (runId: unknown): void => {
  const isDots = runId === '.' || runId === '..';
  const flaw = isDots
    ? 'can be no part of an address; write another one'
    : typeof runId === 'string'
      ? flawOf(runId)
      : 'is not a text';
  if (flaw !== undefined) wrong(`The run's id ${show(runId)} ${flaw}.`);
};

const RUN_OPTIONS = ['inputs', 'runId', 'hooks', 'config', 'cache', 'signal', 'appData', 'estimates', 'weight'];

export const checkRunOptions = (options: RunOptions): void =>
  reading(() => {
    checkKeys("The run's options", options, RUN_OPTIONS);
    const { runId, signal, cache, hooks, estimates, weight = 1 } = options;
    if (runId !== undefined) checkNewRunId(runId);
    checkPort('signal', signal, 'an AbortSignal', 'addEventListener', 'removeEventListener');
    if (cache !== undefined && !(cache instanceof Cache)) wrong(`The cache is ${show(cache)}; give a Cache.`);
    if (!(Number.isFinite(weight) && weight > 0)) wrong(`weight is ${show(weight)}; give a number above 0.`);
    checkEstimates(estimates);
    checkHooks(hooks);
  });

/** Estimates are two maps of durations. */
export const checkEstimates = (estimates: Estimates | undefined): void => {
  if (estimates === undefined) return;
  const { nodes, actions } = Object(estimates) as Estimates;
  if (!(nodes instanceof Map && actions instanceof Map))
    wrong(
      `The estimates are ${show(estimates)} without maps of nodes and actions; learnEstimates gives an Either of such.`,
    );
  for (const [name, ms] of [...nodes, ...actions])
    if (!(Number.isFinite(ms) && ms >= 0)) wrong(`The estimate of ${show(name)} is ${show(ms)}; give a number from 0.`);
};

const checkHooks = (hooks: readonly Hook[] | undefined): void => {
  const form = 'a hook is a function from events to commands, or an object with a name and methods';
  if (hooks === undefined) return;
  if (!Array.isArray(hooks)) wrong(`The hooks are ${show(hooks)}, not a list; ${form}.`);
  for (const [i, hook] of (hooks as readonly unknown[]).entries()) {
    if (typeof hook === 'function') continue;
    if (typeof hook !== 'object' || hook === null) wrong(`Hook #${i} is ${show(hook)}; ${form}.`);
    let name: unknown;
    try {
      ({ name } = hook as { name?: unknown });
    } catch (error) {
      wrong(`The name of hook #${i} can't be read: ${failureOf(error).message}.`);
    }
    if (name !== undefined && typeof name !== 'string')
      wrong(`The name of hook #${i} is ${show(name)}, not a text; ${form}.`);
  }
};

/** Decodes settings. */
export const checkConfig = (config: Partial<DagConfig> | undefined): Partial<DagConfig> => {
  let decoded: ReturnType<typeof PartialDagConfig.decode>;
  try {
    decoded = PartialDagConfig.decode(config ?? {});
  } catch (error) {
    return wrong(`The config can't be read: ${failureOf(error).message}.`);
  }
  return decoded._tag === 'Right'
    ? decoded.right
    : wrong(`The config is not right: ${explain(decoded.left).join('; ')}.`);
};

/** A run's inputs as JSON: those in the cache under `inputs`, and over them the given ones. */
export const inputsFrom = ({ inputs = {}, cache }: RunOptions): Readonly<Record<string, Json>> => {
  let given: Json;
  try {
    given = toJson(inputs);
  } catch (error) {
    return wrong(`The inputs are not JSON: ${failureOf(error).message}.`);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return wrong(`The inputs are ${show(inputs)}; write an object.`);
  return Object.freeze({ ...cache?.getNode('inputs'), ...(given as Readonly<Record<string, Json>>) });
};
