import { countText } from '../dom/shown.js';
import type { RunView } from '../view/RunView.js';
import { AttemptLists } from './AttemptLists.js';
import { dependencyOrder } from './dependencyOrder.js';
import { idleCuts, type IdleCut } from './idleCuts.js';
import { peakOf } from './peakOf.js';
import { Pace } from './Pace.js';
import { TimeScale } from './TimeScale.js';
import { timelineRows, type RowSort } from './timelineRows.js';

/** The shortest time that can be zoomed to, milliseconds. */
const CLOSEST_MS = 2;

/** How many nodes ran in a part of the time. */
export interface Load {
  readonly from: number;
  readonly to: number;
  readonly values: Float32Array;
}

/** What a timeline shows: its rows, their order, the attempts in them, and the time that is in sight. */
export class TimelineModel {
  readonly lists = new AttemptLists();
  sort: RowSort = 'start';
  cutsIdle = false;
  /** The time in sight; undefined for all of the run. */
  zoom: readonly [from: number, to: number] | undefined;
  rows: Int32Array = new Int32Array();
  loads: readonly Load[] = [];
  /** Most attempts at once, in all that is shown of the run. */
  peak = 0;
  #rowOf: Int32Array = new Int32Array();
  #order: Int32Array | undefined;
  #cuts: readonly IdleCut[] = [];
  #isStale = true;
  #isLoadStale = true;
  #loadKey = '';
  readonly #pace = new Pace();
  readonly #loadPace = new Pace();

  /** The rows are to be made anew; with other edges their order, too. */
  expire(edges: boolean): void {
    this.#isStale = this.#isLoadStale = true;
    if (edges) this.#order = undefined;
  }

  /** The moment up to which attempts that go on are drawn. */
  now(view: RunView): number {
    return view.isLive ? view.endAt : view.at;
  }

  /** Makes the rows where they are stale and it is time. Tells after how many milliseconds to come back; 0 for never. */
  refresh(view: RunView, at: number): number {
    if (!this.#isStale) return 0;
    const wait = this.#pace.wait(at);
    if (wait > 0) return wait;
    this.#isStale = false;
    this.#pace.do(() => this.#makeRows(view));
    return 0;
  }

  scale(view: RunView, left: number, width: number): TimeScale {
    const from = view.startedAt;
    const to = Math.max(view.endAt, from + 1);
    const [shownFrom, shownTo] = this.zoom ?? [from, to];
    if (!this.cutsIdle) return new TimeScale(shownFrom, shownTo, left, width);
    const idle = this.#cuts.reduce((sum, cut) => sum + cut.to - cut.from, 0);
    return new TimeScale(shownFrom, shownTo, left, width, this.#cuts, to - from - idle);
  }

  /** Shows a time; all of it where that is as long as the run. */
  zoomTo(view: RunView, from: number, to: number): void {
    if (to - from < CLOSEST_MS) return;
    const { startedAt, endAt } = view;
    const isAll = from <= startedAt && to >= endAt;
    this.zoom = isAll ? undefined : [Math.max(from, startedAt), Math.min(to, endAt)];
  }

  /** Shows a time that lies so many px later, as far as the run goes. */
  shift(view: RunView, scale: TimeScale, px: number): void {
    if (this.zoom === undefined) return;
    const least = scale.x(view.startedAt) - scale.left;
    const most = scale.x(view.endAt) - scale.left - scale.width;
    this.zoom = scale.shifted(Math.max(Math.min(least, 0), Math.min(px, Math.max(most, 0))));
  }

  /** Counts who ran at each time in sight, where that is stale and it is time. Tells as `refresh` does. */
  refreshLoads(view: RunView, scale: TimeScale, at: number): number {
    const key = `${scale.from} ${scale.to} ${scale.width} ${scale.cuts.length} ${view.seq}`;
    if (!this.#isLoadStale && key === this.#loadKey) return 0;
    const wait = this.#loadPace.wait(at);
    if (wait > 0) return wait;
    this.#isLoadStale = false;
    this.#loadKey = key;
    this.#loadPace.do(() => this.#countLoads(view, scale));
    return 0;
  }

  /** After how many milliseconds attempts that go on are longer by a px, or may be; Infinity where none is. */
  growsAfter(view: RunView, scale: TimeScale): number {
    const { state } = view.connection;
    const isStill = !view.isLive || view.isOver || state === 'file' || state === 'ended';
    return isStill ? Infinity : view.hasOwnTime ? 50 : Math.max(50, Math.min(1_000, scale.msPerPx));
  }

  /** The row of a node, or -1. */
  rowOf(node: number | undefined): number {
    const row = node === undefined ? -1 : (this.#rowOf[node] ?? -1);
    return row < this.rows.length && this.rows[row] === node ? row : -1;
  }

  /** The first row with an attempt in a time, beginning with those in sight; -1 where there is none. */
  rowWithin({ attempts }: RunView, from: number, to: number, first: number, count: number): number {
    const isIn = (row: number): boolean => {
      for (let i = this.lists.first(this.rows[row]!); i >= 0; i = this.lists.next(i))
        if (attempts.startAt[i]! < to && !(attempts.endAt[i]! < from)) return true;
      return false;
    };
    for (let row = first; row < first + count; row++) if (isIn(row)) return row;
    for (let row = 0; row < this.rows.length; row++) if (isIn(row)) return row;
    return -1;
  }

  /** How many of how many. */
  countText(view: RunView): string {
    const { length } = this.rows;
    return `${countText(length)} of ${countText(view.size)} nodes`;
  }

  #makeRows(view: RunView): void {
    const { seq, size, looks, attempts, matches, hidesDone } = view;
    const at = this.now(view);
    this.lists.grow(attempts);
    this.rows = timelineRows(
      { seq, size, looks, attempts, matches, hidesDone, at },
      this.sort,
      () => (this.#order ??= dependencyOrder(view.links)),
    );
    if (this.#rowOf.length < size) this.#rowOf = new Int32Array(size * 2);
    for (let row = 0; row < this.rows.length; row++) this.#rowOf[this.rows[row]!] = row;
    this.peak = peakOf(attempts, seq);
    this.#cuts = this.cutsIdle ? idleCuts(attempts, view.startedAt, view.endAt) : [];
  }

  #countLoads(view: RunView, scale: TimeScale): void {
    const loads: Load[] = [];
    const count = (from: number, to: number): void => {
      const buckets = Math.min(1_000, Math.ceil((scale.x(to) - scale.x(from)) / 2));
      if (to > from && buckets > 0) loads.push({ from, to, values: view.parallelism(from, to, buckets) });
    };
    let from = scale.from;
    for (const cut of scale.cuts) {
      if (cut.to <= scale.from || cut.from >= scale.to) continue;
      count(from, cut.from);
      from = cut.to;
    }
    count(from, scale.to);
    this.loads = loads;
  }
}
