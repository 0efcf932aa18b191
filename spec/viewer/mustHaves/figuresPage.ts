import { Subject } from 'rxjs';
import type { ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import { define, RunView, type DagViewer, type SourceMessage } from '../../../lib/viewer/index.js';
import { longLog } from '../log/longLog.js';

define();
const viewer: DagViewer = document.createElement('dag-viewer');
viewer.newWorker = () => new Worker('/worker.js', { type: 'module' });
const main = document.createElement('main');
main.append(viewer);
document.body.append(main);
const message$ = new Subject<SourceMessage>();

/** After the next frame is painted. */
const painted = (): Promise<number> =>
  new Promise((done) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(undefined);
    });
  });

/** What the script of figures steers the page by. */
const figures = {
  viewer,
  view: undefined as unknown as RunView,
  painted,
  /** From each pointer that is let go to the frame that shows what it did, milliseconds. */
  answers: [] as number[],
  /** Shows a run of so many nodes, whose log it does not keep; `open` leaves out its end. */
  show(nodes: number, progress: number, open = 0): number {
    const view = new RunView({ role: 'reader', isFile: false, message$ });
    figures.view = view;
    viewer.view = view;
    const events = longLog({ nodes, progress, slots: 50 });
    const count = events.length - open;
    message$.next({ type: 'connection', state: 'live' });
    for (let from = 0; from < count; from += 10_000)
      message$.next({ type: 'events', events: events.slice(from, Math.min(count, from + 10_000)) });
    return count;
  },
  /** Tells one event more, of the kind that moves the critical path. */
  next(): void {
    const { log } = figures.view;
    const event = {
      seq: log.size + 1,
      at: log.timeAt(log.size) + 50,
      type: 'MetricsUpdated',
      metrics: { n: log.size },
    };
    message$.next({ type: 'events', events: [event as unknown as ExecutionEvent] });
  },
};
addEventListener(
  'pointerup',
  () => {
    const began = performance.now();
    void painted().then((ended) => figures.answers.push(ended - began));
  },
  true,
);
Object.assign(globalThis, { figures });

export type Figures = typeof figures;
