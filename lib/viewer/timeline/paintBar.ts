import { spanText } from '../view/clockText.js';
import { looks } from '../theme/looks.js';
import type { Frame } from './Frame.js';

const HIGH = 14;
const GLYPH = 12;
/** In a bar that is narrower than this no words have room; to measure them takes longer than to paint it. */
const WORDS_MIN = 36;
/** A sign and the gap behind it. */
const SIGN = GLYPH + 3;

/** One attempt: from px to px, its middle, its look, and what is written in it or beside it. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly look: number;
  readonly ms: number;
  readonly attempt: number;
  readonly isLast: boolean;
}

/** Paints the time in which a node only waited for a slot: a thin hollow bar. */
export const paintQueue = ({ context, inks }: Frame, from: number, to: number, y: number): void => {
  if (to - from < 1) return;
  context.strokeStyle = inks.looks.line[1]!;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeRect(from + 0.5, y - 2.5, Math.max(1, to - from - 1), 5);
};

/** Paints an attempt in the colours, border and sign of its look; never less than 2 px wide. */
export const paintBar = (frame: Frame, { from, to, y, look, ms, attempt, isLast }: Bar): void => {
  const { context, inks } = frame;
  const { fill, line, text } = inks.looks;
  const wide = Math.max(2, to - from);
  const top = y - HIGH / 2;
  if (wide < 6) {
    context.fillStyle = line[look]!;
    context.fillRect(from, top, wide, HIGH);
  } else {
    context.fillStyle = fill[look]!;
    context.fillRect(from, top, wide, HIGH);
    paintBorder(context, looks[look]!.border, line[look]!, from, top, wide);
  }
  if (!isLast && wide < WORDS_MIN) return;
  const words = `${attempt > 1 ? `#${attempt} ` : ''}${spanText(ms)}`;
  context.font = inks.smallFont;
  const room = context.measureText(words).width;
  if (wide > SIGN + room + 8) {
    paintGlyph(frame, look, from + 3, y);
    context.fillStyle = text[look]!;
    context.fillText(words, from + 3 + SIGN, y + 0.5);
  } else if (isLast) paintBeside(frame, { from, to: from + wide, y, look, words, room });
};

/** Writes what has no room in a bar at its right or, at the edge, at its left; the sign stays in the bar where it fits. */
const paintBeside = (frame: Frame, at: Pick<Bar, 'from' | 'to' | 'y' | 'look'> & Words): void => {
  const { context, inks, width, labels } = frame;
  const { from, to, y, look, words, room } = at;
  const isSignInside = to - from > GLYPH + 6;
  const all = room + (isSignInside ? 2 : SIGN);
  const isLeft = to + 3 + all > width && from - 3 - all > labels;
  const start = isLeft ? from - 3 - all : to + 3;
  paintGlyph(frame, look, isSignInside ? from + 3 : start, y);
  context.fillStyle = inks.looks.muted;
  context.fillText(words, start + (isSignInside ? (isLeft ? 0 : 2) : SIGN), y + 0.5);
};

/** A text, and how wide it is. */
interface Words {
  readonly words: string;
  readonly room: number;
}

/** Paints the sign of a look, 12 px wide. */
export const paintGlyph = ({ context, inks }: Frame, look: number, x: number, y: number): void => {
  const glyph = inks.glyphs[look];
  if (glyph === undefined) return;
  context.save();
  context.translate(x, y - GLYPH / 2);
  context.scale(GLYPH / 16, GLYPH / 16);
  context.strokeStyle = inks.looks.line[look]!;
  context.lineWidth = 2;
  context.lineCap = context.lineJoin = 'round';
  context.setLineDash([]);
  context.stroke(glyph);
  context.restore();
};

const paintBorder = (
  context: CanvasRenderingContext2D,
  border: string,
  colour: string,
  x: number,
  y: number,
  wide: number,
): void => {
  context.strokeStyle = colour;
  context.lineWidth = border === 'thick' ? 2 : 1;
  context.setLineDash(border === 'dashed' ? [4, 2] : border === 'dotted' ? [1.5, 2] : []);
  const inset = context.lineWidth / 2;
  context.strokeRect(x + inset, y + inset, wide - inset * 2, HIGH - inset * 2);
  if (border === 'double' && wide > 8) context.strokeRect(x + 2.5, y + 2.5, wide - 5, HIGH - 5);
};
