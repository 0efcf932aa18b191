import type { AxisTicks } from './axisTicks.js';
import type { RunView } from '../view/RunView.js';
import type { TimelineInks } from './TimelineInks.js';
import type { TimelineModel } from './TimelineModel.js';
import type { TimeScale } from './TimeScale.js';

/** All that one picture of a timeline is painted from. */
export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly view: RunView;
  readonly model: TimelineModel;
  readonly scale: TimeScale;
  readonly ticks: AxisTicks;
  readonly inks: TimelineInks;
  readonly width: number;
  readonly height: number;
  /** How wide the labels are. */
  readonly labels: number;
  /** The first row in sight, how many there are, and where the rows are scrolled to. */
  readonly first: number;
  readonly count: number;
  readonly top: number;
  /** The moment that is shown. */
  readonly now: number;
  readonly hover: number;
  /** The range that is being drawn on the axis, px. */
  readonly brush: readonly [from: number, to: number] | undefined;
}
