import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import type { Case } from '../support/Case.js';
import { depsOf } from '../support/reference.js';

/** Makes a failing plan as small as it gets while it still fails: fewer commands, hooks and nodes, plainer ones. */
export const shrink = async (c: Case, fails: (smaller: Case) => Promise<boolean>, budgetMs = 20_000): Promise<Case> => {
  const until = Date.now() + budgetMs;
  let best = c;
  const attempt = async (smaller: Case): Promise<boolean> => {
    if (Date.now() > until || !(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  for (let before = ''; before !== JSON.stringify(best) && Date.now() < until;) {
    before = JSON.stringify(best);
    await dropFrom(
      () => best.commands,
      (commands) => attempt({ ...best, commands }),
    );
    await dropFrom(
      () => best.hooks,
      (hooks) => attempt({ ...best, hooks }),
    );
    await dropFrom(
      () => best.graph.nodes,
      (nodes) => attempt(withNodes(best, nodes)),
    );
    for (const key of Object.keys(best.config)) {
      const { [key as keyof Case['config']]: _, ...config } = best.config;
      await attempt({ ...best, config });
    }
    for (const { id } of best.graph.nodes)
      for (const key of [
        'branch',
        'priority',
        'estimateMs',
        'pool',
        'when',
        'runIf',
        'onFailure',
        'retry',
        'tryCount',
        'failureAction',
        'forEach',
        'idleTimeoutMs',
        'inputs',
        'deps',
      ] as const) {
        const node = best.graph.nodes.find((other) => other.id === id);
        if (node === undefined || node[key] === undefined) continue;
        const { [key]: _, ...plainer } = node;
        await attempt(
          withNodes(
            best,
            best.graph.nodes.map((other) => (other.id === id ? plainer : other)),
          ),
        );
      }
    for (const [id, behaviour] of best.behaviours)
      if (behaviour.ms > 1 || behaviour.progress !== undefined)
        await attempt({
          ...best,
          behaviours: best.behaviours.map(([other, own]) => [other, other === id ? { ms: 1, fails: own.fails } : own]),
        });
    if (best.library.length > 0) await attempt({ ...best, library: [] });
    if (best.storeTurns !== undefined) {
      const { storeTurns: _, ...without } = best;
      await attempt(without);
    }
  }
  return best;
};

/** Drops runs of items, long ones first. */
const dropFrom = async <T>(
  items: () => readonly T[],
  attempt: (left: readonly T[]) => Promise<boolean>,
): Promise<void> => {
  for (let size = Math.ceil(items().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < items().length;) if (!(await attempt(items().toSpliced(at, size)))) at += size;
};

/** A plan with these nodes alone: what named the others names nothing. */
const withNodes = (c: Case, nodes: readonly NodeSpec[]): Case => {
  const ids = new Set(nodes.map(({ id }) => id!));
  const known = (id: string): boolean => ids.has(id);
  const kept = nodes.map((node): NodeSpec => {
    let spec: NodeSpec = { ...node, ...(node.deps === undefined ? {} : { deps: node.deps.filter(known) }) };
    for (const key of ['when', 'forEach'] as const)
      if (spec[key] !== undefined && depsOf({ action: '', [key]: spec[key] }, known).some((id) => !ids.has(id))) {
        const { [key]: _, ...without } = spec;
        spec = without;
      }
    if (spec.inputs === undefined) return spec;
    const inputs = Object.entries(spec.inputs).filter(([, value]) =>
      depsOf({ action: '', inputs: { value } }, known).every((id) => ids.has(id)),
    );
    return { ...spec, inputs: Object.fromEntries(inputs) };
  });
  return { ...c, graph: { ...c.graph, nodes: kept }, behaviours: c.behaviours.filter(([id]) => ids.has(id)) };
};
