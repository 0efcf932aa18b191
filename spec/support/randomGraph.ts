import type { DagConfig } from '../../lib/model/DagConfig.js';
import type { Graph } from '../../lib/model/Graph.js';
import type { NodeSpec, RunIf } from '../../lib/model/NodeSpec.js';
import type { InputValue, Ref } from '../../lib/model/Ref.js';
import type { RetryStrategy } from '../../lib/model/RetryStrategy.js';
import { random, type Random } from '../../lib/testing/random.js';
import type { Behaviour, Case } from './Case.js';

export interface GraphOptions {
  /** How many nodes; by default 3 to 40 for 95 % of the seeds and up to 400 for the rest. */
  readonly size?: number;
  /** Whether nodes may expand into others (fan-out, sub-DAG, failure action). @default true */
  readonly expands?: boolean;
  /** Whether nodes may wait for people. @default true */
  readonly asks?: boolean;
}

type Shape = 'layered' | 'random' | 'chain' | 'fan';

const LABELS = ['left', 'right', 'sink'];
const PLAIN_ID = /^[nm]\d+$/;
const ODD_IDS = ['__proto__', 'constructor', 'a.b', 'a.b[0]', 'ünï çode', 'toString', 'x y', '0'];

/** A definition with every feature of the model in it, and how its nodes behave: the same for the same seed. */
export const randomCase = (seed: number, options: GraphOptions = {}): Case => {
  const r = random(seed);
  const size = options.size ?? (r.chance(0.05) ? r.int(41, 400) : r.int(3, 40));
  const { expands = true, asks = true } = options;
  const failRate = r.pick([0, 0, 0.05, 0.1, 0.2, 0.3]);
  const hangRate = r.pick([0, 0, 0, 0.02, 0.05]);
  const pools: Record<string, number> = r.chance(0.4) ? { db: r.int(1, 2), net: r.int(1, 4) } : {};
  const ids = idsFor(r, size);
  const edges = edgesFor(r, r.pick<Shape>(['layered', 'layered', 'random', 'random', 'chain', 'fan']), size);
  const behaviours: (readonly [string, Behaviour])[] = [];
  const nodes = ids.map((id, i): NodeSpec => {
    const behaviour = behaviourFor(r, failRate, hangRate);
    behaviours.push([id, behaviour]);
    return nodeFor(
      r,
      id,
      edges[i]!.map((dep) => ids[dep]!),
      behaviour,
      pools,
      { expands: expands && PLAIN_ID.test(id), asks },
    );
  });
  const library = expands ? libraryFor(r, pools) : [];
  const config = configFor(r, pools);
  return {
    seed,
    graph: { name: 'main', nodes: r.chance(0.3) ? shuffled(r, nodes) : nodes },
    library,
    inputs: { word: 'hello', list: [1, 2, 3] },
    config,
    behaviours,
    failRate: failRate / 2,
    hooks: [],
    commands: [],
  };
};

const configFor = (r: Random, pools: Record<string, number>): Partial<DagConfig> => ({
  maxParallelNodes: r.pick([1, 2, 3, 3, 5, 8, 1_000]),
  enableParallelExecution: !r.chance(0.05),
  maxAttempts: r.int(1, 4),
  retryStrategy: strategyFor(r),
  onFailure: r.pick(['Continue', 'Continue', 'Continue', 'Continue', 'Continue', 'Continue', 'Pause', 'Stop']),
  pools,
  humanWaitMs: r.chance(0.8) ? r.int(1, 60) + 0.5 : null,
  humanTimeoutAction: r.chance(0.8) ? 'Autopilot' : 'Pause',
});

const idsFor = (r: Random, size: number): readonly string[] => {
  const ids = Array.from({ length: size }, (_, i) => `n${i}`);
  if (r.chance(0.1)) for (const odd of ODD_IDS) if (r.chance(0.3)) ids[r.int(0, size - 1)] = odd;
  return [...new Set(ids)].concat(Array.from({ length: size - new Set(ids).size }, (_, i) => `m${i}`));
};

/** For each node, the earlier nodes that it depends on. */
const edgesFor = (r: Random, shape: Shape, size: number): readonly (readonly number[])[] => {
  const width = r.int(2, 8);
  const edges = Array.from({ length: size }, (_, i): number[] => {
    if (i === 0) return [];
    switch (shape) {
      case 'chain':
        return [i - 1];
      case 'fan':
        return i < size - 1 ? [0] : Array.from({ length: i - 1 }, (_, k) => k + 1);
      case 'layered': {
        const layer = Math.floor(i / width);
        if (layer === 0) return [];
        return Array.from({ length: r.int(1, 3) }, () => (layer - 1) * width + r.int(0, width - 1));
      }
      case 'random':
        return Array.from({ length: r.int(0, 3) }, () => r.int(Math.max(0, i - 12), i - 1));
    }
  });
  return edges.map((deps) => [...new Set(deps)]);
};

const behaviourFor = (r: Random, failRate: number, hangRate: number): Behaviour => ({
  ms: r.chance(0.2) ? 0 : r.int(1, 30),
  fails: r.chance(failRate) ? r.pick([1, 1, 2, 99]) : 0,
  ...(r.chance(hangRate) ? { hangs: true } : {}),
  ...(r.chance(0.2) ? { progress: r.int(1, 3) } : {}),
});

const strategyFor = (r: Random): RetryStrategy =>
  r.pick<RetryStrategy>([
    { type: 'Immediate' },
    { type: 'Linear', delayMs: r.int(1, 40) },
    { type: 'Exponential', initialDelayMs: r.int(1, 20), maxDelayMs: 50, multiplier: 2 },
  ]);

const refTo = (r: Random, id: string, path: 'n' | 'ok' | 'list' | 'id'): Ref =>
  /^\w+$/.test(id) && r.chance(0.7) ? { $ref: `${id}.${path}` } : { $ref: `${id}.${path}`, node: id, path: [path] };

const nodeFor = (
  r: Random,
  id: string,
  wanted: readonly string[],
  behaviour: Behaviour,
  pools: Record<string, number>,
  { expands, asks }: { readonly expands: boolean; readonly asks: boolean },
): NodeSpec => {
  const inputs: Record<string, InputValue> = {};
  const deps: string[] = [];
  for (const [i, dep] of wanted.entries()) {
    const how = r();
    if (how < 0.25) inputs[`in${i}`] = refTo(r, dep, r.pick(['n', 'ok', 'id']));
    else if (how < 0.3) inputs[`in${i}`] = { deep: [1, { of: refTo(r, dep, 'list') }] };
    if (how >= 0.3 || r.chance(0.2)) deps.push(dep);
  }
  if (r.chance(0.1)) inputs['word'] = { $ref: 'inputs.word' };
  if (r.chance(0.03)) inputs['plain'] = { $literal: { $ref: 'nothing' } };
  const some = wanted.length > 0 ? r.pick(wanted) : undefined;
  let spec: { -readonly [K in keyof NodeSpec]: NodeSpec[K] } = { id, action: 'work' };
  const kind = r();
  if (expands && kind < 0.03 && some !== undefined) spec.forEach = refTo(r, some, r.chance(0.9) ? 'list' : 'n');
  else if (expands && kind < 0.045) spec.forEach = { $ref: 'inputs.list' };
  else if (expands && kind < 0.075) {
    spec = { id, action: 'dag' };
    inputs['dag'] = r.chance(0.95) ? r.pick(['small', 'nested']) : 'unknown';
    inputs['inputs'] = { x: some === undefined ? 1 : refTo(r, some, 'n') };
  } else if (asks && kind < 0.1) {
    spec = { id, action: 'human.input' };
    inputs['default'] = r.int(1, 9);
  }
  if (deps.length > 0 || r.chance(0.3)) spec.deps = deps;
  if (Object.keys(inputs).length > 0) spec.inputs = inputs;
  if (r.chance(0.15)) spec.runIf = r.pick<RunIf>(['anySucceeded', 'allDone', 'allSucceeded']);
  if (some !== undefined && r.chance(0.05))
    spec.when = { ...refTo(r, some, 'ok'), ...(r.chance(0.3) ? { not: true } : {}) };
  else if (some !== undefined && r.chance(0.02)) spec.when = { ...refTo(r, some, 'n'), equals: r.int(0, 6) };
  if (r.chance(0.2)) spec.branch = r.pick(LABELS);
  if (r.chance(0.2)) spec.priority = r.int(-2, 5);
  if (r.chance(0.1)) spec.estimateMs = r.int(0, 20);
  const names = Object.keys(pools);
  if (names.length > 0 && r.chance(0.3)) spec.pool = r.pick(names);
  if (r.chance(behaviour.fails > 0 ? 0.6 : 0.1)) spec.tryCount = r.int(2, 4);
  if (spec.tryCount !== undefined && r.chance(0.5)) spec.retry = strategyFor(r);
  if (r.chance(0.12)) spec.onFailure = 'continue';
  if (expands && r.chance(0.03)) spec.failureAction = 'work';
  if (behaviour.hangs === true || r.chance(0.08)) spec.timeoutMs = r.int(1, 40) + 0.25;
  else if (r.chance(0.06)) spec.idleTimeoutMs = r.int(3, 30) + 0.125;
  return spec;
};

/** Two DAGs for `dag` nodes to expand into; the second one holds the first. */
const libraryFor = (r: Random, pools: Record<string, number>): readonly Graph[] => {
  const sub = (name: string, more: readonly NodeSpec[]): Graph => {
    const size = r.int(1, 4);
    const nodes = Array.from({ length: size }, (_, i): NodeSpec => {
      const behaviour = { ms: 1, fails: 0 };
      const deps = Array.from({ length: i }, (_, k) => `k${k}`).filter(() => r.chance(0.4));
      const spec = nodeFor(r, `k${i}`, deps, behaviour, pools, { expands: false, asks: false });
      const { timeoutMs: _a, idleTimeoutMs: _b, ...rest } = spec;
      return r.chance(0.3) ? { ...rest, inputs: { ...rest.inputs, x: { $ref: 'inputs.x' } } } : rest;
    });
    return { name, nodes: [...nodes, ...more] };
  };
  return [
    sub('small', []),
    sub('nested', [
      { id: 'inner', action: 'dag', inputs: { dag: 'small', inputs: { x: { $ref: 'inputs.x' } } } },
      { id: 'each', action: 'work', forEach: { $ref: 'k0.list' } },
    ]),
  ];
};

export const shuffled = <T>(r: Random, items: readonly T[]): readonly T[] => {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const k = r.int(0, i);
    [copy[i], copy[k]] = [copy[k]!, copy[i]!];
  }
  return copy;
};
