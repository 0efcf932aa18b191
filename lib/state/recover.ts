import { isCut } from './branches.js';
import { cancelReason } from './cancel.js';
import * as N from './NodeRecord.js';
import type { Turn } from './Turn.js';

/**
 * What a crash means for a run that goes on: nodes that ran were interrupted and run again, up to `maxInterruptions`; a
 * cancellation that was under way is finished.
 */
export const recover = (turn: Turn): void => {
  const { state } = turn;
  if (state.endedAt !== undefined) return;
  const running: number[] = [];
  for (let index = 0; index < state.nodes.size; index++)
    if (state.nodes.get(index).status === N.RUNNING) running.push(index);
  turn.emit({
    type: 'RunRecovered',
    interrupted: Object.freeze(running.map((index) => state.nodes.get(index).spec.id)),
  });
  for (const index of running) {
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
          message: `Interrupted ${times} times (config.maxInterruptions is ${state.config.maxInterruptions})`,
        }),
      });
    else turn.emit({ type: 'NodeInterrupted', nodeId, attempt });
  }
};
