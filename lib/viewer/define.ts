import { DagGraph } from './graph/DagGraph.js';
import { DagInspector } from './inspector/DagInspector.js';
import { DagLog } from './log/DagLog.js';
import { DagScrubber } from './scrubber/DagScrubber.js';
import { DagViewer } from './shell/DagViewer.js';
import { DagTimeline } from './timeline/DagTimeline.js';

const elements: readonly (readonly [name: string, element: CustomElementConstructor])[] = [
  ['dag-graph', DagGraph],
  ['dag-timeline', DagTimeline],
  ['dag-log', DagLog],
  ['dag-scrubber', DagScrubber],
  ['dag-inspector', DagInspector],
  ['dag-viewer', DagViewer],
];

declare global {
  interface HTMLElementTagNameMap {
    'dag-graph': DagGraph;
    'dag-timeline': DagTimeline;
    'dag-log': DagLog;
    'dag-scrubber': DagScrubber;
    'dag-inspector': DagInspector;
    'dag-viewer': DagViewer;
  }
}

/** Registers all elements, those alone that are not registered yet; a page calls it once. */
export const define = (): void => {
  for (const [name, element] of elements)
    if (customElements.get(name) === undefined) customElements.define(name, element);
};
