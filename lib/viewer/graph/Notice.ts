import { make, setText } from '../dom/make.js';
import { countText } from '../dom/shown.js';
import type { RunView } from '../view/RunView.js';

/** What the notice lets people do. */
export interface NoticeChoices {
  group(): void;
  drawAll(): void;
  cancel(): void;
}

/** How much of a graph is drawn: `some` where much is folded, `held` where all is too much to be drawn unasked. */
type Extent = 'all' | 'some' | 'held' | 'working';

/** With more items than this nothing is drawn before somebody asks for it. */
const ITEMS_MAX = 100_000;
const TICK_MS = 1_000;

/** How much of a view is drawn. */
const extentOf = ({ size, drawing, groups }: RunView, isAllowed: boolean, isBusy: boolean): Extent => {
  if (drawing.count > ITEMS_MAX) return isAllowed ? (isBusy ? 'working' : 'all') : 'held';
  return size > ITEMS_MAX && groups.some(({ isOpen }) => !isOpen) ? 'some' : 'all';
};

/** Tells above the graph that there is more than is drawn, and lets all be drawn. */
export class Notice {
  readonly element = make('div', { class: 'notice', role: 'status', hidden: true });
  readonly #choices: NoticeChoices;
  readonly #text = make('span');
  /** Not spoken: a number that changes every second. */
  readonly #time = make('span', { 'aria-hidden': true });
  /** Whether all may be drawn, however much it is. */
  isAllowed = false;
  #extent: Extent = 'all';
  #isRead = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(choices: NoticeChoices) {
    this.#choices = choices;
  }

  /** Another graph is shown. */
  clear(): void {
    this.#isRead = this.isAllowed = false;
    this.end();
  }

  /** Nothing is drawn any more. */
  end(): void {
    this.#show('all', 0, 0);
  }

  /** Tells how much of a view is drawn; false where it may not be drawn yet. */
  show(view: RunView, isBusy: boolean): boolean {
    const extent = extentOf(view, this.isAllowed, isBusy);
    this.#show(extent, view.size, view.drawing.count);
    return extent !== 'held';
  }

  /** All is about to be drawn. Tells whether that was held back. */
  begin({ size }: RunView): boolean {
    const isHeld = this.#extent === 'held';
    this.isAllowed = true;
    this.#show('working', size, size);
    return isHeld;
  }

  /** @param count - How many boxes are drawn, or would be. */
  #show(extent: Extent, nodes: number, count: number): void {
    const texts: Readonly<Record<Extent, string>> = {
      all: '',
      some: `${countText(nodes)} nodes in ${countText(count)} ${count === 1 ? 'box' : 'boxes'}. A double-click opens one.`,
      held: `${countText(count)} nodes: to draw all of them takes a while.`,
      working: `Drawing ${countText(count)} nodes …`,
    };
    setText(this.#text, texts[extent]);
    this.element.hidden = extent === 'all' || (extent === 'some' && this.#isRead);
    if (extent === this.#extent) return;
    this.#extent = extent;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (extent === 'working') this.#count();
    this.element.className = `notice ${extent}`;
    this.element.replaceChildren(this.#text, ...(extent === 'working' ? [this.#time] : []), ...this.#buttons(extent));
  }

  #buttons(extent: Extent): readonly HTMLElement[] {
    const { group, drawAll, cancel } = this.#choices;
    const button = (text: string, onclick: () => void, kind = ''): HTMLElement =>
      make('button', { class: kind, onclick }, text);
    switch (extent) {
      case 'all':
        return [];
      case 'some':
        return [button('Draw all', drawAll), button('Hide', () => this.#hide())];
      case 'held':
        return [button('Group them', group, 'main'), button('Draw all', drawAll)];
      case 'working':
        return [button('Cancel', cancel)];
    }
  }

  #hide(): void {
    this.#isRead = this.element.hidden = true;
  }

  #count(): void {
    const begun = performance.now();
    const tell = (): void => setText(this.#time, `${Math.round((performance.now() - begun) / 1_000)} s`);
    tell();
    this.#timer = setInterval(tell, TICK_MS);
  }
}
