import { compile, type NodeSpec, type Plan } from '../../lib/index.js';
import { random } from '../../lib/testing/index.js';
import { node } from './logOf.js';

/** The plan of nodes whose actions nobody needs. */
export const planOf = (nodes: readonly NodeSpec[], config = {}): Plan => {
  const compiled = compile({ name: 'plan', nodes, config }, { has: () => true, list: () => [] });
  if (compiled._tag === 'Left') throw new Error(compiled.left[0]!.message);
  return compiled.right;
};

/** Nodes as `c: a b`, each with how long it takes in seconds. */
export const planIn = (seconds: Readonly<Record<string, number>>, config = {}): Plan =>
  planOf(
    Object.entries(seconds).map(([text, s]) => node(text, { estimateMs: s * 1_000 })),
    config,
  );

/**
 * A random plan: layers of nodes that depend on some of those before, with few or many different durations; with pools,
 * each node may be in one of them.
 */
export const randomPlan = (seed: number, size: number, pools: Readonly<Record<string, number>> = {}): Plan => {
  const chance = random(seed);
  const near = chance.int(1, size);
  const longest = chance.pick([3, 10_000]);
  const names = Object.keys(pools);
  const nodes = Array.from({ length: size }, (_, i): NodeSpec => {
    const deps = Array.from({ length: chance.int(0, 3) }, () => `n${Math.max(0, i - chance.int(1, near))}`);
    return {
      id: `n${i}`,
      action: 'work',
      deps: i === 0 ? [] : [...new Set(deps)],
      estimateMs: chance.int(0, longest),
      ...(names.length > 0 && chance.int(0, 2) > 0 ? { pool: chance.pick(names) } : {}),
    };
  });
  return planOf(nodes, names.length > 0 ? { pools } : {});
};
