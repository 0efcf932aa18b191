import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';

/** How a state is drawn: told by a sign, too, never by a colour alone. */
export interface DrawnLook {
  readonly name: string;
  readonly glyph: string;
}

const looks = {
  pending: { name: 'pending', glyph: '○' },
  ready: { name: 'ready', glyph: '◔' },
  starting: { name: 'starting', glyph: '◑' },
  running: { name: 'running', glyph: '▶' },
  waiting: { name: 'waiting', glyph: '…' },
  retrying: { name: 'retrying', glyph: '↻' },
  succeeded: { name: 'succeeded', glyph: '✓' },
  failed: { name: 'failed', glyph: '✕' },
  skipped: { name: 'skipped', glyph: '⤼' },
  cancelled: { name: 'cancelled', glyph: '⊘' },
} satisfies Record<NodeState['status'], DrawnLook>;
const paused: DrawnLook = { name: 'paused', glyph: 'Ⅱ' };
const cached: DrawnLook = { name: 'cached', glyph: '⧉' };
const timedOut: DrawnLook = { name: 'timed-out', glyph: '⧖' };

/** The look of a node as it stands in a run. */
export const drawnLook = (state: NodeState, run: ExecutorSnapshot): DrawnLook => {
  const { id, status, error } = state;
  if (status === 'succeeded' && state.cached) return cached;
  if (status === 'failed' && error?.name === 'TimeoutError') return timedOut;
  const isHeld =
    (status === 'ready' || status === 'pending') &&
    run.whyNotStarted(id)?.on.some((reason) => 'branch' in reason || ('run' in reason && reason.run === 'paused'));
  return isHeld === true && (status === 'ready' || run.status !== 'paused') ? paused : looks[status];
};
