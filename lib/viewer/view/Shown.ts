import { capture, type Snapshot } from '../../state/Snapshot.js';
import type { RunState } from '../../state/RunState.js';
import { GONE, looks as known } from '../theme/looks.js';
import type { Head } from './Head.js';
import { lookOf, looksInto } from './lookOf.js';
import { PastStates, type PastState } from './PastStates.js';

/** The moment that is shown: the newest one, or one of the past; and how every node looks then. */
export class Shown {
  /** By index; GONE where a node does not exist at this moment. */
  looks = new Uint8Array(64).fill(GONE);
  readonly #tallies = new Int32Array(256);
  /** How many nodes have each look. */
  readonly counts = this.#tallies.subarray(0, known.length);
  /** Room for the looks of another moment, and for the nodes that look otherwise then. */
  #before = new Uint8Array(64);
  #changed = new Int32Array(64);
  readonly #head: Head;
  readonly #states: PastStates;
  #past: PastState | undefined;
  #pastSeq = 0;
  #captured: Snapshot | undefined;

  constructor(head: Head) {
    this.#head = head;
    this.#states = new PastStates(head);
  }

  get isLive(): boolean {
    return this.#past === undefined;
  }

  get seq(): number {
    return this.#past === undefined ? this.#head.state.seq : this.#pastSeq;
  }

  /** The working state; one of the past stands there until another moment is shown. */
  get state(): RunState {
    return this.#past?.state ?? this.#head.state;
  }

  get snapshot(): Snapshot {
    if (this.#past !== undefined) return this.#past.snapshot;
    const { state } = this.#head;
    if (this.#captured?.seq !== state.seq) this.#captured = capture(state);
    return this.#captured;
  }

  /** Makes ready for looks at any moment, until time is up. Tells whether more is left. */
  prepare(isTimeUp: () => boolean): boolean {
    return this.#states.prepare(isTimeUp);
  }

  /** Shows the moment after an event; gives the nodes that look otherwise, unless they are very many. */
  seek(seq: number): Int32Array | 'all' {
    this.#past = this.#states.at(seq);
    this.#pastSeq = seq;
    this.#captured = undefined;
    return this.#readAll(this.#past.state);
  }

  /**
   * Shows the newest moment; gives the nodes that look otherwise.
   *
   * @param ahead - Looks that are known of a later moment than the events lead to.
   */
  live(ahead: Uint8Array | undefined): Int32Array | 'all' {
    this.#past = undefined;
    this.#head.state.takeTouched();
    if (ahead === undefined) return this.#readAll(this.#head.state);
    this.update(ahead);
    return 'all';
  }

  /** Takes over what the run has come to, while that is shown; gives the nodes that look otherwise, or have news. */
  update(ahead: Uint8Array | undefined): readonly number[] | 'all' {
    const head = this.#head;
    if (ahead !== undefined) {
      this.#reserve(ahead.length);
      this.looks.fill(GONE);
      this.looks.set(ahead);
      this.#count();
      head.allLooks = true; // to be read anew once the events have come
      return 'all';
    }
    const touched = head.state.takeTouched();
    if (head.allLooks) {
      head.allLooks = false;
      this.#readAll(head.state);
      return 'all';
    }
    this.#reserve(head.size);
    for (const index of touched) {
      const look = lookOf(head.state, index);
      const before = this.looks[index]!;
      if (look === before) continue;
      if (before !== GONE) this.counts[before]!--;
      if (look !== GONE) this.counts[look]!++;
      this.looks[index] = look;
    }
    return touched;
  }

  #readAll(state: RunState): Int32Array | 'all' {
    this.#reserve(this.#head.size);
    const before = this.looks;
    const looks = this.#before;
    looksInto(state, looks);
    this.looks = looks;
    this.#before = before;
    const [words, wordsBefore] = [wordsOf(looks), wordsOf(before)];
    let others = 0;
    for (let word = 0; word < words.length; word++) if (words[word] !== wordsBefore[word]) others++;
    if (others > words.length / MANY) {
      this.#count();
      return 'all';
    }
    const tallies = this.#tallies;
    const changed = this.#changed;
    let count = 0;
    for (let word = 0; word < words.length; word++) {
      if (words[word] === wordsBefore[word]) continue;
      for (let index = word * WORD; index < (word + 1) * WORD; index++) {
        if (looks[index] === before[index]) continue;
        changed[count++] = index;
        tallies[before[index]!]!--;
        tallies[looks[index]!]!++;
      }
    }
    return changed.subarray(0, count);
  }

  #count(): void {
    const { looks } = this;
    const words = wordsOf(looks);
    const tallies = this.#tallies.fill(0);
    for (let word = 0; word < words.length; word++) {
      const first = word * WORD;
      const look = looks[first]!;
      // Neighbours mostly look alike.
      if (words[word] === look * ALIKE) tallies[look]! += WORD;
      else for (let index = first; index < first + WORD; index++) tallies[looks[index]!]!++;
    }
  }

  #reserve(size: number): void {
    if (size <= this.looks.length) return;
    const room = WORD * Math.ceil(Math.max(size, this.looks.length * 2) / WORD);
    const grown = new Uint8Array(room).fill(GONE);
    grown.set(this.looks);
    this.looks = grown;
    this.#before = new Uint8Array(room);
    this.#changed = new Int32Array(room);
  }
}

/** So many looks are compared at once; and what one look, four times, is as a number. */
const WORD = 4;
const ALIKE = 0x01_01_01_01;
/** Where more than one of so many words is another one, all is counted anew. */
const MANY = 8;
const wordsOf = (looks: Uint8Array): Uint32Array => new Uint32Array(looks.buffer, 0, looks.length / WORD);
