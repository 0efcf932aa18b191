import { shown } from '../dom/shown.js';
import { looks } from '../theme/looks.js';
import { cardOf } from './Card.js';
import { borderOf, cardShapes, styles, type Shape, type ShapeStyle } from './cardShapes.js';
import { DIM } from './CanvasPainter.js';
import { FRAME_HEAD } from './Frame.js';
import type { Inks } from './Inks.js';
import { DETAIL_FONT } from './Labels.js';
import type { Picture } from './Picture.js';
import { edgePaths } from './trace.js';

const MARGIN = 24;

/** The whole drawing as the text of an SVG file, which needs nothing else to be shown. */
export const svgText = ({ view, scene, inks, labels }: Picture): string => {
  const { left, top, right, bottom } = scene.bounds;
  const place = {
    x: left - MARGIN,
    y: top - MARGIN,
    width: right - left + 2 * MARGIN,
    height: bottom - top + 2 * MARGIN,
  };
  const [lines, heads] = edgePaths(scene, scene.drawing.from.keys());
  const { x, y, width, height } = place;
  const parts = [
    tag('rect', { ...place, fill: inks.background }),
    ...scene.frames.map(
      ({ outline, left, top, group }) =>
        tag('path', { d: outline, stroke: inks.muted, 'stroke-dasharray': '3 4' }) +
        tag(
          'text',
          { x: left + 12, y: top + FRAME_HEAD - 5, style: `font:${DETAIL_FONT}`, fill: inks.muted },
          shown(scene.groups[group]?.label ?? '', 24),
        ),
    ),
    tag('path', { d: lines, stroke: inks.edge, 'stroke-width': 1.4 }),
    tag('path', { d: heads, fill: inks.edge }),
  ];
  for (let item = 0; item < scene.drawing.count; item += 1) {
    const card = cardOf(view, scene, item);
    const shapes = cardShapes(card, labels).map((shape) => shapeText(shape, inks));
    const opacity = card.look < looks.length ? 1 : DIM;
    parts.push(
      `<g transform="translate(${scene.x[item]} ${scene.y[item]})" opacity="${opacity}">${shapes.join('')}</g>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}" fill="none">\n${parts.join('\n')}\n</svg>\n`;
};

const shapeText = ({ kind, look, x, y, width, height, text, path }: Shape, inks: Inks): string => {
  const style: ShapeStyle = styles[kind];
  const border = borderOf(look);
  const paint = {
    fill: style.fill && inks[style.fill][look],
    stroke: style.stroke && inks[style.stroke][look],
    'stroke-width': style.stroke && (style.width ?? border.width),
    'stroke-dasharray': kind === 'box' ? border.dash.join(' ') || undefined : kind === 'stripe' ? '14 10' : undefined,
    'stroke-linecap': path && 'round',
  };
  if (path !== undefined) return tag('path', { d: path, transform: `translate(${x} ${y})`, ...paint });
  if (text === undefined) return tag('rect', { x, y, width, height, rx: style.radius, ...paint });
  return tag('text', { x, y, style: `font:${style.font}`, 'text-anchor': style.anchor, ...paint }, text);
};

const tag = (name: string, traits: Readonly<Record<string, string | number | undefined>>, text = ''): string => {
  const written = Object.entries(traits).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(String(value))}"`],
  );
  return `<${name}${written.join('')}>${escaped(text)}</${name}>`;
};

const signs = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);
const escaped = (content: string): string => content.replaceAll(/[&<>"]/g, (sign) => signs.get(sign)!);
