import { drawRoute, type Pen } from '../../layout/drawRoute.js';
import type { Scene } from './Scene.js';

/** Draws the line of an edge. */
export const traceEdge = ({ places }: Scene, edge: number, pen: Pen): void => drawRoute(places, edge, pen);

/** Draws the head of an edge's arrow, at the end of its line. */
export const traceHead = ({ places: { route, routeStart } }: Scene, edge: number, pen: Pen): void => {
  const end = routeStart[edge + 1]!;
  if (end === routeStart[edge]) return;
  const x = route[2 * end - 2]! - 1;
  const y = route[2 * end - 1]!;
  pen.moveTo(x, y);
  pen.lineTo(x - 8, y - 4);
  pen.lineTo(x - 8, y + 4);
};

/** A pen that writes the `d` of an SVG path. */
export class PathText implements Pen {
  #text = '';

  moveTo(x: number, y: number): void {
    this.#text += `M${points(x, y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#text += `L${points(x, y)}`;
  }

  bezierCurveTo(...all: readonly [number, number, number, number, number, number]): void {
    this.#text += `C${points(...all)}`;
  }

  toString(): string {
    return this.#text;
  }
}

const points = (...values: readonly number[]): string => values.map((value) => Math.round(value * 10) / 10).join(' ');

/** Edges as the `d` of one path, and their heads as that of another. */
export const edgePaths = (scene: Scene, edges: Iterable<number>): readonly [lines: string, heads: string] => {
  const lines = new PathText();
  const heads = new PathText();
  for (const edge of edges) {
    traceEdge(scene, edge, lines);
    traceHead(scene, edge, heads);
  }
  return [lines.toString(), heads.toString()];
};
