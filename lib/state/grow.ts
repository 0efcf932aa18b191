import type { EventOf } from '../model/ExecutionEvent.js';
import { bindNode } from '../plan/references.js';
import { depsOf } from './adjacency.js';
import { controlsFor, join } from './branches.js';
import * as N from './NodeRecord.js';
import type { BoundSpec } from './NodeRecord.js';
import type { RunState } from './RunState.js';

/** Folds a NodeAdded: the node joins its dependencies, its parent, and the branches under a command. */
export const added = (state: RunState, event: EventOf<'NodeAdded'>): void => {
  const table = state.table!;
  const index = state.nodes.size;
  const spec = event.node as BoundSpec;
  const { deps: ids, bound } = bindNode(spec, (id) => state.find(id));
  const deps = ids.map((id) => state.find(id)!);
  const parent = spec.parent === undefined ? undefined : state.find(spec.parent);
  const joined = controlsFor(state, spec.id, spec.branch, parent, deps);
  state.reserve(index + 1);
  state.nodes.push(
    {
      owner: state.owner,
      spec,
      status: N.PENDING,
      attempt: 0,
      startedAt: undefined,
      endedAt: undefined,
      output: undefined,
      extra: { deps, bound, addedBy: event.by, addedAfter: event.after },
    },
    state.owner,
  );
  table.add(spec, index);
  state.counts[N.PENDING]!++;
  for (const dep of deps) link(state, dep, index);
  if (parent !== undefined) state.openChildren.set(parent, (state.openChildren.get(parent) ?? 0) + 1);
  if (joined.size > 0) join(state, index, joined);
  wake(state);
  state.settle(index);
};

/** Records that `to` waits for `from`, in the counters and in the list of dependants. */
const link = (state: RunState, from: number, to: number): void => {
  state.tally(to, N.kindOf(state.nodes.get(from)), 1);
  const { outs: old = [], outsLength = 0 } = state.nodes.get(from).extra ?? {};
  const outs = old.length === outsLength ? old : old.slice(0, outsLength);
  outs.push(to);
  state.extend(from, { outs, outsLength: outsLength + 1 });
};

/** Folds a DependencyAdded. */
export const depends = (state: RunState, from: number, to: number): void => {
  state.extend(to, { deps: [...depsOf(state, to), from] });
  link(state, from, to);
  const joined = (state.memberOf.get(from) ?? []).filter((m) => m.closed);
  if (joined.length > 0) join(state, to, new Map(joined.map((m) => [m.control, true])));
  state.settle(to);
};

/** There is work again: the run is no longer quiescent. */
export const wake = (state: RunState): void => {
  state.quiet = false;
  if (state.status === 'quiescent') state.status = 'running';
};
