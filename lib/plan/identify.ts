import { show } from '../model/explain.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { Findings } from './Findings.js';
import type { Plan } from './Plan.js';

type PlanNode = Plan['nodes'][number];

/** Fills in the ids that are absent; an id that several nodes have stands for the first of them. */
export const identify = (
  specs: readonly NodeSpec[],
  findings: Findings,
): { readonly nodes: readonly PlanNode[]; readonly indexOf: Map<string, number> } => {
  const indexOf = new Map<string, number>();
  let named = 0;
  for (let i = 0; i < specs.length; i++) {
    const { id } = specs[i]!;
    if (id === undefined) continue;
    indexOf.set(id, i);
    named++;
  }
  if (indexOf.size < named) tellRepeats(specs, indexOf, findings);
  if (named === specs.length) return { nodes: specs as readonly PlanNode[], indexOf };
  const counters = new Map<string, number>();
  const nodes = specs.map((spec, i) => {
    if (spec.id !== undefined) return spec as PlanNode;
    let n = counters.get(spec.action) ?? 0;
    let id: string;
    do id = `${spec.action}_${++n}`;
    while (indexOf.has(id));
    counters.set(spec.action, n);
    indexOf.set(id, i);
    return Object.freeze({ id, ...spec });
  });
  return { nodes: Object.freeze(nodes), indexOf };
};

/** Names each id that several nodes have; it stands for the first of them. */
const tellRepeats = (specs: readonly NodeSpec[], indexOf: Map<string, number>, findings: Findings): void => {
  const places = new Map<string, number[]>();
  specs.forEach(({ id }, i) => {
    if (id === undefined) return;
    const known = places.get(id);
    if (known === undefined) places.set(id, [i]);
    else known.push(i);
  });
  for (const [id, at] of places) {
    indexOf.set(id, at[0]!);
    if (at.length < 2) continue;
    const message = (): string => `The id ${show(id)} is given to ${at.length} nodes; give each an id of its own.`;
    findings.add(
      'DuplicateId',
      message,
      id,
      at.slice(0, 10).map((i) => `nodes[${i}].id`),
    );
  }
};
