import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { attemptBars, type AttemptBar } from './attemptBars.js';
import { drawnText } from './drawnText.js';

const WIDTH = 1_200;
const LANE_HEIGHT = 22;
const AXIS_HEIGHT = 24;
const MARGIN = 12;
/** How wide a letter of a label is at most, as a rule; what is wider all the same is clipped by its bar. */
const LETTER_WIDTH = 7;

/**
 * A log as a Gantt chart in SVG: a row for each slot that was in use, a bar for each attempt, coloured by its node's action,
 * with id, start and length to be seen when it is pointed at.
 */
export const toGantt = (events: readonly ExecutionEvent[]): string => {
  const bars = attemptBars(events);
  const startAt = events[0]?.at ?? 0;
  const spanMs = Math.max(1, (events.at(-1)?.at ?? 0) - startAt);
  const lanes = bars.reduce((most, { lane }) => Math.max(most, lane), 1);
  const height = AXIS_HEIGHT + lanes * LANE_HEIGHT + MARGIN;
  const x = (at: number): number => MARGIN + ((at - startAt) / spanMs) * (WIDTH - 2 * MARGIN);
  const colours = coloursOf(events);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...ticks(spanMs).map((ms) => tick(x(startAt + ms), height, secondsText(ms))),
    ...bars.map((bar) => barText(bar, x, startAt, colours.get(bar.nodeId) ?? '#999999')),
    '</svg>\n',
  ].join('\n');
};

const barText = (bar: AttemptBar, x: (at: number) => number, startAt: number, colour: string): string => {
  const left = x(bar.startAt);
  const width = Math.max(0.5, x(bar.endAt) - left);
  const top = AXIS_HEIGHT + (bar.lane - 1) * LANE_HEIGHT;
  const letters = Math.floor((width - 6) / LETTER_WIDTH);
  const label =
    letters >= 3
      ? `<svg x="${fixed(left)}" y="${top + 1}" width="${fixed(width)}" height="${LANE_HEIGHT - 2}"><text x="3" y="14">${escaped(cut(bar.nodeId, letters))}</text></svg>`
      : '';
  const rest = bar.end === 'succeeded' ? '' : `, ${bar.end}`;
  const title = `${bar.nodeId}: from ${secondsText(bar.startAt - startAt)}, for ${secondsText(bar.endAt - bar.startAt)}${rest}`;
  const stroke = bar.end === 'failed' ? '#c00000' : '#ffffff';
  return `<g><title>${escaped(title)}</title><rect x="${fixed(left)}" y="${top + 1}" width="${fixed(width)}" height="${LANE_HEIGHT - 2}" rx="2" fill="${colour}" stroke="${stroke}" stroke-width="0.5"/>${label}</g>`;
};

const tick = (x: number, height: number, text: string): string =>
  `<line x1="${fixed(x)}" y1="${AXIS_HEIGHT - 4}" x2="${fixed(x)}" y2="${height - MARGIN}" stroke="#dddddd"/><text x="${fixed(x + 2)}" y="${AXIS_HEIGHT - 8}" fill="#555555">${text}</text>`;

/** At most ten moments in steps of 1, 2 or 5. */
const ticks = (spanMs: number): readonly number[] => {
  const power = 10 ** Math.floor(Math.log10(spanMs / 10));
  const step = power * ([1, 2, 5, 10].find((factor) => spanMs / power <= 10 * factor) ?? 10);
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, i) => i * step);
};

/** A colour for the nodes of each action, each far from the one before. */
const coloursOf = (events: readonly ExecutionEvent[]): ReadonlyMap<string, string> => {
  const actions = new Map<string, string>();
  const colours = new Map<string, string>();
  const colour = ({ id, action }: { readonly id?: string; readonly action: string }): void => {
    if (!actions.has(action)) actions.set(action, `hsl(${Math.round(210 + actions.size * 137.5) % 360} 65% 72%)`);
    colours.set(id!, actions.get(action)!);
  };
  for (const event of events)
    if (event.type === 'RunStarted') event.definition.nodes.forEach(colour);
    else if (event.type === 'NodeAdded') colour(event.node);
  return colours;
};

const secondsText = (ms: number): string => `${Number((ms / 1_000).toFixed(3))} s`;
const fixed = (n: number): string => String(Number(n.toFixed(2)));

/** As much of an id as has room: of a longer one its beginning and its end, for many begin alike. */
const cut = (text: string, room: number): string => {
  const letters = Array.from(text);
  const wide = (letter: string): number => (letter < '\u1100' ? 1 : 2);
  if (letters.reduce((sum, letter) => sum + wide(letter), 0) <= room) return text;
  let [head, tail, left] = ['', '', room - 1];
  for (let i = 0; ; i++) {
    const letter = i % 2 === 0 ? letters.shift()! : letters.pop()!;
    left -= wide(letter);
    if (left < 0) return `${head}…${tail}`;
    if (i % 2 === 0) head += letter;
    else tail = letter + tail;
  }
};
const escaped = (text: string): string =>
  drawnText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
