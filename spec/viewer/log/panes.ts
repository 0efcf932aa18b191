// What the browser specs of the log and the timeline load: both of them in one page, with a run that is made here.
import { Subject } from 'rxjs';
import type { ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import { DagLog } from '../../../lib/viewer/log/DagLog.js';
import type { RunSource, SourceMessage } from '../../../lib/viewer/source/RunSource.js';
import { fromEvents } from '../../../lib/viewer/source/fromEvents.js';
import { DagTimeline } from '../../../lib/viewer/timeline/DagTimeline.js';
import { RunView } from '../../../lib/viewer/view/RunView.js';
import { longLog } from './longLog.js';

customElements.define('dag-timeline', DagTimeline);
customElements.define('dag-log', DagLog);

const page = new CSSStyleSheet();
page.replaceSync(
  'body{margin:0;height:100vh;display:grid;grid-template-rows:3fr 2fr;gap:1px;background:var(--dag-line)}body>*{min-height:0}',
);
document.adoptedStyleSheets = [page];

const timeline = new DagTimeline();
const log = new DagLog();
document.body.append(timeline, log);

const show = (source: RunSource): RunView => {
  const view = new RunView(source);
  timeline.view = log.view = view;
  Object.assign(window, { view });
  return view;
};

/** Shows a log that is at its end. */
const showEvents = (events: readonly ExecutionEvent[]): RunView => show(fromEvents(events));

/** Shows a run that goes on; what happens is told by `push`. */
const showLive = (events: readonly ExecutionEvent[]): ((message: SourceMessage) => void) => {
  const message$ = new Subject<SourceMessage>();
  show({ role: 'reader', isFile: false, message$ });
  message$.next({ type: 'connection', state: 'live' });
  message$.next({ type: 'events', events });
  return (message) => message$.next(message);
};

Object.assign(window, { timeline, log, longLog, showEvents, showLive });
