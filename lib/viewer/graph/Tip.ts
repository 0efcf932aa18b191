import { make } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { spanText } from '../view/clockText.js';
import type { RunView } from '../view/RunView.js';
import { cardOf, countsText, kindText, lookLabel } from './Card.js';
import type { Scene } from './Scene.js';

/** The few words beside the pointer that tell of an item. */
export class Tip {
  readonly element = make('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });

  show(view: RunView, scene: Scene, item: number, x: number, y: number): void {
    const { label, look, badge, counts, kinds } = cardOf(view, scene, item);
    const node = scene.drawing.node[item]!;
    const state = node < 0 ? undefined : view.stateOf(node);
    const lines: string[] = [];
    if (counts === undefined)
      lines.push(badge === '' ? lookLabel(look) : `${lookLabel(look)}, attempt ${badge.slice(1)}`);
    else lines.push(`${badge} nodes`, countsText(counts));
    lines.push(...kinds.map(kindText));
    if (state?.startedAt !== undefined) {
      const end = state.endedAt ?? (view.isLive ? view.endAt : view.at);
      lines.push(`${view.timeText(state.startedAt)}, ${spanText(Math.max(0, end - state.startedAt))}`);
    }
    this.element.replaceChildren(make('b', {}, shown(label, 200)), ...lines.map((line) => make('span', {}, line)));
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const { clientWidth, clientHeight } = this.element.offsetParent ?? document.documentElement;
    // To the right of the pointer and below it, or where there is room.
    const left = x + 14 + offsetWidth > clientWidth ? Math.max(4, x - 10 - offsetWidth) : x + 14;
    const top = y + 16 + offsetHeight > clientHeight ? Math.max(4, y - 10 - offsetHeight) : y + 16;
    this.element.style.setProperty('transform', `translate(${Math.round(left)}px, ${Math.round(top)}px)`);
  }

  hide(): void {
    this.element.hidden = true;
  }
}
