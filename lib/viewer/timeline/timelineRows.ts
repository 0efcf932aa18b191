import { GONE, READY, RETRYING, RUNNING, STARTING, WAITING, isFine } from '../theme/looks.js';
import type { Attempts } from '../view/Attempts.js';

export type RowSort = 'start' | 'open' | 'dependency' | 'duration';

/** What rows are made of: a run at one moment. */
export interface RowSource {
  readonly size: number;
  readonly seq: number;
  readonly at: number;
  readonly looks: Uint8Array;
  readonly attempts: Attempts;
  /** 1 where a node is wanted; undefined for all. */
  readonly matches: Uint8Array | undefined;
  readonly hidesDone: boolean;
}

/** How many attempts had begun at a seq. */
export const attemptsAt = ({ startSeq, size }: Pick<Attempts, 'startSeq' | 'size'>, seq: number): number => {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startSeq[middle]! <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Nodes that have begun or could, one row each: which node stands in which row. `order` is read for 'dependency'. */
export const timelineRows = (source: RowSource, sort: RowSort, order?: () => Int32Array): Int32Array => {
  const { size, seq, at, looks, attempts, matches, hidesDone } = source;
  const count = attemptsAt(attempts, seq);
  const wanted = (node: number): boolean =>
    looks[node] !== GONE && (matches === undefined || matches[node] === 1) && !(hidesDone && isFine(looks[node]!));
  const isIn = new Uint8Array(size);
  const rows = new Int32Array(size);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const node = attempts.node[i]!;
    if (isIn[node] === 1 || !wanted(node)) continue;
    isIn[node] = 1;
    rows[found++] = node;
  }
  for (let node = 0; node < size; node++)
    if (isIn[node] === 0 && isOpen(looks[node]!) && wanted(node)) {
      isIn[node] = 1;
      rows[found++] = node;
    }
  if (sort === 'dependency' && order !== undefined) {
    found = 0;
    for (const node of order()) if (isIn[node] === 1) rows[found++] = node;
  }
  if (sort === 'open') return openFirst(rows.subarray(0, found), looks);
  if (sort === 'duration') byDuration(rows.subarray(0, found), attempts, count, seq, at, size);
  return rows.subarray(0, found);
};

/** First what goes on, then the rest, what began last above: that is the news. */
const openFirst = (rows: Int32Array, looks: Uint8Array): Int32Array => {
  const isNow = (node: number): boolean => looks[node]! > READY && isOpen(looks[node]!);
  return Int32Array.from([...rows.filter(isNow), ...rows.filter((node) => !isNow(node)).reverse()]);
};

const isOpen = (look: number): boolean => look >= READY && look <= RETRYING && OPEN.includes(look);
const OPEN = [READY, STARTING, RUNNING, WAITING, RETRYING];

const ROOM = 2 ** 21;
const LONGEST_MS = 2 ** 31;

/** Longest first. The time and the row are one number each, since numbers sort many times faster than a comparison does. */
const byDuration = (
  rows: Int32Array,
  attempts: Attempts,
  count: number,
  seq: number,
  at: number,
  size: number,
): void => {
  const spent = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    const endSeq = attempts.endSeq[i]!;
    const endAt = endSeq === 0 || endSeq > seq ? at : attempts.endAt[i]!;
    spent[attempts.node[i]!]! += Math.max(0, endAt - attempts.startAt[i]!);
  }
  const nodes = rows.slice();
  const keys = Float64Array.from(
    nodes,
    (node, row) => Math.round(LONGEST_MS - Math.min(spent[node]!, LONGEST_MS)) * ROOM + (row % ROOM),
  );
  keys.sort();
  for (let row = 0; row < rows.length; row++) rows[row] = nodes[keys[row]! % ROOM]!;
};
