import { Subject, of, concat, type Observable } from 'rxjs';
import type { ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../../lib/model/ExecutorCommand.js';
import { define, RunView, type DagViewer, type RunSource, type SourceMessage } from '../../../lib/viewer/index.js';
import { shopLog } from './shopLog.js';

type Answer = { readonly seq: number } | { readonly refused: string };

/** What a spec steers the page by. */
export interface PageControls {
  readonly viewer: DagViewer;
  readonly view: RunView;
  readonly asked: ExecutorCommand[];
  readonly opened: string[];
  answer: Answer;
  /** Tells events or the state of the connection. */
  tell(message: SourceMessage): void;
}

declare global {
  interface Window {
    controls: PageControls;
  }
}

const asked: ExecutorCommand[] = [];
const opened: string[] = [];
const later = new Subject<SourceMessage>();
const wishes = new URLSearchParams(location.search);
const count = Number(wishes.get('events') ?? Infinity);
// As if it had begun a moment ago.
const late = Date.now() - shopLog[0]!.at - 4_000;
const events: readonly ExecutionEvent[] = shopLog.slice(0, count).map((event) => ({ ...event, at: event.at + late }));
const messages: SourceMessage[] = [
  { type: 'events', events },
  { type: 'connection', state: 'live', lagMs: 12 },
];
const message$: Observable<SourceMessage> = concat(of(...messages), later);
const reader: RunSource = { role: 'reader', isFile: false, message$ };
const full: RunSource = {
  ...reader,
  role: 'full',
  dispatch: async (command) => {
    asked.push(command);
    return controls.answer;
  },
  fork: async (seq, again) => {
    asked.push({ type: 'EmitEvent', name: 'fork', payload: { seq, again: again ?? [] } });
    return { runId: 'fork-1' };
  },
  diff: async () => ({ firstSeq: 7, differing: ['load', 'charge'] }),
};

define();
const viewer = document.createElement('dag-viewer');
const controls: PageControls = {
  viewer,
  view: new RunView(wishes.has('reader') ? reader : full),
  asked,
  opened,
  answer: { seq: 99 },
  tell: (message) => later.next(message),
};
window.controls = controls;
viewer.addEventListener('open-run', (event) => opened.push((event as CustomEvent<{ runId: string }>).detail.runId));
const main = document.createElement('main');
main.append(viewer);
document.body.append(main);
viewer.view = controls.view;
