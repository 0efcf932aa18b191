import { setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { ViewElement } from '../dom/ViewElement.js';
import type { Changes } from '../view/Changes.js';
import type { RunView } from '../view/RunView.js';
import { copyText } from './copyText.js';
import { logControls } from './logControls.js';
import { LogPick } from './LogPick.js';
import { LogPins } from './LogPins.js';
import { LogRow } from './LogRow.js';
import { LogRows } from './LogRows.js';
import { logTest } from './logTest.js';
import { ROW, logText } from './logText.js';
import { rowKey } from './rowKey.js';
import { ScaledScroll } from './ScaledScroll.js';

/** How long a frame may test events for the filter, milliseconds. */
const SLICE_MS = 6;

/**
 * `<dag-log>`: every event of the run as a row, with a filter, pins and a tail to follow. Only the rows in sight are in the
 * page.
 */
export class DagLog extends ViewElement {
  readonly #rows = new LogRows();
  readonly #scroll = new ScaledScroll(ROW);
  readonly #pool: LogRow[] = [];
  readonly #pick = new LogPick();
  readonly #pins = new LogPins(
    (seq) => this.#goTo(seq),
    () => this.#redraw(),
  );
  readonly #parts = logControls({
    filter: () => this.#refilter(),
    only: () => {
      this.#isOnly = !this.#isOnly;
      this.#refilter();
    },
    follow: () => this.follow(!this.#follows),
    copy: () => void this.copy(),
  });
  #follows = true;
  #isOnly = false;
  /** The node whose events alone are shown. */
  #onlyNode: number | undefined;
  #frame = 0;
  #sizes: ResizeObserver | undefined;

  constructor() {
    super(logText);
    const { bar, grid, pane, told } = this.#parts;
    this.root.append(bar, this.#pins.element, grid, told);
    grid.addEventListener('scroll', () => this.#scrolled());
    grid.addEventListener('wheel', (event) => this.#wheeled(event), { passive: false });
    grid.addEventListener('keydown', (event) => this.#pressed(event));
    pane.addEventListener('click', (event) => this.#clicked(event));
    pane.addEventListener('dblclick', () => this.#seek());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(() => this.#redraw());
    this.#sizes.observe(this.#parts.grid);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Keeps the moment that is shown in sight, the newest event while the run is followed. */
  follow(on: boolean): void {
    this.#follows = on;
    this.#redraw();
  }

  /** Copies the selected events as lines of JSON. */
  async copy(): Promise<void> {
    const { view } = this;
    if (view === undefined) return;
    const seqs = this.#pick.seqs();
    if (seqs.length === 0) return this.#tell('No event is selected');
    const done = await copyText(seqs.map((seq) => `${JSON.stringify(view.log.at(seq))}\n`).join(''), this.root);
    this.#tell(
      done
        ? `Copied ${countText(seqs.length)} event${seqs.length === 1 ? '' : 's'}`
        : 'The browser does not allow copying here',
    );
  }

  protected override viewSet(): void {
    this.#pick.clear();
    this.#pins.clear();
    this.#rows.grow(0);
    this.#forget();
    this.#follows = true;
  }

  protected override paint(view: RunView, changes: Changes): void {
    if (changes.selection && this.#isOnly && this.#onlyNode !== view.selected) this.#refilter();
    if (this.#follows && (changes.log || changes.moved)) this.#draw(view, true);
    else this.#draw(view);
  }

  #redraw(): void {
    if (this.#frame !== 0 || !this.isConnected) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.view !== undefined) this.#draw(this.view, this.#follows && this.view.isLive);
    });
  }

  #draw(view: RunView, toShown = false): void {
    const { grid, pane, space, none, only, follow, count } = this.#parts;
    this.#rows.grow(view.log.size);
    const end = performance.now() + SLICE_MS;
    if (this.#rows.work(() => performance.now() > end)) this.#redraw();

    const missing = view.connection.missing;
    const total = this.#rows.count + (missing > 0 ? 1 : 0);
    const height = Math.max(0, grid.clientHeight - ROW);
    this.#scroll.resize(total, height);
    pane.style.height = `${height}px`;
    space.style.height = `${Math.max(0, this.#scroll.height - height)}px`;
    if (toShown) {
      if (view.isLive) this.#scroll.top = Infinity;
      else if (this.#rows.count > 0) this.#scroll.reveal(Math.max(0, this.#rows.rowAt(view.seq)));
    }
    if (grid.scrollTop !== this.#scroll.scrollTop) grid.scrollTop = this.#scroll.scrollTop;
    this.#drawRows(view, height);

    setTrait(grid, 'aria-rowcount', total + 1);
    setTrait(only, 'aria-pressed', this.#isOnly);
    setTrait(follow, 'aria-pressed', this.#follows);
    setText(count, this.#countText(view));
    setText(none, this.#rows.count > 0 || missing > 0 ? '' : this.#emptyText(view));
  }

  #drawRows(view: RunView, height: number): void {
    const { pane, grid } = this.#parts;
    const wanted = Math.ceil(height / ROW) + 1;
    while (this.#pool.length < wanted) {
      const row = new LogRow(`row-${this.#pool.length}`);
      this.#pool.push(row);
      pane.append(row.element);
    }
    const { first, shown: count, top } = this.#scroll;
    const { length } = this.#pool;
    const free = new Set(this.#pool);
    let active = '';
    for (let row = first; row < first + count; row++) {
      // A row that stays in sight stays where it is in the page.
      const pooled = this.#pool[row % length]!;
      free.delete(pooled);
      const y = row * ROW - top;
      if (row >= this.#rows.count) {
        pooled.showGap(
          `${countText(view.connection.missing)} events up to #${countText(view.head)} are not here yet`,
          row,
          y,
        );
        continue;
      }
      const seq = this.#rows.seqAt(row);
      const isActive = seq === this.#pick.active;
      if (isActive) active = pooled.element.id;
      pooled.show(view, seq, row, y, { isActive, isPicked: this.#pick.has(seq), isPinned: this.#pins.has(seq) });
    }
    for (const pooled of free) pooled.hide();
    if (active === '') grid.removeAttribute('aria-activedescendant');
    else setTrait(grid, 'aria-activedescendant', active);
  }

  #countText(view: RunView): string {
    const { count, progress, isFiltered } = this.#rows;
    const all = countText(view.log.size);
    if (!isFiltered) return `${all} events`;
    const done = progress < 1 ? `, ${Math.floor(progress * 100)} % searched` : '';
    return `${countText(count)} of ${all}${done}`;
  }

  #emptyText(view: RunView): string {
    if (this.#isOnly && view.selected === undefined) return 'No node is selected';
    return this.#rows.isFiltered && view.log.size > 0 ? 'No event matches' : 'Nothing has happened yet';
  }

  #refilter(): void {
    const { view } = this;
    if (view === undefined) return;
    this.#onlyNode = this.#isOnly ? (view.selected ?? -2) : undefined; // -2 is no node: nothing is shown until one is selected
    const { value } = this.#parts.filter;
    this.#rows.filter(logTest(value, this.#onlyNode, view.log, (node) => view.idOf(node)));
    this.#redraw();
  }

  #forget(): void {
    for (const pooled of this.#pool) {
      pooled.hide();
      pooled.seq = -1;
    }
    if (this.view !== undefined) this.#refilter();
  }

  /* What the user does */

  #scrolled(): void {
    const before = this.#scroll.top;
    this.#scroll.scrollTop = this.#parts.grid.scrollTop;
    if (this.#scroll.top < before - 1) this.#follows = false;
    else if (this.#scroll.top > before && this.#scroll.isAtEnd && this.view?.isLive === true) this.#follows = true;
    if (this.#scroll.top !== before) this.#redraw();
  }

  #wheeled(event: WheelEvent): void {
    if (event.deltaY < 0) this.#follows = false;
    const unit = event.deltaMode === 1 ? ROW : event.deltaMode === 2 ? this.#scroll.page * ROW : 1;
    if (event.ctrlKey || !this.#scroll.turn(event.deltaY * unit)) return;
    event.preventDefault();
    if (this.#scroll.isAtEnd && this.view?.isLive === true) this.#follows = true;
    this.#redraw();
  }

  #pressed(event: KeyboardEvent): void {
    const { view } = this;
    if (view === undefined || event.target !== this.#parts.grid) return;
    const row = rowKey(event, this.#rows.rowAt(this.#pick.active), this.#rows.count, this.#scroll.page);
    if (row !== undefined) this.#activate(row, event.shiftKey ? 'extend' : 'one');
    else if (event.key === 'Enter') this.#seek();
    else if (event.key === 'p' && !event.ctrlKey && !event.metaKey && this.#pick.active > 0)
      this.#pins.toggle(this.#pick.active, view);
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey)) void this.copy();
    else return;
    event.preventDefault();
  }

  #clicked(event: MouseEvent): void {
    const { view } = this;
    const target = event.target as Element;
    const pooled = this.#pool.find(({ element }) => element.contains(target));
    if (view === undefined || pooled === undefined || pooled.seq < 1) return;
    if (target.closest('.pin') !== null) return this.#pins.toggle(pooled.seq, view);
    const how = event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'one';
    this.#activate(this.#rows.rowAt(pooled.seq), how);
  }

  /** Makes a row the one that keys speak of, and selects its node. */
  #activate(row: number, how: 'one' | 'extend' | 'toggle'): void {
    const { view } = this;
    if (view === undefined || row < 0 || row >= this.#rows.count) return;
    if (row < this.#rows.count - 1) this.#follows = false;
    this.#pick.pick(row, how, this.#rows);
    this.#scroll.reveal(row);
    const seq = this.#rows.seqAt(row);
    const node = view.log.nodeAt(seq);
    // With one node's events alone in sight another selection would take the rows away.
    if (node >= 0 && how === 'one') view.select(node);
    this.#redraw();
  }

  #seek(): void {
    if (this.#pick.active > 0) this.view?.seek(this.#pick.active);
  }

  #goTo(seq: number): void {
    const row = this.#rows.rowAt(seq);
    if (row >= 0 && this.#rows.seqAt(row) === seq) this.#activate(row, 'one');
  }

  #tell(text: string): void {
    this.#parts.told.textContent = shown(text);
  }
}
