import type { Attempts } from '../view/Attempts.js';
import { attemptsAt } from './timelineRows.js';

/** How many attempts went on at once at most, up to a seq. */
export const peakOf = (attempts: Attempts, seq: number): number => attempts.peak[attemptsAt(attempts, seq) - 1] ?? 0;
