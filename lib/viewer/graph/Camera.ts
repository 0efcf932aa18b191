import type { Box } from './Box.js';

const SMALLEST = 0.02;
const LARGEST = 4;
const MARGIN = 24;
/** With the margin this is as high as the buttons that stand over a drawing, so that all of it can be pointed at. */
const FOOT = 20;

/** What part of the drawing is seen: a screen point is a world point times `scale`, plus `x` or `y`. */
export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  width = 0;
  height = 0;
  #smallest = SMALLEST;

  worldX(screenX: number): number {
    return (screenX - this.x) / this.scale;
  }

  worldY(screenY: number): number {
    return (screenY - this.y) / this.scale;
  }

  /** The part of the world that is seen, and `margin` screen pixels around it. */
  seen(margin = 0): Box {
    return {
      left: this.worldX(-margin),
      top: this.worldY(-margin),
      right: this.worldX(this.width + margin),
      bottom: this.worldY(this.height + margin),
    };
  }

  pan(screenX: number, screenY: number): void {
    this.x += screenX;
    this.y += screenY;
  }

  /** Zooms so that the world point below a screen point stays there. */
  zoomAt(factor: number, screenX: number, screenY: number): void {
    const scale = Math.min(LARGEST, Math.max(this.#smallest, this.scale * factor));
    this.x = screenX - ((screenX - this.x) / this.scale) * scale;
    this.y = screenY - ((screenY - this.y) / this.scale) * scale;
    this.scale = scale;
  }

  /** Shows a whole box in the middle, never larger than its natural size; `foot` pixels at the bottom are left free. */
  fit(box: Box, foot = Math.min(FOOT, this.height / 8)): void {
    const width = Math.max(1, box.right - box.left);
    const height = Math.max(1, box.bottom - box.top);
    const room = Math.max(1, Math.min(MARGIN, this.width / 8, this.height / 8));
    this.scale = Math.min(
      1,
      Math.max(1, this.width - 2 * room) / width,
      Math.max(1, this.height - foot - 2 * room) / height,
    );
    this.#smallest = Math.min(SMALLEST, this.scale);
    this.centreOn((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    this.y -= foot / 2;
  }

  centreOn(worldX: number, worldY: number): void {
    this.x = this.width / 2 - worldX * this.scale;
    this.y = this.height / 2 - worldY * this.scale;
  }

  /** Moves as little as is needed to see a box. */
  reveal(box: Box): void {
    const seen = this.seen(-Math.min(MARGIN, this.width / 8, this.height / 8));
    this.x -= excess(box.left, box.right, seen.left, seen.right) * this.scale;
    this.y -= excess(box.top, box.bottom, seen.top, seen.bottom) * this.scale;
  }
}

/** How far from..to lies out of low..high; a span larger than the room is shown from its beginning. */
const excess = (from: number, to: number, low: number, high: number): number => {
  if (from < low || to - from > high - low) return from - low;
  return to > high ? to - high : 0;
};
