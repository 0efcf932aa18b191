import type { RunView } from '../view/RunView.js';

/** Whether time goes on in what is shown: not in the past, nor while nothing is heard of the run. */
export const isTicking = (view: RunView): boolean => view.isLive && view.goesOn;

/** Up to when what goes on has lasted, epoch milliseconds. */
export const clockEnd = (view: RunView): number => (isTicking(view) ? view.endAt : view.at);
