import type { NodeSpec } from '../model/NodeSpec.js';

/** What makes a node more than one run of an action. */
export interface NodeKind {
  /** As pipeline files call it. */
  readonly name: string;
  /** In a few words. */
  readonly meaning: string;
  /** Its sign as strokes in a box of 12 by 12. */
  readonly sign: string;
}

const human: NodeKind = {
  name: 'human.input',
  meaning: 'waits for a person',
  sign: 'M6 1.5a2 2 0 1 0 .01 0zM2 10.8c0-4.6 8-4.6 8 0',
};
const subDag: NodeKind = {
  name: 'dag',
  meaning: 'runs another DAG',
  sign: 'M1 4.5h3v3H1zM8.5 1h2.5v2.5H8.5zM8.5 8.5h2.5v2.5H8.5zM4 6h2M8.5 2.2H6v7.6h2.5',
};
const forEach: NodeKind = {
  name: 'for_each',
  meaning: 'once for each item',
  sign: 'M1.5 2.5h.8M4.8 2.5h6M1.5 6h.8M4.8 6h6M1.5 9.5h.8M4.8 9.5h6',
};
const when: NodeKind = {
  name: 'when',
  meaning: 'skipped unless its condition is met',
  sign: 'M6 .8L11.2 6 6 11.2.8 6z',
};

/** All kinds, in the order in which they are told. */
export const nodeKinds: readonly NodeKind[] = [human, subDag, forEach, when];

/** The kinds that a node is of: mostly none. */
export const kindsOf = (spec: NodeSpec): readonly NodeKind[] => {
  const kinds: NodeKind[] = [];
  if (spec.action === human.name) kinds.push(human);
  if (spec.action === subDag.name) kinds.push(subDag);
  if (spec.forEach !== undefined) kinds.push(forEach);
  if (spec.when !== undefined) kinds.push(when);
  return kinds;
};

/** A node's action and what its kinds add to that: `resize · for_each`. */
export const actionText = (spec: NodeSpec, kinds: readonly NodeKind[]): string =>
  [spec.action, ...kinds.map(({ name }) => name).filter((name) => name !== spec.action)].join(' · ');
