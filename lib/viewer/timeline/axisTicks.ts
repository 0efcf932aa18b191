import { spanText, type Clock } from '../view/clockText.js';
import type { TimeScale } from './TimeScale.js';

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
];

/** Round times along an axis. */
export interface AxisTicks {
  readonly step: number;
  readonly ats: readonly number[];
}

/** Round times along an axis, at least so many px apart; `origin` is a time that counts as round. */
export const axisTicks = (scale: TimeScale, apart: number, origin: number): AxisTicks => {
  const least = scale.msPerPx * apart;
  const longest = STEPS_MS.at(-1)!;
  const step = STEPS_MS.find((ms) => ms >= least) ?? Math.ceil(least / longest) * longest;
  const ats: number[] = [];
  let lastX = -Infinity;
  const fill = (from: number, to: number): void => {
    for (let at = origin + Math.ceil((from - origin) / step) * step; at <= to; at += step) {
      const x = scale.x(at);
      if (x - lastX < apart) continue;
      ats.push(at);
      lastX = x;
    }
  };
  let { from } = scale;
  for (const cut of scale.cuts) {
    if (cut.to <= from) continue;
    if (cut.from >= scale.to) break;
    fill(from, cut.from);
    from = cut.to;
  }
  fill(from, scale.to);
  return { step, ats };
};

/** A time that counts as round: the begin of the run or of a day, by how times are told. */
export const axisOrigin = (clock: Clock, startedAt: number): number =>
  clock === 'relative' ? startedAt : clock === 'utc' ? 0 : new Date(startedAt).getTimezoneOffset() * 60_000;

/** How far time stamps stand apart at least, px. */
export const apartOf = (clock: Clock): number => (clock === 'relative' ? 72 : 104);

/** A round time as text, as finely as the steps between them need. */
export const tickText = (at: number, step: number, clock: Clock, startedAt: number, timeText: string): string => {
  const ms = at - startedAt;
  if (clock !== 'relative') return step < 1_000 ? timeText : timeText.replace(/\.\d+/, '');
  if (ms <= 0 || step >= 1_000) return ms <= 0 ? '0' : spanText(ms).replace(/\.0+ /, ' ');
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(step < 10 ? 3 : step < 100 ? 2 : 1)} s`;
};
