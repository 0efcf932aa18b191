import { READY, RETRYING, RUNNING, STARTING, WAITING } from '../theme/looks.js';
import type { RunStatus } from '../../model/Status.js';
import type { RunView } from './RunView.js';

/** How a run stands, in words, and the look that goes with them. */
export interface Stand {
  readonly text: string;
  readonly look: string;
}

/** The look of each status of a run, and of what else may be told of one. */
const standLooks: Readonly<Record<RunStatus | 'waiting' | 'submitted' | 'interrupted' | 'damaged', string>> = {
  running: 'running',
  paused: 'paused',
  quiescent: 'waiting',
  cancelling: 'cancelled',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  waiting: 'waiting',
  submitted: 'pending',
  interrupted: 'retrying',
  damaged: 'timed-out',
};

/** What is shown for how a run stands, as a server lists it: without the process behind it. */
export const standOfText = (stand: string): Stand => {
  const end = stand.indexOf(' (');
  const word = end < 0 ? stand : stand.slice(0, end);
  const look = Object.hasOwn(standLooks, word) ? standLooks[word as keyof typeof standLooks] : 'pending';
  return { text: word === 'waiting' ? 'waiting for input' : word, look };
};

/** How a run stands at the moment that is shown: its status, but where it has not ended also whether it waits for a person, or was left. */
export const runStand = (view: RunView): Stand => {
  const { status, counts, owner } = view;
  const goesOn = counts[RUNNING]! + counts[STARTING]! + counts[RETRYING]! + counts[READY]! > 0;
  if (status === 'running' && !goesOn && askingNodes(view, 1).length > 0) return standOfText('waiting');
  const isLeft = owner.where === 'nowhere' && view.isLive && !view.isOver && status !== 'paused';
  return standOfText(isLeft ? (view.log.size <= 1 ? 'submitted' : 'interrupted') : status);
};

/** At most so many of the nodes that wait for a person at the moment that is shown. */
export const askingNodes = (view: RunView, max: number): readonly number[] => {
  const { looks, counts } = view;
  const found: number[] = [];
  if (counts[WAITING] === 0) return found;
  // Far most nodes that wait do so for their parts, and a look costs nothing, so these are passed over first.
  for (let i = looks.indexOf(WAITING); i !== -1 && found.length < max; i = looks.indexOf(WAITING, i + 1))
    if (view.specOf(i).action === 'human.input') found.push(i);
  return found;
};
