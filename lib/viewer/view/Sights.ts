import { macrotask } from '../../testing/macrotask.js';
import { REMOVED } from '../../state/NodeRecord.js';
import { GONE, PENDING, isFine, looks as known } from '../theme/looks.js';
import { drawingOf, type Drawing } from './drawingOf.js';
import { groupsOf, type Group, type Grouped, type Grouping } from './Groups.js';
import type { Head } from './Head.js';
import type { Shown } from './Shown.js';

/** Drawings of more nodes than this are made anew at most twice a second while a run changes them. */
const LARGE = 5_000;
const LARGE_GAP_MS = 500;
/** Less often still, so that making groups takes at most one part in so many of the time; but every few seconds. */
const SHARE = 10;
const LARGEST_GAP_MS = 3_000;

/** What of a run is drawn: its groups, which of them are folded, and the items and edges that follow from that. */
export class Sights {
  grouping: Grouping = 'auto';
  hidesDone = false;
  readonly #head: Head;
  readonly #shown: Shown;
  readonly #wishes = new Map<string, boolean>();
  #grouped: Grouped | undefined;
  #drawing: Drawing | undefined;
  #version = 0;
  #madeAt = -Infinity;
  #cost = 0;
  /** The look of each node that group counts hold. */
  #counted = new Uint8Array(0);

  constructor(head: Head, shown: Shown) {
    this.#head = head;
    this.#shown = shown;
  }

  get groups(): readonly Group[] {
    return this.#known().groups;
  }

  get drawing(): Drawing {
    if (this.#drawing === undefined) {
      // What is gone at this moment but stands at the end keeps its place, so that nothing jumps while time is moved.
      const looks = new Uint8Array(this.#head.size).fill(GONE);
      looks.set(this.#shown.looks.subarray(0, looks.length));
      for (let index = 0; index < looks.length; index++)
        if (looks[index] === GONE && !this.#head.isRemoved(index)) looks[index] = PENDING;
      this.#drawing = drawingOf(this.#head, this.#known(), { looks, hidesDone: this.hidesDone }, ++this.#version);
      this.#madeAt = performance.now();
    }
    return this.#drawing;
  }

  /** Makes what is drawn, and calls back then; of a large graph piece by piece, so that the page can do other things between. */
  prepare(done: () => void): void {
    if (this.#head.size <= LARGE) return done();
    const steps = [() => this.groups, () => this.drawing];
    const next = (): void => {
      if (steps.shift()?.() === undefined) done();
      else void macrotask().then(next);
    };
    next();
  }

  group(grouping: Grouping): void {
    this.grouping = grouping;
    this.#forget();
  }

  toggle(group: number): void {
    const known = this.groups[group];
    if (known !== undefined) this.#open(!known.isOpen, (number) => number === group);
  }

  setAll(isOpen: boolean): void {
    this.#open(isOpen, () => true);
  }

  hideDone(on: boolean): void {
    this.hidesDone = on;
    this.#drawing = undefined;
  }

  /** The graph has changed: all is made anew when it is read, unless it was just now and is large. Tells whether it will be. */
  renew(): boolean {
    const gap = Math.min(LARGEST_GAP_MS, Math.max(LARGE_GAP_MS, SHARE * this.#cost));
    if (this.#head.size > LARGE && performance.now() - this.#madeAt < gap) return false;
    this.#forget();
    return true;
  }

  /** Another moment is shown, at which these nodes look otherwise. Tells whether the drawing is another one. */
  moved(changed: ArrayLike<number> | 'all'): boolean {
    this.count(changed);
    const drawing = this.#drawing;
    if (drawing === undefined) return true;
    if (!this.hidesDone && this.#head.state.counts[REMOVED] === 0) return false; // then all are drawn
    const isAll = changed === 'all';
    const { itemOf } = drawing;
    const count = isAll ? itemOf.length : changed.length;
    for (let i = 0; i < count; i++) {
      const index = isAll ? i : changed[i]!;
      if (index >= itemOf.length) continue;
      const look = this.#shown.looks[index]!;
      const isDrawn = (look !== GONE || !this.#head.isRemoved(index)) && !(this.hidesDone && isFine(look));
      if (isDrawn === itemOf[index]! >= 0) continue;
      this.#drawing = undefined;
      return true;
    }
    return false;
  }

  /** Keeps the counts of groups; tells whether other nodes are done than before, where those are not drawn. */
  count(nodes: ArrayLike<number> | 'all'): boolean {
    if (this.#grouped === undefined || nodes === 'all' || this.#counted.length < this.#head.size) {
      this.#countAll();
      return this.hidesDone;
    }
    const { counts, groupOf } = this.#grouped;
    const { hidesDone } = this;
    const { looks } = this.#shown;
    const counted = this.#counted;
    let hasEnded = false;
    for (let i = 0; i < nodes.length; i++) {
      const index = nodes[i]!;
      const look = looks[index]!;
      const before = counted[index]!;
      if (look === before) continue;
      counted[index] = look;
      if (hidesDone) hasEnded ||= isFine(look) !== isFine(before);
      const group = groupOf[index] ?? -1;
      if (group < 0) continue;
      const at = group * known.length;
      if (before !== GONE) counts[at + before]!--;
      if (look !== GONE) counts[at + look]!++;
    }
    return hasEnded;
  }

  #open(isOpen: boolean, isMeant: (number: number) => boolean): void {
    const { groups, ...others } = this.#known();
    this.#grouped = {
      ...others,
      groups: groups.map((group, number) => {
        if (!isMeant(number)) return group;
        this.#wishes.set(group.key, isOpen);
        return { ...group, isOpen };
      }),
    };
    this.#drawing = undefined;
  }

  #known(): Grouped {
    if (this.#grouped === undefined) {
      const begun = performance.now();
      this.#grouped = groupsOf(this.#head, this.grouping, this.#wishes);
      this.#countAll();
      this.#cost = performance.now() - begun;
    }
    return this.#grouped;
  }

  #countAll(): void {
    if (this.#grouped === undefined) return;
    const { counts, groups, groupOf } = this.#grouped;
    const { looks } = this.#shown;
    if (this.#counted.length === looks.length) this.#counted.set(looks);
    else this.#counted = looks.slice();
    counts.fill(0);
    groups.forEach(({ members }, group) => {
      const at = group * known.length;
      // What heads a group belongs to the one above.
      for (let i = groupOf[members[0]!] === group ? 0 : 1; i < members.length; i++) {
        const look = looks[members[i]!]!;
        if (look !== GONE) counts[at + look]!++;
      }
    });
  }

  #forget(): void {
    this.#grouped = this.#drawing = undefined;
  }
}
