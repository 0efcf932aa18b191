import type { ListedRun } from '../source/ListedRun.js';
import { standOfText } from '../view/runStand.js';

/** The columns of the list; each can be sorted by. */
export const columns = ['run', 'pipeline', 'status', 'began', 'took', 'events'] as const;
export type Column = (typeof columns)[number];

/** Which runs are listed, and in which order. */
export interface RunPick {
  /** Words that all stand in the id or the pipeline's name. */
  readonly text: string;
  /** How they stand, in words; '' for any way. */
  readonly stand: string;
  readonly by: Column;
  readonly isDown: boolean;
}

/** Reads `#find=..&status=..&sort=..`, a minus before what is sorted by downwards. */
export const readPick = (hash: string): RunPick => {
  const told = new URLSearchParams(hash.replace(/^#/, ''));
  const sort = told.get('sort') ?? '-began';
  const by = columns.find((column) => column === sort.replace('-', '')) ?? 'began';
  return { text: told.get('find') ?? '', stand: told.get('status') ?? '', by, isDown: sort.startsWith('-') };
};

/** The same address with another pick in it; what is usual is left out, all else stays as it is. */
export const writePick = (hash: string, { text, stand, by, isDown }: RunPick): string => {
  const told = new URLSearchParams(hash.replace(/^#/, ''));
  const sort = (isDown ? '-' : '') + by;
  for (const [key, value, usual] of [
    ['find', text, ''],
    ['status', stand, ''],
    ['sort', sort, '-began'],
  ] as const) {
    told.delete(key);
    if (value !== usual) told.set(key, value);
  }
  return `#${told.toString()}`;
};

/** How long a run took or, while it goes on, takes, milliseconds; undefined where nobody knows. */
export const tookMs = ({ stand, startedAt, endedAt, damage }: ListedRun, now: number): number | undefined =>
  damage !== undefined || stand === 'interrupted' || stand === 'submitted'
    ? undefined
    : Math.max(0, (endedAt ?? now) - startedAt);

const names = new Intl.Collator(undefined, { numeric: true });

const order: Readonly<Record<Column, (a: ListedRun, b: ListedRun, now: number) => number>> = {
  run: (a, b) => names.compare(a.runId, b.runId),
  pipeline: (a, b) => names.compare(a.dagName, b.dagName),
  status: (a, b) => names.compare(standOfText(a.stand).text, standOfText(b.stand).text),
  began: (a, b) => a.startedAt - b.startedAt,
  took: (a, b, now) => (tookMs(a, now) ?? -1) - (tookMs(b, now) ?? -1),
  events: (a, b) => a.seq - b.seq,
};

/** The runs that are picked, in order; of equal ones the latest first. */
export const pickRuns = (
  runs: readonly ListedRun[],
  { text, stand, by, isDown }: RunPick,
  now: number,
): readonly ListedRun[] => {
  const words = text.toLowerCase().split(/\s+/u);
  const isPicked = ({ runId, dagName, stand: own }: ListedRun): boolean => {
    const told = `${runId}\n${dagName}`.toLowerCase();
    return (stand === '' || standOfText(own).text === stand) && words.every((word) => told.includes(word));
  };
  const sign = isDown ? -1 : 1;
  return runs
    .filter(isPicked)
    .sort((a, b) => sign * order[by](a, b, now) || b.startedAt - a.startedAt || names.compare(a.runId, b.runId));
};
