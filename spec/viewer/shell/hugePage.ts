import { from } from 'rxjs';
import { define, RunView, type DagViewer, type SourceMessage } from '../../../lib/viewer/index.js';
import { hugeLog, type HugeKind } from './hugeLog.js';

/** What the script beside this does in the page. */
const bench = {
  viewer: document.createElement('dag-viewer') as DagViewer,
  view: undefined as RunView | undefined,
  events: [] as ReturnType<typeof hugeLog>,
  longest: 0,
  longestAt: 0,
  begun: 0,
  /** Makes the events of a run, before anything is measured. */
  make(kind: HugeKind, size: number, ends: boolean): number {
    // As they come from the network: texts that are equal are not the same one.
    bench.events = JSON.parse(JSON.stringify(hugeLog(kind, size, ends))) as typeof bench.events;
    return bench.events.length;
  },
  /** Shows them, as they would come from a file. */
  show(): void {
    bench.begun = performance.now();
    const messages: SourceMessage[] = [
      { type: 'events', events: bench.events },
      { type: 'connection', state: 'ended' },
    ];
    const message$ = from(messages);
    bench.view = new RunView({ role: 'reader', isFile: true, message$ });
    bench.viewer.view = bench.view;
    if (!bench.viewer.isConnected) document.body.append(bench.viewer);
  },
  /** Notes from now on for how long nobody else got a turn. */
  watch(): void {
    const { port1, port2 } = new MessageChannel();
    let last = performance.now();
    bench.longest = 0;
    port1.addEventListener('message', () => {
      const now = performance.now();
      if (now - last > bench.longest) [bench.longest, bench.longestAt] = [now - last, now - bench.begun];
      last = now;
      port2.postMessage(0);
    });
    port1.start();
    port2.postMessage(0);
  },
};

define();
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

export type Bench = typeof bench;
Object.assign(globalThis, { bench });
