import { dayText } from '../dom/dayText.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { writePlace } from '../shell/DeepLink.js';
import type { ListedRun } from '../source/ListedRun.js';
import { looks } from '../theme/looks.js';
import { spanText } from '../view/clockText.js';
import { standOfText } from '../view/runStand.js';
import { tookMs, type Column } from './runPick.js';

type Row = Readonly<Record<Column | 'row', HTMLElement>> & {
  readonly link: HTMLElement;
  readonly badge: HTMLElement;
  readonly where: HTMLElement;
};

/** The rows of the list. A run keeps its row, so that what is focused stays so while others come and go. */
export class RunRows {
  readonly element = make('tbody', { role: 'rowgroup', onkeydown: (event: KeyboardEvent) => this.#press(event) });
  #rows = new Map<string, Row>();

  /** Shows these runs, in this order. */
  show(runs: readonly ListedRun[], now: number): void {
    const before = this.#rows;
    const focused = document.activeElement;
    this.#rows = new Map();
    const place = writePlace(location.hash, { run: undefined, seq: undefined, node: undefined, view: undefined });
    let at = this.element.firstElementChild;
    for (const run of runs) {
      const row = before.get(run.runId) ?? newRow();
      this.#rows.set(run.runId, row);
      fill(row, run, now);
      setTrait(row.link, 'href', `${place}&run=${encodeURIComponent(run.runId)}`);
      if (row.row === at) at = at.nextElementSibling;
      else this.element.insertBefore(row.row, at);
    }
    while (at !== null) {
      const next = at.nextElementSibling;
      at.remove();
      at = next;
    }
    if (focused !== document.activeElement && this.element.contains(focused)) (focused as HTMLElement).focus();
  }

  /** Puts the focus on the first run. */
  focus(): void {
    this.element.querySelector('a')?.focus();
  }

  /** Arrows go from run to run. */
  #press(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest('tr');
    const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || !next) return;
    event.preventDefault();
    next.querySelector('a')!.focus();
  }
}

const newRow = (): Row => {
  const link = make('a');
  const badge = make('span', { class: 'badge' });
  const where = make('span', { class: 'where' });
  const cell = (column: Column): HTMLElement => make('td', { role: 'cell', class: column });
  const cells = {
    run: cell('run'),
    pipeline: cell('pipeline'),
    status: cell('status'),
    began: cell('began'),
    took: cell('took'),
    events: cell('events'),
  };
  cells.run.append(link);
  cells.status.append(badge, where);
  return { ...cells, link, badge, where, row: make('tr', { role: 'row' }, ...Object.values(cells)) };
};

const fill = (row: Row, run: ListedRun, now: number): void => {
  const { runId, dagName, stand, startedAt, endedAt, seq, damage } = run;
  const { text, look } = standOfText(stand);
  setText(row.link, shown(runId, 200));
  setText(row.badge, `${looks.find(({ name }) => name === look)!.glyph} ${text}`);
  setTrait(row.badge, 'class', `badge ${look}`);
  setTrait(row.badge, 'title', damage ?? stand);
  setText(row.where, whereText(run));
  const took = tookMs(run, now);
  const isKnown = damage === undefined;
  setText(row.pipeline, isKnown ? shown(dagName, 200) : '');
  setText(row.began, isKnown ? dayText(startedAt, now) : '');
  setTrait(row.began, 'title', isKnown ? new Date(startedAt).toLocaleString() : '');
  setText(row.took, took === undefined ? '' : spanText(took) + (endedAt === undefined ? ' so far' : ''));
  setText(row.events, isKnown ? countText(seq) : '');
};

/** Whether another process goes on with it: then it takes no commands here. */
const whereText = ({ owner, endedAt, damage }: ListedRun): string => {
  if (owner === undefined || endedAt !== undefined || damage !== undefined) return '';
  return `in another process${owner.pid === undefined ? '' : ` (${owner.pid})`}`;
};
