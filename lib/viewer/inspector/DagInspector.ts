import { ViewElement } from '../dom/ViewElement.js';
import { make } from '../dom/make.js';
import type { Changes } from '../view/Changes.js';
import type { RunView } from '../view/RunView.js';
import { Answers } from './Answers.js';
import { isTicking } from './clockEnd.js';
import { inspectorText } from './inspectorText.js';
import { NodePanel } from './NodePanel.js';
import { RunPanel } from './RunPanel.js';

/** How often a running clock is shown anew while nothing else changes. */
const TICK_MS = 1_000;
/** How often a run that goes on is told anew at most: faster than that nobody reads. */
const PAINT_MS = 100;

/** `<dag-inspector>`: the selected node, or the run where none is, with all that can be asked for it. */
export class DagInspector extends ViewElement {
  readonly #answers = new Answers();
  readonly #node = new NodePanel(this.#answers);
  readonly #run = new RunPanel(this.#answers);
  readonly #body = make('div', { class: 'body' });
  #shown: number | undefined;
  #paintedAt = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super(inspectorText);
    this.root.append(this.#body, this.#answers.element);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = setInterval(() => {
      if (this.view !== undefined && isTicking(this.view)) this.repaint();
    }, TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  protected override paint(view: RunView, { selection, filter }: Changes): void {
    const { selected } = view;
    const now = performance.now();
    if (view.isLive && !selection && !filter && now - this.#paintedAt < PAINT_MS) {
      this.repaintIn(PAINT_MS);
      return;
    }
    this.#paintedAt = now;
    if (view.hasOwnTime && isTicking(view)) this.repaintIn(PAINT_MS);
    const panel = selected === undefined ? this.#run : this.#node;
    if (this.#body.firstChild !== panel.element) this.#body.replaceChildren(panel.element);
    if (selected !== this.#shown) {
      this.#shown = selected;
      this.#body.scrollTop = 0;
      this.#answers.say('');
    }
    if (selected === undefined) this.#run.show(view);
    else this.#node.show(view, selected);
  }
}
