import type { RunView } from '../view/RunView.js';
import { Camera } from './Camera.js';
import { CanvasPainter, GLYPH_ZOOM } from './CanvasPainter.js';
import { Glide } from './Glide.js';
import { type Inks, inksOf } from './Inks.js';
import { Labels } from './Labels.js';
import { hairOf, type Picture } from './Picture.js';
import { showsMore, type Scene } from './Scene.js';
import { SvgOverlay } from './SvgOverlay.js';
import { SvgPainter } from './SvgPainter.js';
import { svgElement } from './svgElement.js';

/** While at most so many items are seen, each is an element. */
const ELEMENTS_MAX = 500;
/** A canvas has at most so many pixels. */
const PIXELS_MAX = 16e6;
/** The sheet is larger than what is seen, by so many pixels on each side: a short move of the camera just moves it. */
const AROUND = 160;
/** While the camera moves, the sheet is moved and scaled as it is; it is drawn anew after so long a rest, or so long a way. */
const REST_MS = 120;
const WAY_MS = 250;

/** Draws a scene, with the painter that suits what is seen of it, and only what has changed. */
export class Stage {
  readonly camera = new Camera();
  readonly element = document.createElement('div');
  scene: Scene | undefined;
  selected = -1;
  hovered = -1;
  critical: readonly number[] = [];
  /** By item: 1 where it stands out, and where it is highlighted. */
  lit: Uint8Array | undefined;
  marked: Uint8Array | undefined;
  readonly #labels = new Labels();
  readonly #canvas = new CanvasPainter();
  readonly #elements = new SvgPainter();
  readonly #overlay = new SvgOverlay();
  readonly #world = svgElement(
    'g',
    {},
    this.#overlay.frames,
    this.#elements.lines,
    this.#overlay.lines,
    this.#elements.items,
    this.#overlay.above,
  );
  readonly #sheet = document.createElement('div');
  /** Sees the sheet as it was drawn last. */
  readonly #drawn = new Camera();
  #inks: Inks | undefined;
  #glide: Glide | undefined;
  #usesElements = true;
  #cost = 0;
  #movedAt = 0;
  #movesSince = 0;
  #isStale = true;
  #isMoved = false;
  #isPointed = false;
  #items: Set<number> | 'all' = new Set();

  constructor() {
    this.element.className = 'stage';
    this.#sheet.className = 'sheet';
    const svg = svgElement('svg', { class: 'drawing', 'aria-hidden': 'true' }, this.#world);
    this.#sheet.append(this.#canvas.edges, this.#canvas.items, svg);
    this.element.append(this.#sheet);
  }

  /** Shows another scene; `oldItem` tells for its items which they were in the one before, and lets them come from there. */
  show(scene: Scene, oldItem: Int32Array | undefined): void {
    const old = this.scene;
    this.scene = scene;
    this.#glide =
      old === undefined || oldItem === undefined ? undefined : Glide.between(old, scene, oldItem, performance.now());
    this.#isStale = true;
  }

  /** Shows nothing: what comes is of another run. */
  clear(): void {
    this.scene = this.#glide = this.lit = this.marked = undefined;
    this.selected = this.hovered = -1;
    this.critical = [];
    this.#items = new Set();
    this.#elements.clear();
    this.#sheet.hidden = true;
    delete this.element.dataset['painter'];
  }

  resize(width: number, height: number): void {
    const { camera } = this;
    // What was in the middle stays there.
    if (camera.width > 0) camera.pan((width - camera.width) / 2, (height - camera.height) / 2);
    camera.width = width;
    camera.height = height;
    this.#isStale = true;
  }

  recolour(): void {
    this.#inks = undefined;
    this.#isStale = true;
  }

  cameraMoved(): void {
    this.#movedAt = performance.now();
    this.#isMoved = true;
  }

  /** Selection or hover is another. */
  pointedMoved(): void {
    this.#isPointed = true;
  }

  /** Items say something else. */
  itemsChanged(items: Iterable<number> | 'all'): void {
    if (items === 'all' || this.#items === 'all') this.#items = 'all';
    else for (const item of items) this.#items.add(item);
  }

  /** Other edges are to be drawn strongly. */
  edgesChanged(): void {
    this.#isStale = true;
  }

  /** Draws what is stale; true when another frame is needed. */
  draw(view: RunView, now: number): boolean {
    const { scene, camera } = this;
    if (scene === undefined || camera.width === 0 || camera.height === 0) return false;
    if (this.#glide !== undefined) {
      this.#isStale = true;
      if (!this.#glide.move(now)) this.#glide = undefined;
    }
    if (this.#isStale || (this.#isMoved && !this.#follows(now))) this.#drawAll(view, scene);
    else {
      if (this.#isPointed) this.#overlay.paint(this.picture(view, this.#drawn), this);
      const items = this.#items;
      if (items === 'all' || items.size > 0) this.#drawItems(this.picture(view, this.#drawn), items);
    }
    this.#isStale = this.#isPointed = false;
    this.#items = new Set();
    return this.#isMoved || this.#glide !== undefined;
  }

  /** What a painter needs, seen by some camera. */
  picture(view: RunView, camera = this.camera): Picture {
    if (this.scene === undefined) throw new Error('There is no drawing yet.');
    return {
      view,
      scene: this.scene,
      camera,
      inks: (this.#inks ??= inksOf(this.element)),
      labels: this.#labels,
      lit: this.lit,
      marked: this.marked,
      glide: this.#glide,
    };
  }

  /** Moves the sheet as the camera has moved; false when that will not do. */
  #follows(now: number): boolean {
    const { camera } = this;
    const drawn = this.#drawn;
    const zoom = camera.scale / drawn.scale;
    // The sheet's corner lies at -AROUND, and is where `drawn` sees its own 0.
    const x = camera.x - drawn.x * zoom + AROUND;
    const y = camera.y - drawn.y * zoom + AROUND;
    const isCovered = zoom === 1 && Math.abs(x) <= AROUND && Math.abs(y) <= AROUND;
    if (!isCovered) {
      if (this.#movesSince === 0) this.#movesSince = now;
      const isAtRest = now - this.#movedAt >= REST_MS;
      if (isAtRest || now - this.#movesSince > Math.max(WAY_MS, 12 * this.#cost)) return false;
    }
    this.#sheet.style.setProperty('transform', `translate(${x}px, ${y}px) scale(${zoom})`);
    this.#isMoved = !isCovered;
    return true;
  }

  #drawAll(view: RunView, scene: Scene): void {
    const begun = performance.now();
    const { camera, element } = this;
    const drawn = this.#drawn;
    drawn.scale = camera.scale;
    drawn.x = camera.x + AROUND;
    drawn.y = camera.y + AROUND;
    drawn.width = camera.width + 2 * AROUND;
    drawn.height = camera.height + 2 * AROUND;
    this.#sheet.hidden = false;
    const { style } = this.#sheet;
    style.setProperty('inset', `${-AROUND}px auto auto ${-AROUND}px`);
    style.setProperty('width', `${drawn.width}px`);
    style.setProperty('height', `${drawn.height}px`);
    style.setProperty('transform', 'none');
    this.#world.setAttribute('transform', `translate(${drawn.x} ${drawn.y}) scale(${drawn.scale})`);
    this.#world.style.setProperty('--hair', String(hairOf(drawn.scale)));
    const picture = this.picture(view, drawn);
    const usesElements = !showsMore(scene, camera.seen(), ELEMENTS_MAX);
    if (this.#usesElements && !usesElements) this.#elements.clear();
    this.#usesElements = usesElements;
    element.dataset['painter'] = usesElements ? 'elements' : 'canvas';
    element.classList.toggle('far', !usesElements && camera.scale < GLYPH_ZOOM);
    if (usesElements) this.#elements.paint(picture);
    else this.#canvas.paint(picture, this.#ratio());
    this.#overlay.paint(picture, this);
    this.#isMoved = false;
    this.#movesSince = 0;
    this.#cost = performance.now() - begun;
  }

  #drawItems(picture: Picture, items: Set<number> | 'all'): void {
    if (!this.#usesElements) this.#canvas.paintItems(picture, items);
    else if (items === 'all') this.#elements.paint(picture);
    else this.#elements.paintItems(picture, items);
  }

  #ratio(): number {
    const { width, height } = this.#drawn;
    return Math.min(devicePixelRatio || 1, Math.sqrt(PIXELS_MAX / Math.max(1, width * height)));
  }
}
