import { make } from '../dom/make.js';
import type { RunView } from '../view/RunView.js';
import { nodeTimes, nodeTip } from './nodeTip.js';
import { Pace } from './Pace.js';
import type { TimelineModel } from './TimelineModel.js';

/** How long the pointer rests before a tip shows, milliseconds. */
const REST_MS = 150;

/** A small table beside the pointer about the node below it. */
export class TimelineTip {
  readonly element = make('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
  readonly #pace = new Pace();
  #timer = 0;

  hide(): void {
    clearTimeout(this.#timer);
    this.element.hidden = true;
  }

  /** Shows it soon, at a place of the host, if nothing else comes before. */
  showSoon(view: RunView, model: TimelineModel, node: number, host: HTMLElement, x: number, y: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const { element } = this;
      // What a node may be late by takes a walk over the graph after each event: of a huge one not for each tip.
      let slackMs: number | undefined;
      if (this.#pace.wait(performance.now()) === 0) this.#pace.do(() => (slackMs = view.critical.slackMs(node)));
      element.replaceChildren(...nodeTip(nodeTimes(view, model.lists, node, model.now(view)), slackMs));
      element.hidden = false;
      const left = Math.max(4, Math.min(x + 14, host.clientWidth - element.offsetWidth - 8));
      const isLow = y + 16 + element.offsetHeight > host.clientHeight;
      element.style.transform = `translate(${left}px, ${isLow ? y - element.offsetHeight - 10 : y + 16}px)`;
    }, REST_MS);
  }
}
