import type { Attempts } from '../view/Attempts.js';
import { attemptsAt } from './timelineRows.js';

/** How many attempts went on at once at most, up to a seq. What ends as another begins makes room for it. */
export const peakOf = (attempts: Attempts, seq: number): number => {
  const count = attemptsAt(attempts, seq);
  const ends = attempts.endAt.slice(0, count);
  for (let i = 0; i < count; i++)
    if (attempts.endSeq[i] === 0 || attempts.endSeq[i]! > seq || attempts.isWait[i] === 1) ends[i] = Infinity;
  ends.sort();
  let ended = 0;
  let now = 0;
  let peak = 0;
  for (let i = 0; i < count; i++) {
    if (attempts.isWait[i] === 1) continue;
    for (; ended < count && ends[ended]! <= attempts.startAt[i]!; ended++) now--;
    peak = Math.max(1, peak, ++now);
  }
  return peak;
};
