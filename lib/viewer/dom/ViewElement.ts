import type { Subscription } from 'rxjs';
import { baseSheet, ownSheet } from '../theme/sheet.js';
import { mergeChanges, type Changes } from '../view/Changes.js';
import type { RunView } from '../view/RunView.js';
import { controlText } from './controlText.js';

/** Where there is no page, as in Node, the classes can still be named. */
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

/** So many changed nodes are told apart; a page that is not looked at paints no frame, and they would add up. */
const NODES_MAX = 10_000;

const everything: Changes = {
  nodes: 'all',
  structure: true,
  log: true,
  moved: true,
  selection: true,
  filter: true,
  connection: true,
};

/** An element that shows a run: it listens while it is in a page, and paints at most once a frame what has changed. */
export abstract class ViewElement extends Base {
  #view: RunView | undefined;
  #subscription: Subscription | undefined;
  #missed: Changes | undefined;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  protected readonly root: ShadowRoot;

  constructor(style: string) {
    super();
    this.root = this.attachShadow({ mode: 'open' });
    this.root.adoptedStyleSheets = [baseSheet(), ownSheet(controlText + style)];
  }

  get view(): RunView | undefined {
    return this.#view;
  }

  set view(given: RunView | undefined) {
    const view = given ?? undefined; // frameworks set null for nothing
    if (view === this.#view) return;
    this.#view = view;
    this.viewSet(view);
    if (this.isConnected) this.#listen();
  }

  connectedCallback(): void {
    // A view that was set before the element was defined stands in its way.
    if (Object.hasOwn(this, 'view')) {
      const { view } = this;
      Reflect.deleteProperty(this, 'view');
      this.view = view;
    }
    this.#listen();
  }

  disconnectedCallback(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#missed = undefined;
  }

  /** Another run is shown, or none. */
  protected viewSet(_view: RunView | undefined): void {}

  /** Paints what has changed. */
  protected abstract paint(view: RunView, changes: Changes): void;

  /** Paints all in the next frame. */
  protected repaint(): void {
    this.#note(everything);
  }

  /** Paints all after a while, once however often it is asked for. */
  protected repaintIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.repaint();
    }, ms);
  }

  #listen(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = this.#view?.changes$.subscribe((changes) => this.#note(changes));
    if (this.#view !== undefined) this.repaint();
  }

  #note(changes: Changes): void {
    const missed = this.#missed === undefined ? changes : mergeChanges(this.#missed, changes);
    this.#missed = missed.nodes.length > NODES_MAX ? { ...missed, nodes: 'all' } : missed;
    if (this.#frame !== 0 || !this.isConnected) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const missed = this.#missed;
      this.#missed = undefined;
      if (missed !== undefined && this.#view !== undefined) this.paint(this.#view, missed);
    });
  }
}
