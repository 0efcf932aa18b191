import { tap } from 'rxjs';
import { printable } from '../../model/printable.js';
import { define } from '../define.js';
import { make } from '../dom/make.js';
import type { DagViewer } from '../shell/DagViewer.js';
import { chooseTheme } from '../shell/commandsOf.js';
import { readPlace, writePlace } from '../shell/DeepLink.js';
import { kept } from '../shell/kept.js';
import { fromEvents } from '../source/fromEvents.js';
import { fromServer } from '../source/fromServer.js';
import type { RunSource } from '../source/RunSource.js';
import { baseSheet } from '../theme/sheet.js';
import { RunView } from '../view/RunView.js';
import { pageOfReport, partsOfPage, readReport, type Report } from './report.js';
import { Refused, type Refusal } from './Refused.js';
import { RunList } from './RunList.js';
import { newWorker } from './newWorker.js';

/** Shows what the page is for: the log that lies in it, the run that its address names, or the list of runs. */
export const startPage = (): void => {
  baseSheet();
  define();
  const report = readReport(document);
  if (report !== undefined) {
    document.body.replaceChildren(make('main', {}, viewerOf(fromEvents(report.events), report)));
    return;
  }
  const theme = kept.read('theme');
  if (theme !== undefined) chooseTheme(theme);
  let shown = '';
  let close = (): void => undefined;
  const show = (): void => {
    const { run } = readPlace(location.hash);
    const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
    if (`${run} ${token}` === shown) return;
    shown = `${run} ${token}`;
    close();
    const refused = (refusal: Refusal): void => {
      close();
      const page = new Refused(refusal, run === undefined ? undefined : () => open(undefined));
      close = () => page.close();
      document.body.replaceChildren(page.element);
      document.title = 'rxdag';
    };
    if (run === undefined) {
      const list = new RunList(token, refused);
      close = () => list.close();
      document.body.replaceChildren(list.element);
      document.title = 'rxdag';
      return;
    }
    const viewer = viewerOf(unlessRefused(fromServer({ url: location.origin, runId: run, token }), refused));
    close = () => viewer.view?.close();
    viewer.addEventListener('open-run', (event) =>
      open((event as CustomEvent<{ readonly runId: string }>).detail.runId),
    );
    viewer.hasList = true;
    viewer.addEventListener('all-runs', () => open(undefined));
    document.body.replaceChildren(make('main', {}, viewer));
    document.title = printable(`${run} · rxdag`);
  };
  const open = (runId: string | undefined): void => {
    location.hash = writePlace(location.hash, { run: runId, seq: undefined, node: undefined, view: undefined });
    // At once: the viewer that is shown still would write its own run into the address again.
    show();
  };
  addEventListener('hashchange', show);
  show();
};

/** The same source; where its server refuses it from the first, that is told once it has ended. */
const unlessRefused = (source: RunSource, refused: (refusal: Refusal) => void): RunSource => ({
  ...source,
  message$: source.message$.pipe(
    tap((message) => {
      if (message.type !== 'connection' || message.refused === undefined) return;
      const refusal = { status: message.refused, text: message.text ?? '' };
      queueMicrotask(() => refused(refusal));
    }),
  ),
});

const viewerOf = (source: RunSource, report?: Report): DagViewer => {
  const view = new RunView(source);
  const viewer = document.createElement('dag-viewer');
  viewer.newWorker = () => newWorker(report?.script);
  viewer.view = view;
  viewer.reportFor = async () => {
    const events = Array.from({ length: view.log.size }, (_, i) => view.log.at(i + 1));
    return pageOfReport(await partsOfPage(report), events);
  };
  return viewer;
};
