import { from } from 'rxjs';
import { define, RunView, type DagViewer, type SourceMessage } from '../../../lib/viewer/index.js';
import type { ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import { longLog } from '../log/longLog.js';
import { hugeLog, type HugeKind } from './hugeLog.js';

define();
let longest = 0;

/** What scripts that measure do in the page. */
const bench = {
  viewer: document.createElement('dag-viewer') as DagViewer,
  view: undefined as RunView | undefined,
  events: [] as readonly ExecutionEvent[],
  begun: 0,
  graph: (): ShadowRoot => bench.viewer.panes.graph.shadowRoot!,
  /** Makes the events of a run that has begun, before anything is measured. */
  make(kind: HugeKind, size: number): void {
    // As they come from the network: texts that are equal are not the same one.
    bench.events = JSON.parse(JSON.stringify(hugeLog(kind, size))) as typeof bench.events;
  },
  /** Makes the events of a run that has ended. */
  makeLong(wish: Parameters<typeof longLog>[0]): number {
    bench.events = longLog(wish);
    return bench.events.length;
  },
  /** Shows them, as they would come from a file. */
  show(): void {
    bench.begun = performance.now();
    const messages: SourceMessage[] = [
      { type: 'events', events: bench.events },
      { type: 'connection', state: 'ended' },
    ];
    bench.events = [];
    bench.view = new RunView({ role: 'reader', isFile: true, message$: from(messages) });
    bench.viewer.view = bench.view;
    if (!bench.viewer.isConnected) document.body.append(bench.viewer);
  },
  /** After the next frame is painted. */
  painted: (): Promise<void> =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        setTimeout(done, 0);
      });
    }),
  /** Notes from now on for how long nobody else got a turn; gives the longest time of that up to now. */
  watch(): number {
    const was = longest;
    longest = 0;
    return was;
  },
};

const { port1, port2 } = new MessageChannel();
let last = performance.now();
port1.addEventListener('message', () => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
  setTimeout(() => port2.postMessage(0), 1);
});
port1.start();
port2.postMessage(0);

bench.viewer.newWorker = () => {
  const { trustedTypes } = globalThis as unknown as {
    readonly trustedTypes: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): URL };
    };
  };
  const policy = trustedTypes.createPolicy('spec', { createScriptURL: (own) => own });
  return new Worker(policy.createScriptURL('/worker.js'), { type: 'module' });
};

Object.assign(globalThis, { bench });
