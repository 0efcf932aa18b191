import { Subject, of, concat, type Observable } from 'rxjs';
import type { ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../../lib/model/ExecutorCommand.js';
import {
  define,
  RunView,
  type DagViewer,
  type ListedRun,
  type RunSource,
  type SourceMessage,
} from '../../../lib/viewer/index.js';
import { shopLog } from './shopLog.js';

type Answer = { readonly seq: number } | { readonly refused: string };

/** What a spec steers the page by. */
export interface PageControls {
  readonly viewer: DagViewer;
  readonly view: RunView;
  readonly asked: ExecutorCommand[];
  readonly opened: string[];
  answer: Answer;
  /** With which runs this one was compared. */
  readonly compared: string[];
  /** The runs that are known. */
  runs: readonly ListedRun[];
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
  diff: async (other) => {
    controls.compared.push(other);
    const many = Array.from({ length: 120 }, (_, i) => `only-there-${i}`);
    return {
      firstSeq: 7,
      differing: ['load', 'charge', ...many, 'check-0'],
      nodes: [
        {
          id: 'load',
          here: { status: 'succeeded', attempts: 1, text: '{"rows":240}' },
          there: { status: 'failed', attempts: 3, text: 'no such table' },
        },
        { id: 'charge', here: undefined, there: { status: 'skipped', attempts: 0, text: '' } },
        ...many.map((id) => ({ id, here: undefined, there: { status: 'succeeded', attempts: 1, text: '1' } })),
      ],
    };
  },
  ...(wishes.has('unlisted') ? {} : { runs: async () => ({ runs: controls.runs, total: controls.runs.length }) }),
};

define();
const viewer = document.createElement('dag-viewer');
const controls: PageControls = {
  viewer,
  view: new RunView(wishes.has('reader') ? reader : full),
  asked,
  opened,
  answer: { seq: 99 },
  compared: [],
  runs: [],
  tell: (message) => later.next(message),
};
window.controls = controls;
viewer.addEventListener('open-run', (event) => opened.push((event as CustomEvent<{ runId: string }>).detail.runId));
const main = document.createElement('main');
main.append(viewer);
document.body.append(main);
viewer.view = controls.view;
