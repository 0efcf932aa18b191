import type { Changes } from '../view/Changes.js';
import type { RunView } from '../view/RunView.js';
import type { Announcer } from './Announcer.js';
import { cardText, foldedGroup } from './Card.js';
import { listenToGestures } from './Gestures.js';
import { graphKeys } from './graphKeys.js';
import { ItemList } from './ItemList.js';
import { frameAt } from './Frame.js';
import { itemAt, itemBox } from './Scene.js';
import type { Stage } from './Stage.js';
import { highlightedPath, standOut } from './standOut.js';
import { Tip } from './Tip.js';

/** What the hand needs of the graph as a whole. */
export interface HandOwner {
  readonly view: RunView | undefined;
  readonly listOpen: boolean;
  move(change: () => void): void;
  schedule(): void;
  fit(): void;
  centre(): void;
  zoom(by: number): void;
}

/** Of at most so many edges those that stand out are found anew with each change, else when it is asked for others. */
const EDGES_LIVE = 2_000;
/** By so much one step zooms. */
export const STEP = 1.25;
/** So near to an item, in pixels of the screen, it is meant when items are small. */
const SLACK = 3;

/** What people do to the drawing by pointer, keys and list: they point at items, select, open and fold them. */
export class Hand {
  readonly tip = new Tip();
  readonly list = new ItemList({
    pick: (item) => this.#pick(item),
    toggle: (group) => this.#owner.view?.toggleGroup(group),
    reveal: (item) => this.reveal(item),
    leave: () => {
      if (this.#owner.listOpen) return false;
      this.#stage.element.focus();
      return true;
    },
  });
  readonly #owner: HandOwner;
  readonly #stage: Stage;
  readonly #announcer: Announcer;
  /** The key of the folded group that is selected, when that is no node. */
  #group: string | undefined;

  constructor(owner: HandOwner, stage: Stage, announcer: Announcer) {
    this.#owner = owner;
    this.#stage = stage;
    this.#announcer = announcer;
    const { element, camera } = stage;
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-label', 'Graph');
    element.addEventListener('keydown', (event) => this.#key(event));
    listenToGestures(element, {
      pan: (x, y) => owner.move(() => camera.pan(x, y)),
      zoomAt: (factor, x, y) => owner.move(() => camera.zoomAt(factor, x, y)),
      click: (x, y) => this.#click(x, y),
      doubleClick: (x, y) => this.#toggle(this.#hit(x, y)),
      hover: (x, y) => this.#hover(x, y),
      leave: () => this.#hover(-1, -1),
    });
  }

  /** Forgets what was pointed at: another run is shown. */
  clear(): void {
    this.#group = undefined;
    this.tip.hide();
    this.list.clear();
    this.#stage.clear();
  }

  /** Points at what a change makes stand out. */
  follow(view: RunView, { selection, filter, nodes }: Changes): void {
    const isOther = selection || filter;
    if (isOther || (view.matches !== undefined && nodes.length > 0)) this.point(view, isOther);
  }

  /** Reads anew what is selected and what stands out; `isHighlight` tells that it stands out for another reason than before. */
  point(view: RunView, isHighlight: boolean): void {
    const stage = this.#stage;
    const scene = stage.scene!;
    const { itemOf, group } = scene.drawing;
    if (view.selected !== undefined) this.#group = undefined;
    const isChosen = (number: number): boolean => number >= 0 && scene.groups[number]?.key === this.#group;
    if (view.selected !== undefined) stage.selected = itemOf[view.selected] ?? -1;
    else stage.selected = this.#group === undefined ? -1 : group.findIndex(isChosen);
    const wanted = standOut(scene, view.matches);
    const lit = view.highlight === undefined ? wanted : standOut(scene, view.highlight, view.matches);
    if (lit !== undefined || stage.lit !== undefined) stage.itemsChanged('all');
    stage.lit = lit;
    if (isHighlight || scene.drawing.from.length <= EDGES_LIVE) {
      if (lit !== undefined || stage.marked !== undefined) stage.edgesChanged();
      stage.marked = lit;
      stage.critical = highlightedPath(view);
    }
    stage.pointedMoved();
    this.list.select(stage.selected, lit, wanted);
  }

  /** Moves the camera as little as is needed to see an item. */
  reveal(item: number): void {
    const { scene, camera } = this.#stage;
    if (scene !== undefined && item >= 0) this.#owner.move(() => camera.reveal(itemBox(scene, item)));
  }

  #pick(item: number): void {
    const { view } = this.#owner;
    const { scene } = this.#stage;
    if (view === undefined || scene === undefined) return;
    const node = item < 0 ? -1 : scene.drawing.node[item]!;
    const index = node < 0 ? undefined : node;
    this.#group = item < 0 || node >= 0 ? undefined : foldedGroup(scene, item)?.key;
    if (item >= 0) this.#announcer.say(cardText(view, scene, item));
    view.select(index);
    // At once: the next key may come before the next frame.
    this.point(view, false);
    this.#owner.schedule();
  }

  #hit(x: number, y: number): number {
    const { scene, camera } = this.#stage;
    if (scene === undefined || x < 0) return -1;
    return itemAt(scene, camera.worldX(x), camera.worldY(y), camera.scale < 0.3 ? SLACK / camera.scale : 0);
  }

  #click(x: number, y: number): void {
    const { scene, camera } = this.#stage;
    const item = this.#hit(x, y);
    const frame =
      item < 0 && scene !== undefined ? frameAt(scene.frames, camera.worldX(x), camera.worldY(y)) : undefined;
    if (frame === undefined) this.#pick(item);
    else this.#owner.view?.toggleGroup(frame.group);
  }

  /** Opens the folded group that an item is, or folds the open one that it is in. */
  #toggle(item: number): void {
    const { group, frame } = this.#stage.scene?.drawing ?? {};
    const folded = group?.[item] ?? -1;
    const number = folded < 0 ? (frame?.[item] ?? -1) : folded;
    if (number >= 0) this.#owner.view?.toggleGroup(number);
  }

  #hover(x: number, y: number): void {
    const stage = this.#stage;
    const item = this.#hit(x, y);
    if (item !== stage.hovered) {
      stage.hovered = item;
      stage.element.classList.toggle('points', item >= 0);
      stage.pointedMoved();
      this.#owner.schedule();
    }
    if (item >= 0) this.tip.show(this.#owner.view!, stage.scene!, item, x, y);
    else this.tip.hide();
  }

  #key(event: KeyboardEvent): void {
    const owner = this.#owner;
    const { view } = owner;
    const { scene, selected, camera } = this.#stage;
    if (view === undefined || scene === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const isDone = graphKeys(event.key, scene, selected, {
      go: (item) => {
        this.#pick(item);
        this.reveal(item);
      },
      toggle: () => this.#toggle(selected),
      fit: () => owner.fit(),
      centre: () => owner.centre(),
      zoomIn: () => owner.zoom(STEP),
      zoomOut: () => owner.zoom(1 / STEP),
      natural: () => owner.zoom(1 / camera.scale),
      upstream: () => view.highlightUpstream(),
      downstream: () => view.highlightDownstream(),
    });
    if (isDone) event.preventDefault();
  }
}
