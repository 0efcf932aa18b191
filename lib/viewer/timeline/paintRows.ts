import { GONE, PAUSED, READY, RUNNING, STARTING, WAITING, looks } from '../theme/looks.js';
import type { Frame } from './Frame.js';
import { paintBar, paintGlyph, paintQueue } from './paintBar.js';
import { readySince } from './readySince.js';
import { HEAD, ROW } from './timelineText.js';

/** Paints the rows in sight: first their bars, then their labels at the left. */
export const paintRows = (frame: Frame): void => {
  const { context, inks, width, height, labels, first, count, scale, ticks } = frame;
  context.textBaseline = 'middle';
  context.fillStyle = inks.looks.surface;
  context.fillRect(0, HEAD, width, height - HEAD);
  context.save();
  context.beginPath();
  context.rect(0, HEAD, width, height - HEAD);
  context.clip();
  for (let row = first; row < first + count; row++) paintGround(frame, row);
  context.save();
  context.beginPath();
  context.rect(labels, HEAD, width - labels, height - HEAD);
  context.clip();
  context.fillStyle = inks.looks.edge;
  context.globalAlpha = 0.22;
  for (const at of ticks.ats) context.fillRect(Math.round(scale.x(at)), HEAD, 1, height - HEAD);
  context.globalAlpha = 1;
  for (let row = first; row < first + count; row++) paintAttempts(frame, row);
  context.restore();
  context.globalAlpha = 1;
  for (let row = first; row < first + count; row++) paintLabel(frame, row);
  context.restore();
};

// Whole px keep edges sharp.
const yOf = ({ top }: Frame, row: number): number => Math.round(HEAD + row * ROW - top);

/** What lies below a row: the mark of the selected one, and a fine line. */
const paintGround = (frame: Frame, row: number): void => {
  const { context, inks, width, view, model, hover } = frame;
  const y = yOf(frame, row);
  const isSelected = model.rows[row] === view.selected;
  if (isSelected || row === hover) {
    context.fillStyle = isSelected ? inks.accent : inks.text;
    context.globalAlpha = isSelected ? 0.16 : 0.05;
    context.fillRect(0, y, width, ROW);
    context.globalAlpha = 1;
  }
  context.fillStyle = inks.looks.edge;
  context.globalAlpha = 0.2;
  context.fillRect(0, y + ROW - 1, width, 1);
  context.globalAlpha = 1;
};

const paintAttempts = (frame: Frame, row: number): void => {
  const { context, view, model, scale, width, labels, now } = frame;
  const { attempts, seq, highlight } = view;
  const node = model.rows[row]!;
  const y = yOf(frame, row) + ROW / 2;
  const px = (at: number): number => Math.round(Math.max(labels - 3, Math.min(scale.x(at), width + 20)));
  context.globalAlpha = highlight === undefined || highlight[node] === 1 || node === view.selected ? 1 : 0.5;

  let i = model.lists.first(node);
  if (i < 0 || attempts.startSeq[i]! > seq) {
    const since = readySince(view, model.lists, node);
    if (view.looks[node] === READY) paintQueue(frame, since === undefined ? px(now) - 6 : px(since), px(now), y);
    return;
  }
  const firstFrom = px(attempts.startAt[i]!);
  let lastTo = firstFrom;
  let painted = -Infinity;
  while (i >= 0) {
    const following = model.lists.next(i);
    const isLast = following < 0 || attempts.startSeq[following]! > seq;
    const isOpen = attempts.endSeq[i] === 0 || attempts.endSeq[i]! > seq;
    const startAt = attempts.startAt[i]!;
    const endAt = Math.max(startAt, isOpen ? now : attempts.endAt[i]!);
    const from = px(startAt);
    const to = px(endAt);
    // Of many attempts in one px one is enough.
    const right = Math.max(to, from + 2);
    if (right > labels && (to > painted + 0.5 || isLast)) {
      paintQueue(frame, Math.max(painted, px(attempts.readyAt[i]!)), from, y);
      const look = isOpen
        ? lookOfOpen(view.looks[node]!, attempts.isWait[i] === 1 ? WAITING : RUNNING)
        : attempts.end[i]!;
      paintBar(frame, { from, to, y, look, ms: endAt - startAt, attempt: attempts.attempt[i]!, isLast });
      painted = right;
    }
    lastTo = right;
    i = isLast ? -1 : following;
  }
  if (lastTo <= labels) paintPointer(frame, labels + 5, y, true);
  else if (firstFrom > width) paintPointer(frame, width - 5, y, false);
};

/** Tells where the bars of a row are that has none in sight. */
const paintPointer = ({ context, inks }: Frame, x: number, y: number, isLeft: boolean): void => {
  const by = isLeft ? 4 : -4;
  context.strokeStyle = inks.looks.edge;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(x + by, y - 4);
  context.lineTo(x, y);
  context.lineTo(x + by, y + 4);
  context.stroke();
};

/** An attempt that goes on looks as its node does, where that is not told at the end alone. */
const lookOfOpen = (look: number, usual: number): number => (look >= STARTING && look <= PAUSED ? look : usual);

const paintLabel = (frame: Frame, row: number): void => {
  const { context, inks, view, model, labels } = frame;
  const node = model.rows[row]!;
  const y = yOf(frame, row);
  const middle = y + ROW / 2;
  const isMarked = view.highlightKind === 'critical' && view.highlight?.[node] === 1;
  if (isMarked) {
    context.fillStyle = inks.looks.critical;
    context.fillRect(0, y + 1, 3, ROW - 3);
  }
  const look = view.looks[node]!;
  if (look !== GONE && look < looks.length) paintGlyph(frame, look, 7, middle);
  context.font = inks.font;
  context.fillStyle = isMarked ? inks.looks.critical : inks.text;
  context.fillText(
    inks.label(node, (index) => view.idOf(index), labels - 32),
    24,
    middle + 0.5,
  );
};
