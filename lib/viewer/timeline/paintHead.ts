import { spanText } from '../view/clockText.js';
import { apartOf, tickText } from './axisTicks.js';
import type { Frame } from './Frame.js';
import { HEAD } from './timelineText.js';

const TICKS = 20;

/** Paints what stands above the rows, the time stamps and how many ran at once, and the lines that go down from there. */
export const paintHead = (frame: Frame): void => {
  const { context, inks, width, height, labels, view, model, scale } = frame;
  context.fillStyle = inks.looks.background;
  context.fillRect(0, 0, width, HEAD);
  context.save();
  context.beginPath();
  context.rect(labels, 0, width - labels, height);
  context.clip();
  paintTicks(frame);
  paintLoad(frame);
  paintCuts(frame);
  context.restore();

  context.font = inks.smallFont;
  context.fillStyle = inks.looks.muted;
  context.textBaseline = 'middle';
  context.fillText(`${labels > 130 ? 'at once, ' : ''}up to ${model.peak}`, 8, TICKS + (HEAD - TICKS) / 2);
  context.fillText(lengthText(scale.to - scale.from, view.clock), 8, TICKS / 2 + 1);
  context.fillStyle = inks.line;
  context.fillRect(0, HEAD - 1, width, 1);
  context.fillRect(labels - 1, 0, 1, height);
};

const lengthText = (ms: number, clock: string): string =>
  `${spanText(ms)}${clock === 'relative' ? '' : clock === 'utc' ? ', UTC' : ', local time'}`;

const paintTicks = ({ context, inks, width, view, scale, ticks }: Frame): void => {
  const { clock, startedAt } = view;
  const apart = apartOf(clock);
  context.font = inks.smallFont;
  context.textBaseline = 'middle';
  for (const at of ticks.ats) {
    const x = Math.round(scale.x(at));
    context.fillStyle = inks.looks.edge;
    context.fillRect(x, TICKS - 4, 1, 5);
    context.fillStyle = inks.looks.muted;
    const text = tickText(at, ticks.step, clock, startedAt, view.timeText(at));
    if (x + apart - 12 < width) context.fillText(text, x + 4, TICKS / 2 + 1);
  }
};

/** How many nodes ran at once, as an area. */
const paintLoad = ({ context, inks, model, scale }: Frame): void => {
  if (model.peak === 0) return;
  const floor = HEAD - 1;
  const high = (HEAD - TICKS - 4) / model.peak;
  for (const { from, to, values } of model.loads) {
    const left = scale.x(from);
    const step = (scale.x(to) - left) / values.length;
    context.beginPath();
    context.moveTo(left, floor);
    for (let i = 0; i < values.length; i++) {
      const y = floor - values[i]! * high;
      context.lineTo(left + i * step, y);
      context.lineTo(left + (i + 1) * step, y);
    }
    context.lineTo(left + values.length * step, floor);
    context.fillStyle = inks.accent;
    context.globalAlpha = 0.22;
    context.fill();
    context.globalAlpha = 0.9;
    context.strokeStyle = inks.accent;
    context.lineWidth = 1;
    context.setLineDash([]);
    context.stroke();
    context.globalAlpha = 1;
  }
};

/** Times that were left out: a torn strip. */
const paintCuts = ({ context, inks, height, scale }: Frame): void => {
  for (const { from, to } of scale.cuts) {
    const left = scale.x(from);
    const wide = Math.max(3, scale.x(to) - left);
    context.fillStyle = inks.looks.background;
    context.fillRect(left, TICKS, wide, height - TICKS);
    context.strokeStyle = inks.looks.edge;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.strokeRect(left + 0.5, TICKS, wide - 1, height);
    context.setLineDash([]);
  }
};

/** Paints the moment that is shown as a line to be drawn to others, and a range while one is drawn. */
export const paintMoment = ({ context, inks, width, height, labels, view, scale, now, brush }: Frame): void => {
  context.save();
  context.beginPath();
  context.rect(labels, 0, width - labels, height);
  context.clip();
  const x = Math.round(scale.x(now));
  if (!view.isLive) {
    context.fillStyle = inks.looks.background;
    context.globalAlpha = 0.55;
    context.fillRect(x, HEAD, width - x, height - HEAD);
    context.globalAlpha = 1;
  }
  context.fillStyle = inks.accent;
  context.fillRect(x - 1, TICKS - 2, 2, height);
  context.beginPath();
  context.moveTo(x - 6, TICKS - 6);
  context.lineTo(x + 6, TICKS - 6);
  context.lineTo(x + 6, TICKS);
  context.lineTo(x, TICKS + 7);
  context.lineTo(x - 6, TICKS);
  context.fill();
  if (brush !== undefined) {
    context.globalAlpha = 0.2;
    context.fillRect(brush[0], 0, brush[1] - brush[0], height);
    context.globalAlpha = 1;
  }
  context.restore();
};
