import { GONE } from '../theme/looks.js';
import { readFilter, type Candidate, type Filter } from './Filter.js';
import type { Head } from './Head.js';
import { nearOf, reachOf } from './reach.js';
import type { Shown } from './Shown.js';

const none: Filter = { test: undefined, error: undefined, hops: 0 };

/** What the nodes that stand out have in common. */
export type HighlightKind = 'upstream' | 'downstream' | 'critical';

/** What is selected, what stands out, and what a filter finds. */
export class Finder {
  selected: number | undefined;
  text = '';
  /** 1 for nodes that match; undefined without a filter. */
  matches: Uint8Array | undefined;
  matchCount = 0;
  readonly #head: Head;
  readonly #shown: Shown;
  #filter = none;
  #near: Uint8Array | undefined;
  #highlight: Uint8Array | undefined;
  #highlightKind: HighlightKind | undefined;

  constructor(head: Head, shown: Shown) {
    this.#head = head;
    this.#shown = shown;
  }

  /** Tells whether other nodes match now. */
  select(index: number | undefined): boolean {
    this.selected = index;
    if (this.#filter.hops === 0) return false;
    this.#look();
    this.refresh('all');
    return true;
  }

  /** 1 for nodes that are to stand out. */
  get highlight(): Uint8Array | undefined {
    return this.#highlight;
  }

  get highlightKind(): HighlightKind | undefined {
    return this.#highlightKind;
  }

  reach(kind: 'upstream' | 'downstream'): void {
    if (this.selected === undefined) return this.unmark();
    this.#highlight = reachOf(this.#head.links, this.selected, kind === 'upstream' ? 'up' : 'down');
    this.#highlightKind = kind;
  }

  /** Lets the critical path stand out. */
  mark(path: readonly number[]): void {
    this.#highlight = new Uint8Array(this.#head.size);
    for (const index of path) this.#highlight[index] = 1;
    this.#highlightKind = 'critical';
  }

  unmark(): void {
    this.#highlight = this.#highlightKind = undefined;
  }

  /** Returns what is wrong with a filter that can't be understood. */
  filter(text: string): string | undefined {
    const filter = readFilter(text);
    if (filter.error !== undefined) return filter.error;
    this.text = text;
    this.#filter = filter;
    this.#look();
    this.refresh('all');
    return undefined;
  }

  /** Looks again at nodes that have changed. */
  refresh(nodes: ArrayLike<number> | 'all' = 'all'): void {
    const { test } = this.#filter;
    if (test === undefined) {
      this.matches = undefined;
      this.matchCount = 0;
      return;
    }
    const { size } = this.#head;
    if (nodes !== 'all' && this.matches !== undefined && this.matches.length >= size) {
      for (let i = 0; i < nodes.length; i++) this.#mark(nodes[i]!, test);
      return;
    }
    this.matches = new Uint8Array(size);
    this.matchCount = 0;
    for (let index = 0; index < size; index++) this.#mark(index, test);
  }

  /** The match after or before the one that is selected, around the end. */
  next(by: 1 | -1): number | undefined {
    const { matches } = this;
    if (matches === undefined || this.matchCount === 0) return undefined;
    let index = this.selected ?? (by > 0 ? -1 : matches.length);
    do index = (index + by + matches.length) % matches.length;
    while (matches[index] === 0);
    return index;
  }

  #mark(index: number, test: (node: Candidate) => boolean): void {
    const look = this.#shown.looks[index] ?? GONE;
    const is = look !== GONE && test(this.#candidate(index, look)) ? 1 : 0;
    this.matchCount += is - this.matches![index]!;
    this.matches![index] = is;
  }

  #candidate(index: number, look: number): Candidate {
    const head = this.#head;
    const { action, branch } = head.specOf(index);
    return {
      id: head.idOf(index),
      action,
      branch,
      look,
      ms: head.attempts.spentMs(index, head.state.at),
      isNear: () => this.#near === undefined || this.#near[index] === 1,
    };
  }

  #look(): void {
    const { hops } = this.#filter;
    this.#near = hops === 0 || this.selected === undefined ? undefined : nearOf(this.#head.links, this.selected, hops);
  }
}
