import type { Layout } from './Layout.js';
import type { LayoutGraph } from './LayoutGraph.js';
import type { LayoutOptions } from './LayoutOptions.js';

/** What a layout worker is asked. */
export interface LayoutRequest {
  readonly id: number;
  readonly graph: LayoutGraph;
  readonly options: Omit<LayoutOptions, 'now'>;
  /** A drawing to which the graph's new nodes are added. */
  readonly drawn?: Layout;
}

/** What it answers. */
export interface LayoutAnswer {
  readonly id: number;
  readonly layout: Layout;
}
