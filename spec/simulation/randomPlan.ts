import type { ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import { random, type Random } from '../../lib/testing/random.js';
import type { Case, HookPlan, Trigger } from '../support/Case.js';
import { randomCase } from '../support/randomGraph.js';

const BRANCHES = ['left', 'right', 'sink'];

/** The whole plan of one simulated run. */
export const planFor = (seed: number): Case => {
  const c = randomCase(seed);
  const r = random(seed ^ 0x5eed);
  const kind = r();
  const hooks = kind < 0.4 || kind >= 0.9 ? hooksFor(r, c) : [];
  const commands = kind >= 0.3 && kind < 0.6 ? commandsFor(r, c) : [];
  const config: Case['config'] = {
    ...c.config,
    ...(r.chance(0.05) ? { onHookError: 'failRun' as const } : {}),
    ...(r.chance(0.1) ? { hookTimeoutMs: r.int(5, 500) } : {}),
    ...(hooks.some((hook) => hook.kind === 'floods') ? { commandBudget: r.int(1, 60) } : {}),
    ...(r.chance(0.03) ? { redact: r.pick([['n'], ['ok', 'l*']]) } : {}),
  };
  return { ...c, config, hooks, commands, ...(r.chance(0.02) ? { storeTurns: r.int(0, 2) } : {}) };
};

const commandsFor = (r: Random, c: Case): Case['commands'] => {
  let atMs = 0.5;
  // Each at a fraction of its own, so that nothing else happens at the same time.
  return Array.from({ length: r.int(1, 12) }, () => {
    atMs += (r.chance(0.3) ? 1 : r.int(1, 25)) + 1 / 1_024;
    return { atMs, command: randomCommand(r, c) };
  });
};

const hooksFor = (r: Random, c: Case): readonly HookPlan[] => {
  const hooks = Array.from({ length: r.pick([1, 1, 1, 2, 3]) }, () => hookFor(r, c));
  return hooks.some(({ kind }) => kind === 'gate') && r.chance(0.5) ? [...hooks, ...flapping(r)] : hooks;
};

/** Pauses the run or a branch while a gate may be thinking, and lets it go on soon. */
const flapping = (r: Random): readonly HookPlan[] => {
  const branchId = r.pick(BRANCHES);
  const run = r.chance(0.5);
  const say = (on: ExecutionEvent['type'], nth: number, command: ExecutorCommand): HookPlan => ({
    kind: 'answers',
    form: 'operator',
    trigger: { on, nth },
    commands: [command],
    ...(r.chance(0.8) ? { delayMs: r.int(0, 6) + 0.75 } : {}),
  });
  return [
    say('NodeStarting', r.int(1, 6), run ? { type: 'PauseRun' } : { type: 'PauseBranch', branchId }),
    say(run ? 'RunPaused' : 'BranchPaused', 1, run ? { type: 'ResumeRun' } : { type: 'ResumeBranch', branchId }),
  ];
};

const triggerFor = (r: Random): Trigger => ({
  on: r.pick<ExecutionEvent['type']>([
    'RunStarted',
    'NodeStarted',
    'NodeStarted',
    'NodeSucceeded',
    'NodeSucceeded',
    'NodeSucceeded',
    'NodeFailed',
    'NodeSkipped',
    'NodeRetryScheduled',
    'NodeWaiting',
    'RunQuiescent',
    'RunPaused',
  ]),
  nth: r.int(1, 6),
});

const hookFor = (r: Random, c: Case): HookPlan => {
  const form = r.pick(['operator', 'methods'] as const);
  const kind = r();
  if (kind < 0.55)
    return {
      kind: 'answers',
      form,
      trigger: triggerFor(r),
      commands: Array.from({ length: r.pick([1, 1, 1, 2, 4]) }, () => randomCommand(r, c)),
      ...(r.chance(0.4) ? { delayMs: r.int(0, 30) + 0.75 } : {}),
    };
  if (kind < 0.67) return { kind: 'retries', form, times: r.int(1, 5) };
  if (kind < 0.7) return { kind: 'floods', form };
  if (kind < 0.85)
    return {
      kind: 'gate',
      every: r.int(1, 6),
      answer: r.pick(['proceed', 'proceed', 'inputs', 'skip', 'output', 'fail', 'throws', 'never']),
      ...(r.chance(0.5) ? { delayMs: r.int(0, 20) + 0.875 } : {}),
    };
  return {
    kind: 'fails',
    how: r.pick(['throws', 'errors', 'never', 'nonsense', 'gate']),
    trigger: triggerFor(r),
    ...(r.chance(0.5) ? { observe: true } : {}),
  };
};

/** A command that may well make sense for this graph. */
export const randomCommand = (r: Random, c: Case): ExecutorCommand => {
  const known = c.graph.nodes.map(({ id }) => id!);
  const id = (): string => {
    const kind = r();
    if (kind < 0.8) return r.pick(known);
    if (kind < 0.9) return r.pick(['x0', 'x1', 'x2', 'x3', 'x4', 'x5']);
    return `${r.pick(known)}${r.pick(['[0]', '[1]', '/k0', '.failure', '/inner/k0', '?'])}`;
  };
  const spec = (): NodeSpec => ({
    id: r.chance(0.9) ? `x${r.int(0, 5)}` : id(),
    action: r.chance(0.96) ? 'work' : r.pick(['nothing', 'human.input', 'dag']),
    deps: Array.from({ length: r.int(0, 2) }, id).filter((dep, i, all) => all.indexOf(dep) === i),
    ...(r.chance(0.2) ? { inputs: { a: { $ref: `${id()}.n` } } } : {}),
    ...(r.chance(0.2) ? { branch: r.pick(BRANCHES) } : {}),
    ...(r.chance(0.2) ? { priority: r.int(0, 5) } : {}),
    ...(r.chance(0.2) ? { runIf: r.pick(['anySucceeded', 'allDone'] as const) } : {}),
    ...(r.chance(0.1) ? { tryCount: 2 } : {}),
    ...(r.chance(0.1) ? { pool: r.pick(['db', 'net']) } : {}),
    ...(r.chance(0.1) ? { onFailure: 'continue' as const } : {}),
  });
  const branch = (): string => (r.chance(0.6) ? r.pick(BRANCHES) : id());
  switch (r.int(0, 19)) {
    case 0:
    case 1:
      return { type: 'AddNode', spec: spec() };
    case 2:
      return { type: 'AddNodes', specs: Array.from({ length: r.int(0, 3) }, spec) };
    case 3:
      return { type: 'RemoveNode', nodeId: id() };
    case 4:
    case 5:
      return { type: 'AddDependency', from: id(), to: id() };
    case 6:
      return { type: 'SetNodeInputs', nodeId: id(), inputs: r.chance(0.5) ? { a: 1 } : { a: { $ref: `${id()}.ok` } } };
    case 7:
      return { type: 'SkipNode', nodeId: id(), ...(r.chance(0.5) ? { output: { n: 1, ok: true, list: [1] } } : {}) };
    case 8:
    case 9:
      return { type: 'RetryNode', nodeId: id() };
    case 10:
    case 11:
      return { type: 'PauseBranch', branchId: branch() };
    case 12:
    case 13:
      return { type: 'ResumeBranch', branchId: branch() };
    case 14:
      return r.chance(0.5)
        ? { type: 'CancelBranch', branchId: branch() }
        : { type: 'ProvideInput', nodeId: id(), value: 5 };
    case 15:
      return { type: 'PauseRun' };
    case 16:
      return { type: 'ResumeRun' };
    case 17:
      return { type: 'SetConcurrency', maxParallelNodes: r.int(1, 6) };
    case 18:
      return { type: 'SetPriority', nodeId: id(), priority: r.int(-3, 6) };
    default:
      return r.chance(0.15)
        ? { type: 'CancelRun' }
        : r.pick<ExecutorCommand>([
            { type: 'UpdateMetrics', metrics: { a: r.int(0, 3) } },
            { type: 'EmitEvent', name: 'note', payload: { n: r.int(0, 3) } },
            { type: 'PauseRun', dagName: 'another' },
          ]);
  }
};
