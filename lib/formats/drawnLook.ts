import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import { signs } from './lookPalette.js';

/** How a state is drawn: told by a sign, too, never by a colour alone. */
export interface DrawnLook {
  readonly name: string;
  readonly glyph: string;
}

const look = (name: keyof typeof signs): DrawnLook => ({ name, glyph: signs[name] });

/** The look of a node as it stands in a run. */
export const drawnLook = (state: NodeState, run: ExecutorSnapshot): DrawnLook => {
  const { id, status, error } = state;
  if (status === 'succeeded' && state.cached) return look('cached');
  if (status === 'failed' && error?.name === 'TimeoutError') return look('timed-out');
  const isHeld =
    (status === 'ready' || status === 'pending') &&
    run.whyNotStarted(id)?.on.some((reason) => 'branch' in reason || ('run' in reason && reason.run === 'paused'));
  return isHeld === true && (status === 'ready' || run.status !== 'paused') ? look('paused') : look(status);
};
