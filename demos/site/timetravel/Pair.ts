import { animationFrameScheduler, filter, observeOn, take } from 'rxjs';
import { RunView, fromEvents } from '../../../lib/viewer/index.js';
import { element } from '../page/element.js';
import { newLayoutWorker } from '../page/newLayoutWorker.js';
import type { Kept } from './Archive.js';

/** A run and a fork of it beside each other. Each can be moved through by itself, or both at once. */
export class Pair {
  readonly a: RunView;
  readonly b: RunView;
  together = true;
  readonly #shared: number;
  #isFollowing = false;

  constructor(stage: HTMLElement, a: Kept, b: Kept) {
    this.a = new RunView(fromEvents(a.events));
    this.b = new RunView(fromEvents(b.events));
    const [started] = b.events;
    this.#shared = started?.type === 'RunStarted' ? (started.forkedFrom?.seq ?? 0) : 0;
    stage.replaceChildren(side(this.a, 'first'), side(this.b, b.run.runId));
    this.#follow(this.a, this.b);
    this.#follow(this.b, this.a);
  }

  /** Shows both after the same event. */
  seek(seq: number): void {
    this.#isFollowing = true;
    for (const view of [this.a, this.b]) view.seek(Math.min(seq, view.head));
    this.#isFollowing = false;
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
      if (moved) this.#move(leader, follower);
      if (selection)
        follower.select(leader.selected === undefined ? undefined : follower.indexOf(leader.idOf(leader.selected)));
      this.#isFollowing = false;
    });
  }

  /** In the beginning that both share to the same event; after it as far on the way to the end, and at the end to the end. */
  #move(leader: RunView, follower: RunView): void {
    if (leader.seq >= leader.head) return follower.live();
    const shared = this.#shared;
    const share = (leader.seq - shared) / (leader.head - shared);
    follower.seek(share <= 0 ? leader.seq : shared + Math.floor(share * (follower.head - shared)));
  }
}

const side = (view: RunView, name: string): HTMLElement => {
  const graph = document.createElement('dag-graph');
  const scrubber = document.createElement('dag-scrubber');
  graph.newWorker = newLayoutWorker;
  graph.view = view;
  scrubber.view = view;
  // The graph fits its first layout alone; the whole run's comes a moment later, and may be larger.
  view.changes$
    .pipe(
      filter(({ structure }) => structure),
      take(1),
      observeOn(animationFrameScheduler),
    )
    .subscribe(() => graph.fit());
  return element('div', { class: 'side', 'data-run': name }, element('h2', {}, name), graph, scrubber);
};
