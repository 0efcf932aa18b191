import type { BodyOf, EventBody } from '../model/ExecutionEvent.js';
import * as N from './NodeRecord.js';
import type { RunState } from './RunState.js';

/** Whether a cancellation ends this node at once; running ones end by themselves, parents after their nodes. */
const endsAtOnce = (state: RunState, index: number): boolean => {
  const { status, extra } = state.nodes.get(index);
  return status <= N.STARTING || status === N.RETRYING || (status === N.WAITING && extra?.waitingOn === 'input');
};

/** The events of cancelling the run, or the members of a branch: the cancellation, then every node that has not started. */
export const cancellations = (
  state: RunState,
  first: BodyOf<'RunCancelling'> | BodyOf<'BranchCancelled'>,
  members?: { keys(): Iterable<number> },
): readonly EventBody[] => {
  const bodies: EventBody[] = [first];
  const reason =
    first.type === 'RunCancelling' ? first.reason : (first.reason ?? `branch "${first.branchId}" was cancelled`);
  const cancel = (index: number): void => {
    if (endsAtOnce(state, index))
      bodies.push({ type: 'NodeCancelled', nodeId: state.nodes.get(index).spec.id, reason, abandoned: false });
  };
  if (members === undefined) for (let index = 0; index < state.nodes.size; index++) cancel(index);
  else for (const index of [...members.keys()].sort((a, b) => a - b)) cancel(index);
  return bodies;
};

/** Why a node is cancelled: the run's reason, or its branch's. */
export const cancelReason = (state: RunState, index: number): string => {
  if (state.cancelling !== undefined) return state.cancelling.reason;
  const cut = state.memberOf.get(index)?.find((m) => m.control.cancelled);
  const named = cut === undefined ? undefined : state.branches.get(state.branchIndex.get(cut.control.id)!);
  return named?.reason ?? `branch "${named?.id ?? ''}" was cancelled`;
};
