import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../lib/index.js';
import { frames } from '../../lib/testing/index.js';

/**
 * Compares a log with its timeline, `0 >ab, 2 A, …`: what happens at the same instant may stand in any order, because a
 * store that answers later may change that.
 */
export const expectTimeline = (events: Iterable<ExecutionEvent>, expected: string): void => {
  assert.is(frames(events).map(sorted).join(', '), expected.split(', ').map(sorted).join(', '));
};

const sorted = (frame: string): string => {
  const [at, letters = ''] = frame.split(' ');
  return `${at} ${letters.split('').toSorted().join('')}`;
};
