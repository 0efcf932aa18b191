import { extended } from '../../layout/extended.js';
import type { Layout } from '../../layout/Layout.js';
import type { LayoutGraph } from '../../layout/LayoutGraph.js';
import { Layouter, type LayoutWorker } from '../../layout/Layouter.js';
import { layered } from '../../layout/layered.js';
import { macrotask } from '../../testing/macrotask.js';
import type { RunView } from '../view/RunView.js';
import { Arrangement, placesOf, type Parts } from './Arrangement.js';
import { ITEM_HEIGHT, ITEM_WIDTH } from './Box.js';
import { type Scene, sceneOf, sceneSteps } from './Scene.js';

/** The gap below an item. */
const GAP = 18;

/** Drawings with more items than this are made in pieces. */
const LARGE = 20_000;

/** Graphs up to this size are laid out at once: that takes less time than to ask a worker. */
const HERE_MAX = 150;

/** Finds places for drawings, one after the other; while one is worked on, only the newest of those that come waits. */
export class Placing {
  readonly #done: (scene: Scene) => void;
  readonly #layouter: Layouter;
  #arrangement = new Arrangement();
  #layout: Layout | undefined;
  #choices = new Map<string, boolean>();
  #choice: string | undefined;
  #waiting: Parts | undefined;
  #isBusy = false;
  #turn = 0;

  constructor(newWorker: () => LayoutWorker, done: (scene: Scene) => void) {
    this.#layouter = new Layouter(newWorker);
    this.#done = done;
  }

  /** Whether places are still to be found for what was asked for last. */
  get isBusy(): boolean {
    return this.#waiting !== undefined;
  }

  /** Ends the worker; what it is at comes to nothing. */
  close(): void {
    this.#turn += 1;
    this.#layouter.close();
  }

  /** Finds places for what a view draws now. */
  place(view: RunView, isAnew = false): void {
    const { drawing, groups } = view;
    if (this.#isOtherChoice(view) || isAnew) {
      this.#arrangement = new Arrangement();
      this.#layout = undefined;
    }
    this.#waiting = this.#arrangement.learn(drawing, groups);
    if (!this.#isBusy) void this.#work();
  }

  /** People expect a new order when they fold, open or hide something; what the run does by itself moves nothing. */
  #isOtherChoice({ grouping, hidesDone, groups }: RunView): boolean {
    const choice = `${grouping} ${hidesDone}`;
    let isOther = choice !== this.#choice;
    this.#choice = choice;
    const choices = new Map<string, boolean>();
    for (const { key, isOpen } of groups) {
      if ((this.#choices.get(key) ?? isOpen) !== isOpen) isOther = true;
      choices.set(key, isOpen);
    }
    this.#choices = choices;
    return isOther;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    const turn = this.#turn;
    while (this.#waiting !== undefined) {
      const arrangement = this.#arrangement;
      if (!arrangement.isIn(this.#layout)) {
        const layout = await this.#find(arrangement.graph(), this.#layout);
        if (turn !== this.#turn) return;
        if (arrangement === this.#arrangement && layout !== undefined) this.#layout = layout;
        // More may have come in the meantime.
        if (!this.#arrangement.isIn(this.#layout)) continue;
      }
      const parts = this.#waiting;
      const made = this.#sceneOf(parts, placesOf(parts, this.#layout));
      const scene = made instanceof Promise ? await made : made;
      if (turn !== this.#turn) return;
      if (this.#waiting === parts) this.#waiting = undefined;
      this.#done(scene);
    }
    this.#isBusy = false;
  }

  /** Of a large drawing it is made piece by piece, so that the page has its turns between. */
  #sceneOf({ drawing, groups }: Parts, places: Layout): Scene | Promise<Scene> {
    if (drawing.count <= LARGE) return sceneOf(drawing, groups, places);
    const steps = sceneSteps(drawing, groups, places);
    const next = async (): Promise<Scene> => {
      const step = steps.next();
      if (step.done === true) return step.value;
      await macrotask();
      return next();
    };
    return next();
  }

  #find(graph: LayoutGraph, drawn: Layout | undefined): Layout | Promise<Layout | undefined> {
    const options = { nodeWidth: ITEM_WIDTH, nodeHeight: ITEM_HEIGHT, nodeGap: GAP };
    if (graph.size > HERE_MAX) return this.#layouter.layout(graph, options, drawn);
    return drawn === undefined ? layered(graph, options) : extended(drawn, graph, options);
  }
}
