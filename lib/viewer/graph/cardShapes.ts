import { looks, RUNNING } from '../theme/looks.js';
import { ITEM_HEIGHT, ITEM_WIDTH } from './Box.js';
import type { Card } from './Card.js';
import { glyphPaths } from './glyphPaths.js';
import { DETAIL_FONT, FAR_BADGE_FONT, FAR_FONT, LABEL_FONT, type Labels } from './Labels.js';

/** How each kind of shape is painted: with which of a look's colours, and how. */
export const styles = {
  box: { fill: 'fill', stroke: 'line', radius: 7 },
  back: { fill: 'fill', stroke: 'line', width: 1, radius: 7 },
  inner: { stroke: 'line', width: 1, radius: 4 },
  sign: { stroke: 'line', width: 1.9 },
  kind: { stroke: 'text', width: 1.3 },
  stripe: { stroke: 'line', width: 3 },
  bar: { fill: 'line', radius: 0 },
  label: { fill: 'text', font: LABEL_FONT },
  badge: { fill: 'text', font: LABEL_FONT, anchor: 'end' },
  detail: { fill: 'text', font: DETAIL_FONT },
  name: { fill: 'text', font: FAR_FONT },
  more: { fill: 'text', font: FAR_FONT },
  count: { fill: 'text', font: FAR_BADGE_FONT, anchor: 'end' },
} as const satisfies Readonly<Record<string, ShapeStyle>>;

/** How one kind of shape is painted. */
export interface ShapeStyle {
  readonly fill?: 'fill' | 'line' | 'text';
  readonly stroke?: 'line' | 'text';
  readonly width?: number;
  readonly radius?: number;
  readonly font?: string;
  readonly anchor?: 'end';
}

/** One part of an item: a rectangle, a text, or a path that begins at x and y. */
export interface Shape {
  readonly kind: keyof typeof styles;
  readonly look: number;
  readonly x: number;
  readonly y: number;
  readonly width?: number;
  readonly height?: number;
  readonly text?: string;
  readonly path?: string;
}

/** The dashes of a look's border, and how thick it is. */
export const borderOf = (look: number): { readonly dash: readonly number[]; readonly width: number } => {
  const { border } = looks[look]!;
  return {
    dash: border === 'dashed' ? [6, 4] : border === 'dotted' ? [2, 3] : [],
    width: border === 'thick' ? 3 : 1.5,
  };
};

const LEFT = -ITEM_WIDTH / 2;
const TOP = -ITEM_HEIGHT / 2;
const TEXT = LEFT + 34;
/** The room of a kind's sign. */
const KIND = 15;
/** How far the boxes of a stack lie apart. */
const STACK = 3;

/** What an item looks like, seen from its middle: the same for elements, canvases and files. From afar its name is larger, and alone. */
export const cardShapes = (card: Card, labels: Labels, isFar = false): Shape[] => {
  const { look: known, kinds, progress, counts } = card;
  const look = looks[known] === undefined ? 0 : known;
  const isGroup = counts !== undefined;
  const inset = isGroup ? 2 * STACK : 0;
  const box = (kind: Shape['kind'], by: number, less = 0): Shape => ({
    kind,
    look,
    x: LEFT + 0.75 + by,
    y: TOP + 0.75 + by,
    width: ITEM_WIDTH - 1.5 - inset - less,
    height: ITEM_HEIGHT - 1.5 - inset - less,
  });
  const shapes = isGroup ? [box('back', 2 * STACK), box('back', STACK), box('box', 0)] : [box('box', 0)];
  if (looks[look]!.border === 'double') shapes.push(box('inner', 3, 6));
  shapes.push({ kind: 'sign', look, x: LEFT + 10, y: -8 - inset / 2, path: glyphPaths[look]! });
  shapes.push(...(isFar ? farTexts(card, labels, look) : nearTexts(card, labels, look)));
  if (isGroup) shapes.push(...countBars(counts, isFar ? 10 : 2));
  else if (!isFar)
    kinds.forEach(({ sign }, i) => {
      shapes.push({ kind: 'kind', look, x: -LEFT - 8 - KIND * (kinds.length - i), y: 2, path: sign });
    });
  if (progress !== undefined)
    shapes.push({ kind: 'bar', look, x: LEFT + 8, y: -TOP - 5, width: (ITEM_WIDTH - 16) * progress, height: 3 });
  else if (look === RUNNING && !isGroup)
    shapes.push({ kind: 'stripe', look, x: LEFT + 8, y: -TOP - 3.5, path: `M0 0h${ITEM_WIDTH - 16}` });
  return shapes;
};

/** Name and badge, and what is done below. */
const nearTexts = ({ label, detail, kinds, badge, counts }: Card, labels: Labels, look: number): readonly Shape[] => {
  const isGroup = counts !== undefined;
  const y = isGroup ? -6 : detail === '' ? 4.5 : -3;
  const texts: Shape[] = [
    { kind: 'label', look, x: TEXT, y, text: labels.label(label, badge.length) },
    { kind: 'badge', look, x: -LEFT - 10 - (isGroup ? 2 * STACK : 0), y, text: badge },
  ];
  if (!isGroup) texts.push({ kind: 'detail', look, x: TEXT, y: 12, text: labels.detail(detail, kinds.length * KIND) });
  return texts;
};

const farTexts = ({ label, badge, counts }: Card, labels: Labels, look: number): readonly Shape[] => {
  const isGroup = counts !== undefined;
  const lines = labels.far(label, badge.length, isGroup ? 1 : 2);
  const y = isGroup ? 1 : lines.length === 1 ? 6 : -3;
  return [
    ...lines.map((text, i): Shape => ({ kind: i === 0 ? 'name' : 'more', look, x: TEXT, y: y + 17 * i, text })),
    { kind: 'count', look, x: -LEFT - 8 - (isGroup ? 2 * STACK : 0), y, text: badge },
  ];
};

/** The bar that tells how many members have each look: the ends first, as in a bar of progress. */
const countBars = (counts: Int32Array, y: number): Shape[] => {
  const room = -LEFT - 10 - 2 * STACK - TEXT;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let x = TEXT;
  return BAR_ORDER.filter((look) => counts[look]! > 0).map((look) => {
    const width = (room * counts[look]!) / total;
    const bar = { kind: 'bar', look, x, y, width, height: 5 } as const;
    x += width;
    return bar;
  });
};

const BAR_ORDER = [7, 8, 11, 9, 10, 12, 3, 2, 5, 4, 6, 1, 0];
