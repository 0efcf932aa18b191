import type { EventBody } from '../model/ExecutionEvent.js';
import { depsOf, outsOf } from './adjacency.js';
import { isCut } from './branches.js';
import * as N from './NodeRecord.js';
import type { RunState } from './RunState.js';

/**
 * The events of trying a failed or cancelled node again. Its failed parents go back to waiting, its failed children are
 * tried again with it, and every node that was skipped because of one of them is revived, if nothing else bad stands in
 * its way. What has run is not run again.
 */
export const retry = (state: RunState, index: number): readonly EventBody[] => {
  const bodies: EventBody[] = [];
  const open = new Set<number>(); // what is no longer bad
  const again = (at: number): void => {
    if (open.has(at)) return;
    open.add(at);
    const revived = revive(state, at, open);
    bodies.push({
      type: 'NodeRetried',
      nodeId: state.nodes.get(at).spec.id,
      revived: Object.freeze(revived.map((i) => state.nodes.get(i).spec.id)),
    });
    const { extra, spec } = state.nodes.get(at);
    if (state.table!.children.has(at) && extra?.waitingOn !== undefined && extra.waitingOn !== 'input')
      bodies.push({ type: 'NodeWaiting', nodeId: spec.id, on: extra.waitingOn });
  };
  const parents: number[] = [];
  for (let { parent } = state.nodes.get(index).spec; parent !== undefined;) {
    const up = state.find(parent)!;
    if (isOver(state, up)) parents.unshift(up);
    parent = state.nodes.get(up).spec.parent;
  }
  for (const up of parents) again(up);
  const work = [index];
  while (work.length > 0) {
    const at = work.shift()!;
    again(at);
    for (const child of state.table!.children.get(at) ?? [])
      if (isOver(state, child) && !isCut(state, child)) work.push(child);
  }
  return bodies;
};

const isOver = (state: RunState, index: number): boolean => {
  const { status } = state.nodes.get(index);
  return status === N.FAILED || status === N.CANCELLED;
};

/** Nodes skipped by failure that can hope again now that the `open` ones are tried again, in causal order; added to `open`. */
const revive = (state: RunState, index: number, open: Set<number>): readonly number[] => {
  const revived: number[] = [];
  const work = [index];
  for (let head = 0; head < work.length; head++)
    for (const out of outsOf(state, work[head]!)) {
      const record = state.nodes.get(out);
      if (open.has(out) || record.status !== N.SKIPPED || N.kindOf(record) !== N.BAD) continue;
      if (isCut(state, out) || !canHope(state, out, open)) continue;
      open.add(out);
      revived.push(out);
      work.push(out);
    }
  return revived;
};

const canHope = (state: RunState, index: number, open: ReadonlySet<number>): boolean => {
  const any = state.nodes.get(index).spec.runIf === 'anySucceeded';
  for (const dep of depsOf(state, index)) {
    const bad = !open.has(dep) && N.kindOf(state.nodes.get(dep)) === N.BAD;
    if (bad !== any) {
      if (!any) return false; // one bad dependency is enough against
      if (open.has(dep) || N.kindOf(state.nodes.get(dep)) !== N.PURPOSE) return true; // one hopeful is enough for
    }
  }
  return !any;
};
