import * as L from '../theme/looks.js';
import { ITEM_HEIGHT, ITEM_WIDTH } from './Box.js';
import { itemLook } from './Card.js';
import { farMark, strengthOf } from './farMark.js';
import type { Inks } from './Inks.js';
import type { Picture } from './Picture.js';

/** Looks by what wants to be seen most, the last above all; a node that is not there yet below them. */
const rising: readonly number[] = [
  L.GONE,
  L.PENDING,
  L.SKIPPED,
  L.CACHED,
  L.SUCCEEDED,
  L.CANCELLED,
  L.READY,
  L.STARTING,
  L.PAUSED,
  L.WAITING,
  L.RUNNING,
  L.RETRYING,
  L.TIMED_OUT,
  L.FAILED,
];
const rankOf = new Uint8Array(256);
rising.forEach((look, rank) => (rankOf[look] = rank + 1));
const inkNames = ['line', 'fill', 'edge'] as const;
/** A pixel holds a rank, higher where it is to stand out, and an ink: 0 is nothing. */
const LIT = rising.length;
const CODES = (1 + 2 * LIT) * inkNames.length;

/**
 * Draws marks of very many items pixel by pixel, which is many times faster than box by box. Where several fall together, the
 * one is seen that most wants to be.
 */
export class Dots {
  #pixels = new Uint8Array(0);
  #image: ImageData | undefined;
  #inks: Inks | undefined;
  #colours = new Uint32Array(0);

  /** @param dim - How strongly what does not stand out is drawn, 0 to 1. */
  paint(context: CanvasRenderingContext2D, picture: Picture, ratio: number, dim: number): void {
    const { scene, camera, view, inks, lit } = picture;
    const { width, height } = context.canvas;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = context.createImageData(width, height);
      this.#pixels = new Uint8Array(width * height);
    }
    if (inks !== this.#inks) this.#colours = coloursOf(inks, dim);
    this.#inks = inks;
    const pixels = this.#pixels.fill(0);
    const scale = camera.scale * ratio;
    const wide = Math.max(1, Math.round(ITEM_WIDTH * scale));
    const high = Math.max(1, Math.round(ITEM_HEIGHT * scale));
    const stamps = Array.from(rankOf, (rank, look) => (rank === 0 ? [] : stampOf(look, wide, high)));
    const [left, top] = [camera.x * ratio - wide / 2, camera.y * ratio - high / 2];
    const { x, y } = scene;
    for (let item = 0; item < x.length; item += 1) {
      const column = Math.round(x[item]! * scale + left);
      const row = Math.round(y[item]! * scale + top);
      if (column < -wide || row < -high || column > width + wide || row > height) continue;
      const look = itemLook(view, scene, item);
      const code = (rankOf[look]! + (lit?.[item] === 0 ? 0 : LIT)) * inkNames.length;
      const stamp = stamps[look]!;
      for (let at = 0; at < stamp.length; at += 3) {
        const pixelX = column + stamp[at]!;
        const pixelY = row + stamp[at + 1]!;
        if (pixelX < 0 || pixelX >= width || pixelY < 0 || pixelY >= height) continue;
        const pixel = pixelY * width + pixelX;
        if (code + stamp[at + 2]! > pixels[pixel]!) pixels[pixel] = code + stamp[at + 2]!;
      }
    }
    const colours = this.#colours;
    const out = new Uint32Array(this.#image.data.buffer);
    for (let pixel = 0; pixel < out.length; pixel += 1) out[pixel] = colours[pixels[pixel]!]!;
    context.putImageData(this.#image, 0, 0);
  }
}

/** The pixels of a look's mark: across, down and ink of each. */
const stampOf = (look: number, wide: number, high: number): readonly number[] => {
  const pixels = new Map<string, readonly [number, number, number]>();
  for (const { x, y, width, height, ink } of farMark(look, wide, high))
    for (let down = y; down < y + height; down += 1)
      for (let across = x; across < x + width; across += 1)
        pixels.set(`${across} ${down}`, [across, down, inkNames.indexOf(ink)]);
  return [...pixels.values()].flat();
};

/** By what a pixel holds: a colour as an image has it. */
const coloursOf = (inks: Inks, dim: number): Uint32Array<ArrayBuffer> => {
  const canvas = document.createElement('canvas');
  canvas.width = CODES;
  canvas.height = 1;
  const context = canvas.getContext('2d')!;
  for (let code = inkNames.length; code < CODES; code += 1) {
    const rank = Math.floor(code / inkNames.length);
    const look = rising[(rank - 1) % LIT]!;
    const ink = inkNames[code % inkNames.length]!;
    context.fillStyle = (ink === 'edge' ? undefined : inks[ink][look]) ?? inks.edge;
    context.globalAlpha = strengthOf(look) * (rank <= LIT || look === L.GONE ? dim : 1);
    context.fillRect(code, 0, 1, 1);
  }
  return new Uint32Array(context.getImageData(0, 0, CODES, 1).data.buffer);
};
