import { DagGraph } from '../../../lib/viewer/graph/DagGraph.js';
import { dice, FakeView, randomNodes, type FakeNode } from './FakeView.js';

customElements.define('dag-graph', DagGraph);

/** What specs do in the page. */
const bench = {
  graph: document.createElement('dag-graph') as DagGraph,
  view: undefined as FakeView | undefined,
  randomNodes,
  workers: 0,
  dice,
  show(nodes: readonly FakeNode[], grouping: 'auto' | 'none' | 'prefix' = 'none'): void {
    const view = new FakeView(nodes, grouping);
    bench.view = view;
    bench.graph.view = view.asView();
    bench.graph.style.setProperty('height', '100vh');
    document.body.style.setProperty('margin', '0');
    document.body.append(bench.graph);
  },
  /** Lets the graph be laid out by a worker, whose makings are counted. */
  useWorker(url: string): void {
    const { trustedTypes } = globalThis as unknown as TrustedTypesScope;
    const policy = trustedTypes.createPolicy('spec', { createScriptURL: (own) => own });
    bench.graph.newWorker = () => {
      bench.workers += 1;
      return new Worker(policy.createScriptURL(url), { type: 'module' });
    };
  },
};

interface TrustedTypesScope {
  readonly trustedTypes: {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): URL };
  };
}

export type Bench = typeof bench;
Object.assign(globalThis, { bench });
