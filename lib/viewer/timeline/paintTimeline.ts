import { apartOf, axisOrigin, axisTicks } from './axisTicks.js';
import type { Frame } from './Frame.js';
import { paintHead, paintMoment } from './paintHead.js';
import { paintRows } from './paintRows.js';

/** Paints one picture of a timeline: nothing in it takes longer for more rows than those in sight. */
export const paintTimeline = (frame: Omit<Frame, 'ticks'>): void => {
  const { scale, view } = frame;
  const ticks = axisTicks(scale, apartOf(view.clock), axisOrigin(view.clock, view.startedAt));
  const full: Frame = { ...frame, ticks };
  paintRows(full);
  paintHead(full);
  paintMoment(full);
};
