import { Subject, type Observable, type Subscription } from 'rxjs';
import type { ExecutorCommand } from '../../model/ExecutorCommand.js';
import type { RunListing } from '../source/ListedRun.js';
import type { RunDifference } from '../source/RunDifference.js';
import type { RunSource } from '../source/RunSource.js';
import { parallelismOf } from './Attempts.js';
import { mergeChanges, noChanges, type Changes } from './Changes.js';
import { clockText, type Clock } from './clockText.js';
import type { Drawing } from './drawingOf.js';
import { Finder, type HighlightKind } from './Finder.js';
import type { Group, Grouping } from './Groups.js';
import { Playback } from './Playback.js';
import { Ways, type RunPath } from './Ways.js';
import { ShownRun } from './ShownRun.js';
import { Sights } from './Sights.js';
import { whenIdle } from './whenIdle.js';

/** At most so often whoever watches is told while events come, milliseconds. */
const TELL_MS = 16;
/** Of moments that are at most so many events apart it is told which nodes differ. */
const NEAR = 64;
/** Up to so many events are folded in a moment. */
const LONG = 20_000;

/**
 * A run as all elements of a page see it: its log and its state at one moment, which is the newest as long as it is `live`;
 * what is selected, filtered, folded. It only hears of the run, and changes it by commands alone.
 */
export class RunView extends ShownRun {
  readonly changes$: Observable<Changes>;
  readonly role: 'full' | 'reader';
  readonly #told = new Subject<Changes>();
  readonly #sights: Sights;
  readonly #finder: Finder;
  readonly #ways: Ways;
  readonly #playback: Playback;
  readonly #subscription: Subscription;
  #waiting: Changes = noChanges;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #clock: Clock = 'relative';
  #isClosed = false;
  #endIdle: (() => void) | undefined;

  constructor(source: RunSource) {
    super(source);
    this.changes$ = this.#told.asObservable();
    this.role = source.dispatch === undefined ? 'reader' : source.role;
    this.#ways = new Ways(this.known, () => this.endAt);
    this.#sights = new Sights(this.known, this.shown);
    this.#finder = new Finder(this.known, this.shown);
    this.#playback = new Playback(
      (seq) => this.#show(seq),
      () => this.log,
    );
    this.#subscription = source.message$.subscribe((message) => this.intake.take(message));
  }

  /** Hears no more of the run. */
  close(): void {
    this.#isClosed = true;
    this.#subscription.unsubscribe();
    this.intake.close();
    this.#playback.stop();
    clearTimeout(this.#timer);
    this.#endIdle?.();
    this.#told.complete();
  }

  /* The moment that is shown */

  /** Shows the state after an event, until `live` is called. */
  seek(seq: number): void {
    this.#playback.stop();
    this.#show(seq);
  }
  step(by: number): void {
    this.seek(this.seq + by);
  }
  /** Follows the run again. */
  live(): void {
    this.#playback.stop();
    if (this.isLive) return;
    this.#moved(this.shown.live(this.intake.ahead?.looks));
  }
  /**
   * Plays from the moment that is shown, or from the start where that is the end; a speed of 1 is that of the run. Unless
   * `skipsIdle` is false, times in which nothing happens are left out where they would last for more than 2 seconds.
   */
  play(speed: number, skipsIdle = true): void {
    const from = this.seq >= this.log.size ? 1 : this.seq;
    this.#show(from);
    this.#playback.play(from, speed, skipsIdle);
    this.#tell({ ...noChanges, moved: true });
  }
  stop(): void {
    this.#playback.stop();
    this.#tell({ ...noChanges, moved: true });
  }
  get playing(): number | undefined {
    return this.#playback.speed;
  }
  /** How much time playing has left out just before the moment that is shown, milliseconds; else 0. */
  get skippedMs(): number {
    return this.#playback.skippedMs;
  }

  /* Groups, and what is drawn */

  get grouping(): Grouping {
    return this.#sights.grouping;
  }
  setGrouping(grouping: Grouping): void {
    this.#sights.group(grouping);
    this.#tellDrawn();
  }
  get groups(): readonly Group[] {
    return this.#sights.groups;
  }
  toggleGroup(group: number): void {
    this.#sights.toggle(group);
    this.#tellDrawn();
  }
  foldAll(): void {
    this.#sights.setAll(false);
    this.#tellDrawn();
  }
  openAll(): void {
    this.#sights.setAll(true);
    this.#tellDrawn();
  }
  get drawing(): Drawing {
    return this.#sights.drawing;
  }
  get hidesDone(): boolean {
    return this.#sights.hidesDone;
  }
  setHidesDone(on: boolean): void {
    this.#sights.hideDone(on);
    this.#tellDrawn({ filter: true });
  }

  /* What is selected and found */

  get selected(): number | undefined {
    return this.#finder.selected;
  }
  select(index: number | undefined): void {
    const chosen =
      index !== undefined && Number.isInteger(index) && index >= 0 && index < this.size ? index : undefined;
    if (chosen === this.selected) return;
    const isFiltered = this.#finder.select(chosen);
    this.#tell({ ...noChanges, selection: true, filter: isFiltered });
  }
  get highlight(): Uint8Array | undefined {
    return this.#finder.highlight;
  }
  get highlightKind(): HighlightKind | undefined {
    return this.#finder.highlightKind;
  }
  highlightUpstream(): void {
    this.#finder.reach('upstream');
    this.#tell({ ...noChanges, selection: true });
  }
  highlightDownstream(): void {
    this.#finder.reach('downstream');
    this.#tell({ ...noChanges, selection: true });
  }
  highlightCritical(): void {
    this.#finder.mark(this.critical.path);
    this.#tell({ ...noChanges, selection: true });
  }
  clearHighlight(): void {
    this.#finder.unmark();
    this.#tell({ ...noChanges, selection: true });
  }
  get filterText(): string {
    return this.#finder.text;
  }
  /** Takes a filter; one that can't be understood is told and changes nothing. */
  setFilter(text: string): { readonly error?: string } {
    const error = this.#finder.filter(text);
    if (error !== undefined) return { error };
    this.#tell({ ...noChanges, filter: true });
    return {};
  }
  get matches(): Uint8Array | undefined {
    return this.#finder.matches;
  }
  get matchCount(): number {
    return this.#finder.matchCount;
  }
  nextMatch(by: 1 | -1): void {
    const next = this.#finder.next(by);
    if (next !== undefined) this.select(next);
  }

  /* Time */

  get critical(): RunPath {
    return this.#ways.critical;
  }
  parallelism(from: number, to: number, buckets: number): Float32Array {
    return parallelismOf(this.attempts, this.seq, this.isLive ? this.endAt : this.at, from, to, buckets);
  }
  get clock(): Clock {
    return this.#clock;
  }
  setClock(clock: Clock): void {
    this.#clock = clock;
    this.#tell({ ...noChanges, nodes: 'all' });
  }
  timeText(at: number): string {
    return clockText(this.#clock, at, this.startedAt);
  }

  /* Commands: nothing is shown before the run's own events tell of it */

  async ask(command: ExecutorCommand): Promise<{ readonly seq: number } | { readonly refused: string }> {
    if (this.role === 'reader') return { refused: 'Whoever only reads may not change the run.' };
    return this.source.dispatch!(command);
  }
  get canFork(): boolean {
    return this.source.fork !== undefined && this.role === 'full';
  }
  async fork(
    seq: number,
    again?: readonly string[],
  ): Promise<{ readonly runId: string } | { readonly refused: string }> {
    return this.canFork ? this.source.fork!(seq, again) : { refused: 'Runs can’t be forked here.' };
  }
  get canDiff(): boolean {
    return this.source.diff !== undefined;
  }
  async diff(other: string): Promise<RunDifference> {
    if (this.source.diff === undefined) throw new Error('Runs can’t be compared here.');
    return this.source.diff(other);
  }
  /** The runs that it can be compared with; undefined where that is not known. */
  async runs(): Promise<RunListing | undefined> {
    return this.source.runs?.();
  }

  /* How changes go out */

  #show(seq: number): void {
    const before = this.seq;
    const changed = this.shown.seek(Math.max(0, Math.min(Math.trunc(seq) || 0, this.log.size)));
    const isNear = Math.abs(this.seq - before) <= NEAR && changed.length <= NEAR && before <= this.log.size;
    this.#moved(
      changed,
      isNear && changed !== 'all' ? [...new Set([...changed, ...this.log.nodesBetween(before, this.seq)])] : 'all',
    );
  }

  #moved(changed: ArrayLike<number> | 'all', nodes: Changes['nodes'] = 'all'): void {
    const structure = this.#sights.moved(changed);
    this.#finder.refresh(changed);
    this.#tell({ ...noChanges, moved: true, nodes, structure });
  }

  /** Something has arrived: those who watch are told a little later, all at once. */
  protected override hear(arrived: Changes): void {
    this.#waiting = mergeChanges(this.#waiting, arrived);
    if (!this.#isClosed) this.#timer ??= setTimeout(() => this.#tellArrived(), TELL_MS);
  }

  #tellArrived(): void {
    const waiting = this.#waiting;
    this.#waiting = noChanges;
    const nodes = this.isLive ? this.shown.update(this.intake.ahead?.looks) : waiting.nodes;
    const hasEnded = this.#sights.count(nodes);
    const isOther = waiting.structure || hasEnded;
    const structure = isOther && this.#sights.renew();
    this.#finder.refresh(nodes);
    const tell = (): void => {
      this.#timer = undefined;
      this.#tell({ ...waiting, nodes, moved: this.isLive || waiting.moved, structure });
      // What is large has its turn later; and more may have come.
      if (isOther && !structure) this.hear({ ...noChanges, structure: true });
      else if (this.#waiting !== noChanges) this.hear(noChanges);
    };
    if (structure) this.#sights.prepare(tell);
    else tell();
    // Of a long log that is there as a whole any moment is to be shown at once.
    const isWhole = this.isOver || (this.source.isFile && this.intake.isDone);
    if (isWhole && this.log.size > LONG) this.#endIdle ??= whenIdle((isTimeUp) => this.shown.prepare(isTimeUp));
  }

  /** Something else is drawn. */
  #tellDrawn(changes: Partial<Changes> = {}): void {
    this.#sights.prepare(() => this.#tell({ ...noChanges, ...changes, structure: true }));
  }

  #tell(changes: Changes): void {
    this.#told.next(changes);
  }
}
