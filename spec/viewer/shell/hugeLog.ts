import type { ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import { defaultConfig } from '../../../lib/model/DagConfig.js';
import type { NodeSpec } from '../../../lib/model/NodeSpec.js';

/** Graphs that give a viewer different work: layers of mixed nodes, one fan-out, a single chain, nodes that have nothing in common. */
export const hugeKinds = ['layers', 'fan', 'chain', 'loose', 'wild'] as const;
export type HugeKind = (typeof hugeKinds)[number];

/** The log of a run of so many nodes that has begun. */
export const hugeLog = (kind: HugeKind, size: number): readonly ExecutionEvent[] => {
  let state = 7;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const kinds = ['load', 'clean', 'join', 'train', 'report'];
  const ids: string[] = Array.from({ length: size }, (_, i) =>
    kind === 'loose' || kind === 'wild' ? `${((i * 7_919) % size).toString(36)}${i}` : `${kinds[i % 5]}.part[${i}]`,
  );
  const layer = Math.ceil(size / 12);
  const depsOf = (i: number): string[] => {
    if (i === 0 || kind === 'loose') return [];
    if (kind === 'chain') return [ids[i - 1]!];
    if (kind === 'fan') return i < size - 1 ? [ids[0]!] : ids.slice(1, size - 1);
    const before = kind === 'layers' ? Math.floor(i / layer) * layer : i;
    const from = kind === 'layers' ? before - layer : Math.max(0, i - 10_000);
    if (before === 0) return [];
    const first = from + Math.floor(random() * (before - from));
    const second = from + Math.floor(random() * (before - from));
    return random() < 0.5 && first !== second ? [ids[first]!, ids[second]!] : [ids[first]!];
  };
  const nodes: NodeSpec[] = ids.map((id, i) => ({
    id,
    action: kind === 'loose' || kind === 'wild' ? `act-${id}` : kinds[kind === 'fan' ? 0 : i % 5]!,
    deps: depsOf(i),
  }));
  return [
    {
      seq: 1,
      at: 1_750_000_000_000,
      type: 'RunStarted',
      format: 1,
      runId: 'huge',
      dagName: kind,
      definition: { name: kind, nodes },
      inputs: {},
      config: { ...defaultConfig, maxNodes: size },
    },
  ];
};
