import { RunView, fromEvents } from '../../../lib/viewer/index.js';
import { element } from '../page/element.js';
import { newLayoutWorker } from '../page/newLayoutWorker.js';
import type { Kept } from './Archive.js';

/** Two runs beside each other. Each can be moved through by itself, or both at once. */
export class Pair {
  readonly a: RunView;
  readonly b: RunView;
  together = true;
  #isFollowing = false;

  constructor(stage: HTMLElement, a: Kept, b: Kept) {
    this.a = new RunView(fromEvents(a.events));
    this.b = new RunView(fromEvents(b.events));
    stage.replaceChildren(side(this.a, 'first'), side(this.b, b.run.runId));
    this.#follow(this.a, this.b);
    this.#follow(this.b, this.a);
  }

  /** Shows both after the same event. */
  seek(seq: number): void {
    this.a.seek(Math.min(seq, this.a.head));
    this.b.seek(Math.min(seq, this.b.head));
  }

  /** Selects a node in both, where it is. */
  select(nodeId: string): void {
    for (const view of [this.a, this.b]) view.select(view.indexOf(nodeId));
  }

  close(): void {
    this.a.close();
    this.b.close();
  }

  #follow(leader: RunView, follower: RunView): void {
    leader.changes$.subscribe(({ moved, selection }) => {
      if (this.#isFollowing || !this.together) return;
      this.#isFollowing = true;
      if (moved) follower.seek(Math.min(leader.seq, follower.head));
      if (selection)
        follower.select(leader.selected === undefined ? undefined : follower.indexOf(leader.idOf(leader.selected)));
      this.#isFollowing = false;
    });
  }
}

const side = (view: RunView, name: string): HTMLElement => {
  const graph = document.createElement('dag-graph');
  const scrubber = document.createElement('dag-scrubber');
  graph.newWorker = newLayoutWorker;
  graph.view = view;
  scrubber.view = view;
  return element('div', { class: 'side', 'data-run': name }, element('h2', {}, name), graph, scrubber);
};
