import { make } from '../dom/make.js';
import type { RunView } from '../view/RunView.js';
import { Splitter } from './Splitter.js';

/** What can be looked at. The list lies over the graph that it mirrors. */
export const paneNames = ['graph', 'list', 'timeline', 'log', 'inspector'] as const;
export type PaneName = (typeof paneNames)[number];

const usual = 'graph,timeline,inspector';

/**
 * The panes of the page: the graph above, the timeline or the log below it, the inspector beside them, with bars between.
 * Where there is no room for several, one is shown at a time.
 */
export class Panes {
  readonly graph = document.createElement('dag-graph');
  readonly timeline = document.createElement('dag-timeline');
  readonly log = document.createElement('dag-log');
  readonly inspector = document.createElement('dag-inspector');
  readonly #changed: () => void;
  readonly #beside = new Splitter('side', 'Width of the inspector', true, 28);
  readonly #between = new Splitter('below', 'Height of what is below the graph', false, 38);
  readonly #above = pane('Graph', 'above', this.graph);
  readonly #below = pane('Timeline', 'below', this.timeline, this.log);
  readonly #side = pane('Inspector', 'side', this.inspector);
  readonly #left = make('div', { class: 'left' }, this.#above, this.#between.element, this.#below);
  readonly element = make('div', { class: 'panes' }, this.#left, this.#beside.element, this.#side);
  #lower: 'timeline' | 'log' | undefined = 'timeline';
  #hasList = false;
  #hasSide = true;
  #tab: PaneName = 'graph';
  #isNarrow = false;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#beside.place();
    this.#between.place();
    this.graph.saysProgress = false;
    this.#lay();
    // The graph has a button of its own for its list.
    new MutationObserver(() => {
      if (this.graph.listOpen === this.isShown('list')) return;
      if (this.graph.listOpen || this.#isNarrow) this.show(this.graph.listOpen ? 'list' : 'graph');
      else this.toggle('list');
    }).observe(this.graph, { attributeFilter: ['list-open'] });
  }

  setView(view: RunView | undefined): void {
    for (const element of [this.graph, this.timeline, this.log, this.inspector]) element.view = view;
  }

  get isNarrow(): boolean {
    return this.#isNarrow;
  }

  set isNarrow(isNarrow: boolean) {
    if (isNarrow === this.#isNarrow) return;
    this.#isNarrow = isNarrow;
    this.#lay();
  }

  isShown(name: PaneName): boolean {
    if (this.#isNarrow) return name === this.#tab;
    if (name === 'graph') return true;
    if (name === 'list') return this.#hasList;
    return name === 'inspector' ? this.#hasSide : name === this.#lower;
  }

  /** Shows a pane, where it stands already it stays. */
  show(name: PaneName): void {
    this.#tab = name;
    if (name === 'list') this.#hasList = true;
    else if (name === 'graph') this.#hasList &&= !this.#isNarrow;
    else if (name === 'inspector') this.#hasSide = true;
    else this.#lower = name;
    this.#lay();
  }

  /** Shows a pane, or hides it where it is shown and others are as well. */
  toggle(name: PaneName): void {
    if (this.#isNarrow || name === 'graph' || !this.isShown(name)) return this.show(name);
    if (name === 'list') this.#hasList = false;
    else if (name === 'inspector') this.#hasSide = false;
    else this.#lower = undefined;
    this.#tab = 'graph';
    this.#lay();
  }

  /** Shows a pane and puts the focus into it. */
  focus(name: PaneName): void {
    this.show(name);
    this.focusOf(name)?.focus();
  }

  /** What takes the keys of a pane. */
  focusOf(name: PaneName): HTMLElement | undefined {
    const root = (name === 'list' ? this.graph : this[name]).shadowRoot;
    for (const wanted of name === 'list' ? ['[role=treegrid]'] : ['[role=grid]', '[tabindex="0"]', 'button']) {
      const found = root?.querySelector<HTMLElement>(wanted);
      if (found) return found;
    }
    return undefined;
  }

  /** Whether the graph goes along with what runs. */
  toggleFollowing(): void {
    this.graph.followRunning = !this.graph.followRunning;
    this.#changed();
  }

  /** What is shown, as a text; undefined where it is what is usual. */
  read(): string | undefined {
    const shown = paneNames.filter(
      (name) =>
        name === 'graph' ||
        name === this.#lower ||
        (name === 'list' && this.#hasList) ||
        (name === 'inspector' && this.#hasSide),
    );
    const text = [...new Set([this.#tab, ...shown])].join(',');
    return text === usual ? undefined : text;
  }

  /** Shows what such a text tells: one name is shown with what is there, several are all that there is. */
  apply(text: string): void {
    const names = text.split(',').filter((name): name is PaneName => paneNames.some((known) => known === name));
    if (names.length > 1) {
      this.#hasList = names.includes('list');
      this.#hasSide = names.includes('inspector');
      this.#lower = names.includes('log') ? 'log' : names.includes('timeline') ? 'timeline' : undefined;
    }
    if (names[0] !== undefined) this.show(names[0]);
  }

  #lay(): void {
    const isShown = (name: PaneName): boolean => this.isShown(name);
    const hasAbove = isShown('graph') || isShown('list');
    const hasBelow = isShown('timeline') || isShown('log');
    this.#above.hidden = !hasAbove;
    this.#below.hidden = !hasBelow;
    this.#side.hidden = !isShown('inspector');
    this.#left.hidden = !hasAbove && !hasBelow;
    this.timeline.hidden = !isShown('timeline');
    this.log.hidden = !isShown('log');
    this.#below.setAttribute('aria-label', isShown('log') ? 'Log' : 'Timeline');
    this.graph.toggleAttribute('list-open', isShown('list'));
    this.#between.element.hidden = !hasAbove || !hasBelow;
    this.#beside.element.hidden = this.#side.hidden || this.#left.hidden;
    this.#changed();
  }
}

const pane = (label: string, kind: string, ...children: readonly Node[]): HTMLElement =>
  make('section', { class: `pane ${kind}`, 'aria-label': label }, ...children);
