import type { LayoutWorker } from '../../layout/Layouter.js';
import { make, setText } from '../dom/make.js';
import { countText } from '../dom/shown.js';
import { ViewElement } from '../dom/ViewElement.js';
import { onTheme } from '../theme/Colours.js';
import type { Changes } from '../view/Changes.js';
import type { RunView } from '../view/RunView.js';
import { Announcer } from './Announcer.js';
import { GLYPH_ZOOM } from './CanvasPainter.js';
import { graphText } from './graphText.js';
import { Hand, STEP } from './Hand.js';
import { summaryText } from './ItemRows.js';
import { Legend } from './Legend.js';
import { holds } from './Box.js';
import { followRunning, holdStill, oldItems } from './moves.js';
import { Notice } from './Notice.js';
import type { Picture } from './Picture.js';
import { Placing } from './Placing.js';
import { pngBlob } from './pngBlob.js';
import { itemBox, type Scene } from './Scene.js';
import { Stage } from './Stage.js';
import { itemsOf } from './standOut.js';
import { svgText } from './svgText.js';

const FOLLOW_MS = 500;

/** `<dag-graph>`: the nodes of a run, their dependencies and states, drawn in layers. */
export class DagGraph extends ViewElement {
  static readonly observedAttributes = ['list-open'];
  /** Makes the worker that lays large graphs out; where there is none, the page does. */
  newWorker: (() => LayoutWorker) | undefined;
  /** Keeps a node that runs in sight; else the camera never moves by itself. */
  followRunning = false;
  /** Whether those who hear the page are told how the run goes, once a second; what the graph is a part of may tell it itself. */
  saysProgress = true;
  readonly #stage = new Stage();
  readonly #announcer = new Announcer();
  readonly #hand = new Hand(this, this.#stage, this.#announcer);
  readonly #legend = new Legend();
  readonly #note = make('div', { class: 'note' });
  readonly #notice = new Notice({
    group: () => this.#group(),
    drawAll: () => this.#drawAll(),
    cancel: () => {
      this.#forget();
      this.#group();
    },
  });
  readonly #listButton = make('button', { onclick: () => (this.listOpen = !this.listOpen) }, 'List');
  #placing: Placing | undefined;
  #version = -1;
  #needsFit = true;
  /** Nobody has moved the camera since all was fitted into it, so it may be fitted again. */
  #isFitted = false;
  #size = 0;
  #frame = 0;
  #followedAt = 0;
  #ends: readonly (() => void)[] = [];

  constructor() {
    super(graphText);
    const button = (text: string, title: string, onclick: () => void): HTMLElement =>
      make('button', { title, 'aria-label': title, onclick }, text);
    const corner = make(
      'div',
      { class: 'corner' },
      this.#listButton,
      button('Fit', 'Fit: show all', () => this.fit()),
      button('−', 'Zoom out', () => this.zoom(1 / STEP)),
      button('+', 'Zoom in', () => this.zoom(STEP)),
    );
    const { list, tip } = this.#hand;
    const foot = make('div', { class: 'foot' }, this.#note, this.#legend.element);
    this.root.append(this.#stage.element, list.element, corner, foot, this.#notice.element);
    this.root.append(tip.element, this.#announcer.element);
    this.attributeChangedCallback();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const size = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      this.#stage.resize(width, height);
      this.#fitAtFirst();
      if (this.#isFitted) this.fit();
      this.schedule();
    });
    size.observe(this.#stage.element);
    const noTheme = onTheme(() => {
      this.#stage.recolour();
      this.schedule();
    });
    this.#ends = [() => size.disconnect(), noTheme];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#announcer.stop();
    this.#forget();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  attributeChangedCallback(): void {
    this.#listButton.setAttribute('aria-pressed', String(this.listOpen));
    this.#hand.list.paint();
  }

  /** Whether the list of nodes is shown beside the drawing. */
  get listOpen(): boolean {
    return this.hasAttribute('list-open');
  }
  set listOpen(on: boolean) {
    this.toggleAttribute('list-open', on);
  }

  /** Shows the whole drawing. */
  fit(): void {
    const { scene } = this.#stage;
    if (scene === undefined) return;
    this.move(() => this.#fitCamera(scene));
    this.#isFitted = true;
  }

  /** Puts the selection in the middle, or the drawing where nothing is selected. */
  centre(): void {
    const { scene, camera } = this.#stage;
    if (scene === undefined || this.view === undefined) return;
    // Whoever has just selected something means that.
    this.#hand.point(this.view, false);
    const { selected } = this.#stage;
    const { left, right, top, bottom } = selected < 0 ? scene.bounds : itemBox(scene, selected);
    this.move(() => camera.centreOn((left + right) / 2, (top + bottom) / 2));
  }

  /** Zooms by a factor around the middle. */
  zoom(by: number): void {
    const { camera } = this.#stage;
    this.move(() => camera.zoomAt(by, camera.width / 2, camera.height / 2));
  }

  /** Moves as little as is needed to see a node, or the group that it is folded into. */
  reveal(index: number): void {
    this.#hand.reveal(this.#stage.scene?.drawing.itemOf[index] ?? -1);
  }

  /** Lays the graph out anew: what came while it ran finds a better place. */
  arrange(): void {
    if (this.view !== undefined) this.#request(this.view, true);
  }

  /** The whole drawing as a picture of at most 8,192 pixels to a side. */
  async toPng(): Promise<Blob> {
    return pngBlob(this.#picture());
  }

  /** The whole drawing as the text of an SVG file. */
  toSvg(): string {
    return svgText(this.#picture());
  }

  protected override viewSet(): void {
    this.#forget();
    this.#hand.clear();
    this.#notice.clear();
    this.#isFitted = false;
    this.#needsFit = true;
    this.#size = 0;
  }

  protected override paint(view: RunView, changes: Changes): void {
    if (changes.structure && view.drawing.version !== this.#version) this.#request(view, false);
    const { scene } = this.#stage;
    if (scene === undefined) return;
    this.#stage.itemsChanged(changes.nodes === 'all' ? 'all' : itemsOf(scene, changes.nodes));
    this.#hand.follow(view, changes);
    this.#hand.list.paint();
    this.#summarise(view);
    this.#draw(performance.now());
  }

  #summarise(view: RunView): void {
    this.#announcer.summarise(() => {
      this.#legend.paint(view.counts);
      return this.saysProgress ? summaryText(view) : '';
    });
  }

  /** Asks for the places of another drawing, unless there is too much of it. */
  #request(view: RunView, isAnew: boolean): void {
    const { drawing } = view;
    this.#version = drawing.version;
    if (!this.#notice.show(view, true)) return;
    this.#placing ??= new Placing(
      () => this.newWorker!(),
      (scene) => this.#show(view, scene),
    );
    this.#placing.place(view, isAnew);
    setText(this.#note, this.#placing.isBusy ? 'Laying out …' : '');
    this.#notice.show(view, this.#placing.isBusy);
  }

  #group(): void {
    this.#notice.isAllowed = false;
    this.#needsFit = true;
    this.view?.setGrouping('auto');
    this.view?.foldAll();
    this.#stage.element.focus();
  }

  #drawAll(): void {
    const view = this.view!;
    this.#needsFit = true;
    if (this.#notice.begin(view)) this.#request(view, true);
    else view.setGrouping('none');
    this.#stage.element.focus();
  }

  #forget(): void {
    this.#placing?.close();
    this.#placing = undefined;
    this.#version = -1;
    this.#notice.end();
  }

  /** A layout is there. */
  #show(view: RunView, scene: Scene): void {
    const stage = this.#stage;
    const old = this.#needsFit ? undefined : stage.scene;
    const before = old === undefined ? undefined : oldItems(scene, old);
    if (before !== undefined) holdStill(stage.camera, scene, old!, before, stage.selected);
    stage.show(scene, matchMedia('(prefers-reduced-motion: reduce)').matches ? undefined : before);
    const name = `Graph of ${view.dagName}, ${countText(scene.drawing.count)} nodes and groups`;
    stage.element.setAttribute('aria-label', name);
    setText(this.#note, '');
    this.#notice.show(view, this.#placing?.isBusy === true);
    this.#summarise(view);
    this.#fitAtFirst();
    // Nodes that the run has got may lie out of sight; who opens a group looks at its place and wants to keep that.
    if (this.#isFitted && view.size > this.#size && !holds(stage.camera.seen(), scene.bounds)) this.fit();
    this.#size = view.size;
    this.#hand.list.show(view, scene);
    this.#hand.point(view, true);
    this.schedule();
  }

  /** Fits all above the legend, if that is needed. */
  #fitCamera({ bounds }: Scene): void {
    const { camera } = this.#stage;
    camera.fit(bounds);
    if (camera.scale < GLYPH_ZOOM) camera.fit(bounds, Math.min(this.#legend.element.offsetHeight, camera.height / 3));
  }

  #fitAtFirst(): void {
    const { scene, camera } = this.#stage;
    if (!this.#needsFit || scene === undefined || scene.drawing.count === 0 || camera.width === 0) return;
    this.#needsFit = false;
    this.#fitCamera(scene);
    this.#isFitted = true;
  }

  /** Moves the camera. */
  move(change: () => void): void {
    const { camera } = this.#stage;
    const { x, y, scale } = camera;
    change();
    if (camera.x !== x || camera.y !== y || camera.scale !== scale) this.#isFitted = false;
    this.#stage.cameraMoved();
    this.schedule();
  }

  /** Draws what is stale in the next frame. */
  schedule(): void {
    if (this.#frame !== 0 || !this.isConnected) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    const { view } = this;
    const { scene, camera } = this.#stage;
    if (view === undefined || scene === undefined) return;
    if (this.followRunning && now - this.#followedAt > FOLLOW_MS) {
      this.#followedAt = now;
      if (followRunning(camera, scene, view)) {
        this.#isFitted = false;
        this.#stage.cameraMoved();
      }
    }
    if (this.#stage.draw(view, now)) this.schedule();
  }

  #picture(): Picture {
    if (this.view === undefined) throw new Error('There is no run yet.');
    return this.#stage.picture(this.view);
  }
}
