import type { Layout } from './Layout.js';

/** What draws lines: a canvas, a `Path2D`, or a writer of SVG. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
}

/**
 * Draws the line of an edge with its bends made round. It stays between the same nodes: a curve begins and ends in the
 * direction of the layers and leaves the box around its two points nowhere.
 */
export const drawRoute = ({ routeStart, route }: Layout, edge: number, pen: Pen, isDown = false): void => {
  const first = routeStart[edge]!;
  const end = routeStart[edge + 1]!;
  if (first === end) return;
  let x = route[2 * first]!;
  let y = route[2 * first + 1]!;
  pen.moveTo(x, y);
  for (let point = first + 1; point < end; point++) {
    const [nextX, nextY] = [route[2 * point]!, route[2 * point + 1]!];
    if (x === nextX || y === nextY) pen.lineTo(nextX, nextY);
    else if (isDown) pen.bezierCurveTo(x, (y + nextY) / 2, nextX, (y + nextY) / 2, nextX, nextY);
    else pen.bezierCurveTo((x + nextX) / 2, y, (x + nextX) / 2, nextY, nextX, nextY);
    x = nextX;
    y = nextY;
  }
};
