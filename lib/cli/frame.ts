import stringWidth from 'string-width';
import type { ExecutorSnapshot, NodeStatus } from '../index.js';
import { printable } from '../model/printable.js';
import { cutTo } from './cutTo.js';
import { duration } from './duration.js';
import type { RunWatch } from './RunWatch.js';
import type { Terminal } from './Terminal.js';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** A line of a frame: its sign, which may be coloured, and the rest. */
interface Line {
  readonly style: Parameters<Terminal['paint']>[0];
  readonly sign: string;
  readonly text: string;
}

const BAR_MAX = 40;
const NOTES_MAX = 4;
const FAILURES_MAX = 6;

/** The lines that show a run at this moment: never more than `rows`, none wider than `columns`. */
export const frame = (
  watch: RunWatch,
  snapshot: ExecutorSnapshot,
  now: number,
  { columns, rows }: FrameSize,
  paint: Terminal['paint'],
  stopping: string | undefined,
): readonly string[] => {
  const head = [headLine(watch, snapshot, now, columns, paint)];
  if (rows < 2) return head;
  head.push(paint('dim', cutTo(countsText(snapshot), columns)));
  let left = rows - head.length;
  const failures = [...watch.failures]
    .slice(-FAILURES_MAX)
    .map(([id, reason]): Line => ({ style: 'red', sign: '✖', text: `${id}: ${reason}` }));
  const notes = watch.notes.slice(-NOTES_MAX).map((text): Line => ({ style: 'cyan', sign: '»', text }));
  const state: Line[] = [];
  if (stopping !== undefined) state.push({ style: 'yellow', sign: '■', text: stopping });
  else if (watch.pausedBecause !== undefined)
    state.push({ style: 'yellow', sign: '‖', text: `the run is paused${because(watch.pausedBecause)}` });
  for (const [id, reason] of watch.paused) {
    if (state.length > 3) break;
    state.push({ style: 'yellow', sign: '‖', text: `branch ${id} is paused${because(reason)}` });
  }
  const take = (lines: readonly Line[], most: number): readonly Line[] => {
    const taken = lines.slice(-Math.max(0, Math.min(most, left)) || lines.length);
    const shown = Math.min(most, left) <= 0 ? [] : taken;
    left -= shown.length;
    return shown;
  };
  // Where there is little room: what is held up first, then what failed, then what runs, then what hooks did.
  const shownState = take(state, 4);
  const shownFailures = take(failures, Math.max(1, Math.floor(left / 3)));
  const active = activeLines(watch, now, Math.max(0, left - Math.min(notes.length, Math.floor(left / 3))));
  left -= active.length;
  const shownNotes = take(notes, NOTES_MAX);
  const lines = [...active, ...shownState, ...shownFailures, ...shownNotes];
  return [
    ...head,
    ...lines.map(({ style, sign, text }) => paint(style, sign) + cutTo(` ${printable(text)}`, columns - 1)),
  ];
};

const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

const headLine = (
  { startedAt }: RunWatch,
  { dagName, counts, metrics, status }: ExecutorSnapshot,
  now: number,
  columns: number,
  paint: Terminal['paint'],
): string => {
  const total = metrics.nodesTotal;
  const done = counts.succeeded + counts.failed + counts.skipped + counts.cancelled;
  const share = total === 0 ? 0 : done / total;
  const percent = `${Math.floor(share * 100)} %`;
  const time = startedAt === undefined ? '' : duration(Math.max(0, now - startedAt));
  const numbers = `${done.toLocaleString('en-US')}/${total.toLocaleString('en-US')}`;
  const words = [numbers, percent.padStart(5), time, status === 'running' || status === 'quiescent' ? '' : status];
  const after = ` ${words.filter((word) => word !== '').join('  ')}`;
  const name = cutTo(printable(dagName), Math.max(0, Math.min(30, columns - after.length - 12)));
  const rest = columns - stringWidth(name) - 1;
  const width = Math.min(BAR_MAX, rest - after.length);
  if (width < 5) return cutTo(`${name}${after}`.trim(), columns);
  const filled = Math.round(share * width);
  const bar = paint(counts.failed > 0 ? 'red' : 'green', '█'.repeat(filled)) + paint('dim', '░'.repeat(width - filled));
  return `${paint('bold', name)} ${bar}${cutTo(after, rest - width)}`;
};

const told: readonly NodeStatus[] = [
  'running',
  'starting',
  'waiting',
  'retrying',
  'ready',
  'pending',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
];
const countsText = ({ counts, maxParallelNodes }: ExecutorSnapshot): string =>
  told
    .filter((status) => counts[status] > 0)
    .map(
      (status) =>
        `${counts[status].toLocaleString('en-US')} ${status}${status === 'running' ? ` (of ${maxParallelNodes})` : ''}`,
    )
    .join(' · ');

/** What runs, waits for its next attempt or for a person; the last line tells how many are left out. */
const activeLines = ({ running, retrying, inputs, asked }: RunWatch, now: number, most: number): readonly Line[] => {
  const total = running.size + retrying.size + inputs.size - (asked !== undefined && inputs.has(asked) ? 1 : 0);
  if (most <= 0 || total === 0) return [];
  const room = total > most ? most - 1 : total;
  const lines: Line[] = [];
  for (const [id, { question }] of inputs) {
    if (lines.length >= room) break;
    if (id !== asked) lines.push({ style: 'magenta', sign: '?', text: `${id} waits for input: ${question}` });
  }
  for (const [id, { startedAt, attempt, progress }] of running) {
    if (lines.length >= room) break;
    const tries = attempt > 1 ? `, attempt ${attempt}` : '';
    const told = progress === '' ? '' : `  ${progress}`;
    lines.push({ style: 'green', sign: '●', text: `${id}  ${duration(Math.max(0, now - startedAt))}${tries}${told}` });
  }
  for (const [id, { at, reason }] of retrying) {
    if (lines.length >= room) break;
    lines.push({
      style: 'yellow',
      sign: '↻',
      text: `${id} is tried again in ${duration(Math.max(0, at - now))}: ${reason}`,
    });
  }
  if (total > lines.length)
    lines.push({ style: 'dim', sign: '…', text: `and ${(total - lines.length).toLocaleString('en-US')} more` });
  return lines;
};
