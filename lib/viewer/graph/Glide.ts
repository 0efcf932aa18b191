import type { Scene } from './Scene.js';

const GLIDE_MS = 180;
/** More items than this do not glide. */
const GLIDE_MAX = 500;

/** Lets items move from where they were to where they are now, and new ones come into sight. */
export class Glide {
  readonly #scene: Scene;
  readonly #endX: Float64Array;
  readonly #endY: Float64Array;
  /** NaN for new items. */
  readonly #startX: Float64Array;
  readonly #startY: Float64Array;
  readonly #begun: number;
  /** How far all have come, 0 to 1. */
  share = 0;

  private constructor(scene: Scene, startX: Float64Array, startY: Float64Array, now: number) {
    this.#scene = scene;
    this.#startX = startX;
    this.#startY = startY;
    this.#endX = scene.x.slice();
    this.#endY = scene.y.slice();
    this.#begun = now;
  }

  /** The way from one scene to the next; undefined where there is nothing to be seen of it. */
  static between(old: Scene, scene: Scene, oldItem: Int32Array, now: number): Glide | undefined {
    const { count } = scene.drawing;
    if (count > GLIDE_MAX) return undefined;
    const startX = Float64Array.from(oldItem, (item) => (item < 0 ? NaN : old.x[item]!));
    const startY = Float64Array.from(oldItem, (item) => (item < 0 ? NaN : old.y[item]!));
    const isStill = startX.every((x, item) => x === scene.x[item] && startY[item] === scene.y[item]);
    return isStill ? undefined : new Glide(scene, startX, startY, now);
  }

  /** Moves the scene's items to where they are at a time; false at the end. */
  move(now: number): boolean {
    const time = Math.min(1, Math.max(0, (now - this.#begun) / GLIDE_MS));
    this.share = 1 - (1 - time) ** 3;
    const { x, y } = this.#scene;
    for (let item = 0; item < x.length; item += 1) {
      if (Number.isNaN(this.#startX[item]!)) continue;
      x[item] = this.#startX[item]! + (this.#endX[item]! - this.#startX[item]!) * this.share;
      y[item] = this.#startY[item]! + (this.#endY[item]! - this.#startY[item]!) * this.share;
    }
    if (time < 1) return true;
    x.set(this.#endX);
    y.set(this.#endY);
    return false;
  }

  /** How far an item has come into sight, 0 to 1. */
  opacityOf(item: number): number {
    return Number.isNaN(this.#startX[item]!) ? this.share : 1;
  }
}
