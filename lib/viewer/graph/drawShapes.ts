import { borderOf, styles, type Shape, type ShapeStyle } from './cardShapes.js';
import { glyphPaths } from './glyphPaths.js';
import type { Inks } from './Inks.js';

let glyphs: readonly Path2D[] | undefined;
/** The signs of the looks, for canvases. */
export const canvasGlyphs = (): readonly Path2D[] => (glyphs ??= glyphPaths.map((path) => new Path2D(path)));

/** Draws the shapes of an item on a canvas whose origin is the middle of the item. */
export const drawShapes = (context: CanvasRenderingContext2D, shapes: readonly Shape[], inks: Inks): void => {
  context.lineCap = context.lineJoin = 'round';
  for (const { kind, look, x, y, width = 0, height = 0, text, path } of shapes) {
    const style: ShapeStyle = styles[kind];
    if (style.fill !== undefined) context.fillStyle = inks[style.fill][look]!;
    if (style.stroke !== undefined) {
      const border = borderOf(look);
      context.strokeStyle = inks[style.stroke][look]!;
      context.lineWidth = style.width ?? border.width;
      context.setLineDash(kind === 'box' ? border.dash : kind === 'stripe' ? [14, 10] : []);
    }
    if (text !== undefined) {
      context.font = style.font!;
      context.textAlign = style.anchor ?? 'left';
      context.fillText(text, x, y);
    } else if (path !== undefined) {
      context.translate(x, y);
      context.stroke(kind === 'sign' ? canvasGlyphs()[look]! : new Path2D(path));
      context.translate(-x, -y);
    } else {
      context.beginPath();
      context.roundRect(x, y, width, height, style.radius);
      if (style.fill !== undefined) context.fill();
      if (style.stroke !== undefined) context.stroke();
    }
  }
};
