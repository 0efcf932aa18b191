import type { Waiting } from '../model/ExecutorSnapshot.js';
import { depsOf } from './adjacency.js';
import * as N from './NodeRecord.js';
import { holdsSlot } from './RunState.js';
import { graphOf } from './Inner.js';
import type { Snapshot } from './Snapshot.js';

/** Everything that holds a node back at this moment; undefined once it runs or has ended. */
export const whyNotStarted = (snapshot: Snapshot, index: number): Waiting | undefined => {
  const { inner } = snapshot;
  const { nodes, tallies, frame } = inner;
  const record = nodes.get(index);
  const on: Waiting['on'][number][] = [];
  if (record.status === N.RUNNING || N.kindOf(record) !== N.OPEN) return undefined;
  if (snapshot.status === 'paused') on.push({ run: 'paused' });
  if (snapshot.status === 'cancelling') on.push({ run: 'cancelling' });
  if (record.status === N.WAITING) {
    if (record.extra?.waitingOn === 'input') on.push({ input: true });
    else
      for (const child of frame.table!.children.get(index) ?? [])
        if (child < nodes.size && N.kindOf(nodes.get(child)) === N.OPEN)
          on.push({ dependency: nodes.get(child).spec.id });
    return { on };
  }
  if (record.status === N.STARTING) for (const gate of record.extra?.heldBy ?? []) on.push({ gate });
  for (const dep of depsOf(graphOf(inner), index)) {
    const { spec, extra } = nodes.get(dep);
    if (N.kindOf(nodes.get(dep)) === N.OPEN) on.push({ dependency: spec.id });
    else for (const hook of extra?.heldBy ?? []) on.push({ hook });
  }
  for (let i = 0; i < frame.branches.size; i++) {
    const branch = frame.branches.get(i);
    if (branch.status === 'paused' && isMember(snapshot, branch.id, index)) on.push({ branch: branch.id });
  }
  if (record.status === N.RETRYING && record.extra?.retryAt !== undefined) on.push({ retryAt: record.extra.retryAt });
  if (record.status === N.READY || record.status === N.RETRYING) {
    if (tallies[N.RUNNING]! + tallies[N.STARTING]! >= snapshot.maxParallelNodes)
      on.push({ slot: snapshot.maxParallelNodes });
    const { pool } = record.spec;
    if (pool !== undefined) {
      let used = 0;
      for (let i = 0; i < nodes.size; i++)
        if (nodes.get(i).spec.pool === pool && holdsSlot(nodes.get(i).status)) used++;
      if (used >= (frame.config.pools[pool] ?? Infinity)) on.push({ pool });
    }
  }
  return { on };
};

/** Whether a node belongs to a branch: by label, by standing below the node of that id, or through its parent. */
const isMember = ({ inner }: Snapshot, branch: string, index: number): boolean => {
  const graph = graphOf(inner);
  const seen = new Set<number>([index]);
  const work = [index];
  const family = new Set<number>(); // the node and its parents: where a label counts
  for (let i: number | undefined = index; i !== undefined;) {
    family.add(i);
    const { parent }: { parent?: string } = inner.nodes.get(i).spec;
    i = parent === undefined ? undefined : inner.frame.table!.find(parent, inner.nodes.size);
  }
  while (work.length > 0) {
    const at = work.pop()!;
    const { spec } = inner.nodes.get(at);
    if (spec.id === branch || (family.has(at) && spec.branch === branch)) return true;
    const parent = spec.parent === undefined ? undefined : inner.frame.table!.find(spec.parent, inner.nodes.size);
    for (const up of [...depsOf(graph, at), ...(parent === undefined ? [] : [parent])])
      if (!seen.has(up)) {
        seen.add(up);
        work.push(up);
      }
  }
  return false;
};
