import { isCut } from './branches.js';
import { cancelReason } from './cancel.js';
import * as N from './NodeRecord.js';
import type { Turn } from './Turn.js';

/**
 * What a crash means for a run that goes on: nodes that ran in the process were interrupted and run again, up to
 * `maxInterruptions`; what workers do goes on; a cancellation that was under way is finished.
 */
export const recover = (turn: Turn): void => {
  const { state, world } = turn;
  if (state.endedAt !== undefined) return;
  const running: number[] = [];
  for (let index = 0; index < state.nodes.size; index++) {
    const { status, spec } = state.nodes.get(index);
    if (status !== N.RUNNING) continue;
    if (world.isElsewhere(spec)) turn.launch(index);
    else running.push(index);
  }
  turn.emit({
    type: 'RunRecovered',
    interrupted: Object.freeze(running.map((index) => state.nodes.get(index).spec.id)),
  });
  for (const index of running) interrupt(turn, index);
};

/** Ends an attempt of which nobody will hear any more. */
export const interrupt = (turn: Turn, index: number, reason?: string): void => {
  const { state } = turn;
  const { spec, attempt, extra } = state.nodes.get(index);
  const nodeId = spec.id;
  const times = (extra?.interruptions ?? 0) + 1;
  if (state.cancelling !== undefined || isCut(state, index))
    turn.emit({ type: 'NodeCancelled', nodeId, reason: cancelReason(state, index), abandoned: true });
  else if (times > state.config.maxInterruptions)
    turn.emit({
      type: 'NodeFailed',
      nodeId,
      attempt,
      error: Object.freeze({
        name: 'InterruptedError',
        message: `Interrupted ${times} times (config.maxInterruptions is ${state.config.maxInterruptions})${reason === undefined ? '' : `: ${reason}`}`,
      }),
    });
  else turn.emit({ type: 'NodeInterrupted', nodeId, attempt, ...(reason !== undefined && { reason }) });
};
