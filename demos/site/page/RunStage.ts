import { RunView, type RunSource } from '../../../lib/viewer/index.js';
import { newLayoutWorker } from './newLayoutWorker.js';

/** Where one run after the other is shown, each in an element of its own. */
export class RunStage<K extends 'dag-viewer' | 'dag-graph'> {
  readonly #place: HTMLElement;
  readonly #name: K;
  #element: HTMLElementTagNameMap[K] | undefined;

  constructor(place: HTMLElement, name: K) {
    this.#place = place;
    this.#name = name;
  }

  get view(): RunView | undefined {
    return this.#element?.view;
  }

  /** Shows a run in place of the one before. */
  show(source: RunSource): HTMLElementTagNameMap[K] {
    this.view?.close();
    const element = document.createElement(this.#name);
    element.newWorker = newLayoutWorker;
    element.view = new RunView(source);
    this.#place.replaceChildren(element);
    return (this.#element = element);
  }
}
