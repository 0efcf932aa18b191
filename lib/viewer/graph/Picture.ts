import type { RunView } from '../view/RunView.js';
import type { Camera } from './Camera.js';
import type { Glide } from './Glide.js';
import type { Inks } from './Inks.js';
import type { Labels } from './Labels.js';
import type { Scene } from './Scene.js';

/** All that a painter needs for one picture. */
export interface Picture {
  readonly view: RunView;
  readonly scene: Scene;
  readonly camera: Camera;
  readonly inks: Inks;
  readonly labels: Labels;
  /** By item: 1 where it stands out; undefined: all do. */
  readonly lit: Uint8Array | undefined;
  /** By item: 1 where edges to others like it are drawn strongly; all others are dimmed. As `lit`, or as that was a little earlier. */
  readonly marked: Uint8Array | undefined;
  /** While items are on their way. */
  readonly glide: Glide | undefined;
}

/** How thick edges are at a zoom, in units of the drawing: as on paper, but never thinner on the screen than a hair. */
export const hairOf = (scale: number): number => Math.max(1.4, 0.9 / scale);

/** Whether an edge is drawn strongly. */
export const isMarked = ({ marked, scene: { drawing } }: Picture, edge: number): boolean =>
  marked === undefined || (marked[drawing.from[edge]!] === 1 && marked[drawing.to[edge]!] === 1);
