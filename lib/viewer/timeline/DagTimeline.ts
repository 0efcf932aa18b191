import { setText, setTrait } from '../dom/make.js';
import { ViewElement } from '../dom/ViewElement.js';
import { rowKey } from '../log/rowKey.js';
import { ScaledScroll } from '../log/ScaledScroll.js';
import { onTheme } from '../theme/Colours.js';
import type { Changes } from '../view/Changes.js';
import type { RunView } from '../view/RunView.js';
import { hearGestures, type Place } from './gestures.js';
import { nodeLine, nodeTimes } from './nodeTip.js';
import { paintTimeline } from './paintTimeline.js';
import { timelineControls } from './timelineControls.js';
import { TimelineInks } from './TimelineInks.js';
import { TimelineModel } from './TimelineModel.js';
import { TimelineTip } from './TimelineTip.js';
import { HEAD, ROW, labelsOf, timelineText } from './timelineText.js';
import { TimeScale } from './TimeScale.js';

const NEAR_PX = 6;
const MARGIN = 14;

/**
 * `<dag-timeline>`: when each node waited and ran, as bars over time, one row for each node that has begun or could. Only the
 * rows in sight are painted.
 */
export class DagTimeline extends ViewElement {
  readonly #model = new TimelineModel();
  readonly #tip = new TimelineTip();
  readonly #scroll = new ScaledScroll(ROW);
  readonly #parts = timelineControls({
    sort: (sort) => this.#arrange({ sort }),
    cut: () => this.#arrange({ cutsIdle: !this.#model.cutsIdle }),
    zoom: (factor) => this.zoomBy(factor),
    reset: () => this.resetZoom(),
  });
  readonly #context = this.#parts.canvas.getContext('2d')!;
  #inks: TimelineInks | undefined;
  #scale = new TimeScale(0, 1, 0, 1);
  #width = 0;
  #height = 0;
  #hover = -1;
  #brush: readonly [number, number] | undefined;
  #selected: number | undefined;
  /** Where keys were last, for when the selected node has no row. */
  #row = -1;
  #frame = 0;
  #timer = 0;
  #sizes: ResizeObserver | undefined;
  #endTheme: (() => void) | undefined;

  constructor() {
    super(timelineText);
    const { bar, box, told, canvas } = this.#parts;
    this.root.append(bar, box, this.#tip.element, told);
    box.addEventListener('scroll', () => {
      this.#scroll.scrollTop = box.scrollTop;
      this.#redraw();
    });
    canvas.addEventListener('keydown', (event) => this.#pressed(event));
    hearGestures(canvas, {
      placeAt: (x, y) => this.#placeAt(x, y),
      select: (row) => this.#select(row),
      reveal: (row) => this.#reveal(row),
      hover: (place, x, y) => this.#hoverOver(place, x, y),
      seek: (x) => this.#seek(x),
      brush: (from, to, isDone) => this.#brushed(from, to, isDone),
      pan: (x, y) => this.#pan(x, y),
      zoom: (factor, x) => this.zoomBy(factor, x),
      scroll: (y) => {
        this.#redraw();
        return this.#scroll.turn(y);
      },
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endTheme = onTheme(() => {
      this.#inks = undefined;
      this.#redraw();
    });
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(this.#parts.box);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endTheme?.();
    this.#sizes?.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#tip.hide();
    this.#frame = this.#timer = 0;
  }

  /** Zooms in time alone, about a px or the middle. */
  zoomBy(factor: number, x = this.#scale.left + this.#scale.width / 2): void {
    if (this.view !== undefined) this.#model.zoomTo(this.view, ...this.#scale.zoomed(factor, x));
    this.#redraw();
  }

  /** Shows the whole run. */
  resetZoom(): void {
    this.#model.zoom = undefined;
    this.#redraw();
  }

  protected override viewSet(): void {
    this.#model.zoom = this.#brush = this.#selected = undefined;
    this.#hover = this.#row = -1;
    this.#inks = undefined;
    this.#model.expire(true);
  }

  protected override paint(view: RunView, changes: Changes): void {
    if (changes.structure || changes.log || changes.moved || changes.filter || changes.nodes.length > 0)
      this.#model.expire(changes.structure);
    this.#draw(view);
  }

  #arrange(how: Partial<Pick<TimelineModel, 'sort' | 'cutsIdle'>>): void {
    Object.assign(this.#model, how);
    this.#model.expire(false);
    this.#redraw();
  }

  #redraw(): void {
    if (this.#frame !== 0 || !this.isConnected) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.view !== undefined) this.#draw(this.view);
    });
  }

  /** Paints at once: a canvas is empty after a change of its size. */
  #resize(): void {
    const { clientWidth, clientHeight } = this.#parts.box;
    this.#width = clientWidth;
    this.#height = clientHeight;
    if (this.view !== undefined) this.#draw(this.view);
  }

  /** Makes the canvas as fine as the screen is now. Returns its px for each of the page. */
  #fit(): number {
    const { canvas } = this.#parts;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(this.#width * ratio), Math.round(this.#height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    canvas.style.height = `${this.#height}px`;
    return ratio;
  }

  #draw(view: RunView): void {
    if (this.#height === 0) return;
    const at = performance.now();
    const rowsWait = this.#model.refresh(view, at);
    const labels = labelsOf(this.#width);
    this.#scale = this.#model.scale(view, labels, this.#width - labels - MARGIN);
    const stale = Math.max(rowsWait, this.#model.refreshLoads(view, this.#scale, at));
    const wait = Math.min(stale || Infinity, this.#model.growsAfter(view, this.#scale));
    clearTimeout(this.#timer);
    if (wait < Infinity && this.isConnected) this.#timer = window.setTimeout(() => this.#redraw(), wait);
    this.#place(view);

    const { first, shown: count, top } = this.#scroll;
    const ratio = this.#fit();
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintTimeline({
      context: this.#context,
      view,
      model: this.#model,
      scale: this.#scale,
      inks: (this.#inks ??= new TimelineInks(this)),
      width: this.#width,
      height: this.#height,
      labels,
      first,
      count,
      top,
      now: this.#model.now(view),
      hover: this.#hover,
      brush: this.#brush,
    });
  }

  /** Sets what stands around the canvas to what it shows. */
  #place(view: RunView): void {
    const { box, space, none, count, cut, reset, canvas } = this.#parts;
    const { length } = this.#model.rows;
    this.#scroll.resize(length, this.#height - HEAD);
    // The selection of another element is followed, the user's own scrolling is not undone.
    if (this.#selected !== view.selected) {
      this.#selected = view.selected;
      const row = this.#model.rowOf(view.selected);
      if (row >= 0) this.#scroll.reveal(row);
    }
    space.style.height = `${Math.max(0, this.#scroll.height + HEAD - this.#height)}px`;
    if (box.scrollTop !== this.#scroll.scrollTop) box.scrollTop = this.#scroll.scrollTop;
    setText(count, this.#model.countText(view));
    setText(none, length > 0 ? '' : view.size === 0 ? 'No nodes yet' : 'No node has begun, or none matches');
    setTrait(cut, 'aria-pressed', this.#model.cutsIdle);
    reset.disabled = this.#model.zoom === undefined;
    setTrait(canvas, 'aria-label', `Timeline, ${this.#model.countText(view)}`);
  }

  /* What the user does */

  #placeAt(x: number, y: number): Place {
    const isRow = y >= HEAD;
    const row = isRow ? Math.floor((y - HEAD + this.#scroll.top) / ROW) : -1;
    const found = row < this.#model.rows.length ? row : -1;
    if (x < labelsOf(this.#width)) return { part: 'label', row: found };
    if (this.view !== undefined && Math.abs(x - this.#scale.x(this.#model.now(this.view))) <= NEAR_PX)
      return { part: 'moment', row: found };
    return { part: isRow ? 'bars' : 'axis', row: found };
  }

  #select(row: number): void {
    const { view } = this;
    const node = this.#model.rows[row];
    if (view === undefined || node === undefined) return;
    this.#row = row;
    this.#scroll.reveal(row);
    this.#selected = node;
    view.select(node);
    setText(
      this.#parts.told,
      nodeLine(nodeTimes(view, this.#model.lists, node, this.#model.now(view)), row, this.#model.rows.length),
    );
    this.#redraw();
  }

  /** Asks whoever shows nodes elsewhere to bring this one into sight. */
  #reveal(row: number): void {
    const node = this.#model.rows[row];
    if (node !== undefined)
      this.dispatchEvent(new CustomEvent('dag-reveal', { detail: { node }, bubbles: true, composed: true }));
  }

  #hoverOver(place: Place | undefined, x: number, y: number): void {
    const { view } = this;
    const row = place?.row ?? -1;
    const node = this.#model.rows[row];
    if (row !== this.#hover) {
      this.#hover = row;
      this.#tip.hide();
      this.#redraw();
    }
    if (view === undefined || node === undefined) this.#tip.hide();
    else this.#tip.showSoon(view, this.#model, node, this, x, y + this.#parts.box.offsetTop);
  }

  /** Shows the moment at a place; at the right end the run is followed again. */
  #seek(x: number): void {
    const { view } = this;
    if (view === undefined) return;
    const at = this.#scale.at(x);
    if (at >= view.endAt) view.live();
    else view.seek(Math.max(1, view.log.seqAt(at)));
  }

  #brushed(from: number, to: number, isDone: boolean): void {
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    this.#brush = isDone ? undefined : [left, right];
    if (isDone && right - left > 3 && this.view !== undefined) this.#zoomInto(this.view, left, right);
    this.#redraw();
  }

  /** Shows a range, and where none of its rows is in sight the first that has a bar in it. */
  #zoomInto(view: RunView, left: number, right: number): void {
    const [from, to] = [this.#scale.at(left), this.#scale.at(right)];
    this.#model.zoomTo(view, from, to);
    const row = this.#model.rowWithin(view, from, to, this.#scroll.first, this.#scroll.shown);
    if (row >= 0) this.#scroll.reveal(row);
  }

  #pan(x: number, y: number): void {
    if (x !== 0 && this.view !== undefined) this.#model.shift(this.view, this.#scale, x);
    if (y !== 0) this.#scroll.top += y;
    this.#redraw();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.view === undefined) return;
    const { rows } = this.#model;
    const selected = this.#model.rowOf(this.view.selected);
    const current = selected >= 0 ? selected : Math.min(this.#row, rows.length - 1);
    const row = rowKey(event, current, rows.length, this.#scroll.page);
    if (row !== undefined) this.#select(row);
    else if (event.key === 'Enter') this.#reveal(current);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      this.#pan(((event.key === 'ArrowLeft' ? -1 : 1) * this.#scale.width) / 10, 0);
    else if (event.key === '+' || event.key === '=') this.zoomBy(1.5);
    else if (event.key === '-') this.zoomBy(1 / 1.5);
    else if (event.key === '0') this.resetZoom();
    else return;
    event.preventDefault();
  }
}
