import type { LayoutGraph } from './LayoutGraph.js';
import type { LayoutSettings } from './LayoutOptions.js';

/** The sizes of boxes in the direction of the layers and across it. */
export interface Sides {
  readonly along: Float32Array;
  readonly across: Float32Array;
}

/** Reads them, with the default for all that has no size of its own. */
export const sidesOf = (
  { size, widths, heights }: LayoutGraph,
  { direction, nodeWidth, nodeHeight }: LayoutSettings,
): Sides => {
  const wide = widths ?? new Float32Array(size).fill(nodeWidth);
  const high = heights ?? new Float32Array(size).fill(nodeHeight);
  return direction === 'right' ? { along: wide, across: high } : { along: high, across: wide };
};
