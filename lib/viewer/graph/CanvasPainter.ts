import { looks, PENDING } from '../theme/looks.js';
import { cardOf, itemLook } from './Card.js';
import { cardShapes } from './cardShapes.js';
import { Dots } from './Dots.js';
import { canvasGlyphs, drawShapes } from './drawShapes.js';
import { farMark, reachOf, strengthOf, type MarkPart } from './farMark.js';
import { FAR_ZOOM } from './Labels.js';
import { hairOf, isMarked, type Picture } from './Picture.js';
import { ITEM_HEIGHT, ITEM_WIDTH } from './Box.js';
import { edgesIn, itemsIn, showsMore } from './Scene.js';
import { traceEdge, traceHead } from './trace.js';

/** How strongly what does not stand out is drawn. */
export const DIM = 0.22;
/** From this zoom on items bear labels, and from this one a glyph. */
const LABEL_ZOOM = 0.4;
export const GLYPH_ZOOM = 0.18;
/** Up to this zoom edges are only hinted at, by so many of them at most. */
const FAINT_ZOOM = 0.1;
const FAINT_EDGES = 12_000;
/** More items than this are drawn pixel by pixel where each is at most so many pixels wide. */
const DOTS_MIN = 20_000;
const DOT_MAX = 12;
/** Edges to a path. One path of all would take far longer; and where several cross, they show how dense they are. */
const CHUNK = 50;

/** Draws many items on two canvases: edges on the lower one, which stays, and items on the upper one. */
export class CanvasPainter {
  readonly edges = document.createElement('canvas');
  readonly items = document.createElement('canvas');
  readonly #edges = this.edges.getContext('2d')!;
  readonly #items = this.items.getContext('2d')!;
  readonly #dots = new Dots();
  /** By item: what it was painted as. */
  #codes = new Uint8Array(0);
  #ratio = 1;

  /** Paints all, with so many pixels of the canvas to a pixel of the page. */
  paint(picture: Picture, ratio: number): void {
    const { camera, scene, inks } = picture;
    this.#ratio = ratio;
    for (const canvas of [this.edges, this.items]) {
      // Setting a size clears as well, and costs more than clearing.
      const width = Math.round(camera.width * ratio);
      const height = Math.round(camera.height * ratio);
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    const context = this.#edges;
    clear(context);
    const isFaint = camera.scale <= FAINT_ZOOM;
    const edges = edgesIn(scene, camera.seen(), isFaint ? FAINT_EDGES : Infinity);
    const scale = camera.scale * ratio;
    context.setTransform(scale, 0, 0, scale, camera.x * ratio, camera.y * ratio);
    context.strokeStyle = inks.edge;
    context.fillStyle = inks.edge;
    context.lineWidth = hairOf(camera.scale);
    const alpha = isFaint ? 0.2 : 0.85;
    this.#lines(
      picture,
      edges.filter((edge) => isMarked(picture, edge)),
      alpha,
    );
    this.#lines(
      picture,
      edges.filter((edge) => !isMarked(picture, edge)),
      alpha * DIM,
    );
    this.#paintAll(picture, codesOf(picture));
  }

  /** Paints items anew over what was there; of `all` those alone that look otherwise, where nothing else can be seen of them. */
  paintItems(picture: Picture, items: Iterable<number> | 'all'): void {
    const codes = items === 'all' ? codesOf(picture) : this.#codes;
    if (items === 'all' && picture.camera.scale >= LABEL_ZOOM) return this.#paintAll(picture, codes);
    if (items !== 'all') {
      const some = [...items];
      for (const item of some) codes[item] = codeOf(picture, item);
      return this.#paintEach(picture, some);
    }
    const changed: number[] = [];
    for (let item = 0; item < codes.length; item += 1) if (codes[item] !== this.#codes[item]) changed.push(item);
    if (changed.length > DOTS_MIN) return this.#paintAll(picture, codes);
    this.#codes = codes;
    this.#paintEach(picture, changed);
  }

  #paintAll(picture: Picture, codes: Uint8Array<ArrayBuffer>): void {
    const { scene, camera } = picture;
    this.#codes = codes;
    if (ITEM_WIDTH * camera.scale * this.#ratio <= DOT_MAX && showsMore(scene, camera.seen(), DOTS_MIN))
      return this.#dots.paint(this.#items, picture, this.#ratio, DIM);
    clear(this.#items);
    this.#paintEach(picture, itemsIn(scene, camera.seen()), true);
  }

  /** @param isClear - Nothing lies below. */
  #paintEach(picture: Picture, items: readonly number[], isClear = false): void {
    const { scene, camera, view, inks, lit, labels } = picture;
    const context = this.#items;
    const scale = camera.scale * this.#ratio;
    const margin = 3 * scale;
    const width = Math.max(1, Math.round(ITEM_WIDTH * scale));
    const height = Math.max(1, Math.round(ITEM_HEIGHT * scale));
    const isPlain = camera.scale < LABEL_ZOOM;
    const isFar = camera.scale < GLYPH_ZOOM;
    const marks = looks.map((_, look) => (isFar ? farMark(look, width, height) : []));
    const reach = isFar ? reachOf(width) : 0;
    for (const item of items) {
      const middleX = scene.x[item]! * scale + camera.x * this.#ratio;
      const middleY = scene.y[item]! * scale + camera.y * this.#ratio;
      const left = Math.round(middleX - width / 2);
      const top = Math.round(middleY - height / 2);
      if (left > this.items.width || top > this.items.height || left + width < 0 || top + height < 0) continue;
      context.setTransform(1, 0, 0, 1, 0, 0);
      const look = itemLook(view, scene, item);
      context.globalAlpha = lit?.[item] === 0 || inks.line[look] === undefined ? DIM : 1;
      if (isPlain) {
        if (!isClear) context.clearRect(left - reach, top, width + 2 * reach, height);
        if (isFar) this.#far(picture, look, marks[look] ?? marks[PENDING]!, left, top);
        else this.#plain(picture, look, left, top, width, height);
      } else {
        if (!isClear) context.clearRect(left - margin, top - margin, width + 2 * margin, height + 2 * margin);
        context.setTransform(scale, 0, 0, scale, middleX, middleY);
        drawShapes(context, cardShapes(cardOf(view, scene, item), labels, camera.scale < FAR_ZOOM), inks);
      }
    }
    context.globalAlpha = 1;
  }

  /** An item from afar: a box in the colour of its look, with the sign in place of the label. */
  #plain({ inks }: Picture, look: number, left: number, top: number, width: number, height: number): void {
    const context = this.#items;
    const line = inks.line[look] ?? inks.edge;
    context.fillStyle = line;
    context.fillRect(left, top, width, height);
    const rim = Math.max(1, Math.round(this.#ratio));
    context.fillStyle = inks.fill[look] ?? inks.surface;
    context.fillRect(left + rim, top + rim, width - 2 * rim, height - 2 * rim);
    const glyph = canvasGlyphs()[look];
    if (glyph === undefined) return;
    const size = (height * 0.85) / 16;
    context.setTransform(size, 0, 0, size, left + width / 2 - 8 * size, top + height / 2 - 8 * size);
    context.strokeStyle = line;
    context.lineWidth = 2;
    context.lineCap = 'round';
    context.stroke(glyph);
  }

  /** An item from still further: a mark. */
  #far({ inks }: Picture, look: number, mark: readonly MarkPart[], left: number, top: number): void {
    const context = this.#items;
    context.globalAlpha *= strengthOf(look);
    for (const { x, y, width, height, ink } of mark) {
      context.fillStyle = (ink === 'edge' ? undefined : inks[ink][look]) ?? inks.edge;
      context.fillRect(left + x, top + y, width, height);
    }
  }

  #lines({ scene, camera }: Picture, edges: readonly number[], alpha: number): void {
    const context = this.#edges;
    context.globalAlpha = alpha;
    for (let at = 0; at < edges.length; at += CHUNK) {
      const chunk = edges.slice(at, at + CHUNK);
      context.beginPath();
      for (const edge of chunk) traceEdge(scene, edge, context);
      context.stroke();
      if (camera.scale < GLYPH_ZOOM) continue;
      context.beginPath();
      for (const edge of chunk) traceHead(scene, edge, context);
      context.fill();
    }
  }
}

const clear = (context: CanvasRenderingContext2D): void => {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
};

/** What is seen of an item from afar: its look, and whether it stands back. */
const codeOf = ({ view, scene, lit }: Picture, item: number): number =>
  (itemLook(view, scene, item) & 0x7f) | (lit?.[item] === 0 ? 0x80 : 0);

const codesOf = (picture: Picture): Uint8Array<ArrayBuffer> => {
  const codes = new Uint8Array(picture.scene.drawing.count);
  for (let item = 0; item < codes.length; item += 1) codes[item] = codeOf(picture, item);
  return codes;
};
