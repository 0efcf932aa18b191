/** How a layout is made; all sizes in pixels. */
export interface LayoutOptions {
  /** Where dependents lie, seen from what they depend on. Default: right. */
  readonly direction?: 'right' | 'down';
  /** Default: 168. */
  readonly nodeWidth?: number;
  /** Default: 40. */
  readonly nodeHeight?: number;
  /** The room between layers, for lines. Default: 72. */
  readonly layerGap?: number;
  /** The room between neighbours in a layer. Default: 14. */
  readonly nodeGap?: number;
  /** The room within a group's box above its nodes, for its name. Default: 24. */
  readonly groupHead?: number;
  /** The room within a group's box below its nodes. Default: 10. */
  readonly groupFoot?: number;
  /** No further order is tried after this time, where `now` tells it. Default: 100. */
  readonly budgetMs?: number;
  readonly now?: () => number;
  /** How many orders to begin with, of which the best is kept. Default: by the size of the graph, 1 for large ones. */
  readonly tries?: number;
}

/** Options with all that was left open. */
export interface LayoutSettings {
  readonly direction: 'right' | 'down';
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly layerGap: number;
  readonly nodeGap: number;
  readonly groupHead: number;
  readonly groupFoot: number;
  /** The room between lines, and between a line and a node. */
  readonly lineGap: number;
  /** True when no more time may be spent on looking for a better order. */
  readonly isLate: () => boolean;
  readonly tries: number | undefined;
}

/** Fills in the defaults; the time that may be spent counts from here. */
export const settingsOf = ({
  direction = 'right',
  nodeWidth = 168,
  nodeHeight = 40,
  layerGap = 72,
  nodeGap = 14,
  groupHead = 24,
  groupFoot = 10,
  budgetMs = 100,
  now,
  tries,
}: LayoutOptions): LayoutSettings => {
  const lateAt = (now?.() ?? 0) + budgetMs;
  return {
    direction,
    nodeWidth,
    nodeHeight,
    layerGap,
    nodeGap,
    groupHead,
    groupFoot,
    lineGap: Math.max(4, Math.min(12, nodeGap * 0.75)),
    isLate: () => now !== undefined && now() > lateAt,
    tries,
  };
};
