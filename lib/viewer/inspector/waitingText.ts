import type { Waiting } from '../../model/ExecutorSnapshot.js';
import { shown } from '../dom/shown.js';

/** One thing that holds a node back, in words; dependencies are told apart, as links. */
export const waitingText = (
  reason: Exclude<Waiting['on'][number], { readonly dependency: string }>,
  timeText: (at: number) => string,
): string => {
  if ('slot' in reason) return `all ${reason.slot} slots are taken`;
  if ('pool' in reason) return `the pool “${shown(reason.pool, 60)}” is full`;
  if ('branch' in reason) return `the branch “${shown(reason.branch, 60)}” is paused`;
  if ('gate' in reason) return `the gate “${shown(reason.gate, 60)}” holds it`;
  if ('hook' in reason) return `the hook “${shown(reason.hook, 60)}” has not answered yet`;
  if ('retryAt' in reason) return `its next attempt is due at ${timeText(reason.retryAt)}`;
  if ('input' in reason) return 'a person must answer';
  return reason.run === 'paused' ? 'the run is paused' : 'the run is being cancelled';
};
