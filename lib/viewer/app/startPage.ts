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
    if (run === undefined) {
      const list = new RunList(token);
      close = () => list.close();
      document.body.replaceChildren(list.element);
      document.title = 'rxdag';
      return;
    }
    const viewer = viewerOf(fromServer({ url: location.origin, runId: run, token }));
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
