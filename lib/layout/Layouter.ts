import { extended } from './extended.js';
import type { Layout } from './Layout.js';
import type { LayoutGraph } from './LayoutGraph.js';
import type { LayoutAnswer, LayoutRequest } from './LayoutRequest.js';
import { layered } from './layered.js';

/** What is needed of a `Worker`. */
export type LayoutWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

interface Asked {
  readonly request: LayoutRequest;
  readonly resolve: (layout: Layout | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has graphs laid out by a worker, one at a time. While it is at one, only the newest that was asked for waits. Where no
 * worker can be made, or it dies, this thread does its work.
 */
export class Layouter {
  readonly #makeWorker: () => LayoutWorker;
  #worker: LayoutWorker | undefined;
  #isAlone = false;
  #isClosed = false;
  #running: Asked | undefined;
  #waiting: Asked | undefined;
  #lastId = 0;

  /** The worker runs `layoutWorker.ts`; it is made when it is needed first. */
  constructor(makeWorker: () => LayoutWorker) {
    this.#makeWorker = makeWorker;
  }

  /** Lays out a graph, or adds its new nodes to what is drawn. Resolves to undefined when something newer took its place. */
  layout(graph: LayoutGraph, options: LayoutRequest['options'] = {}, drawn?: Layout): Promise<Layout | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return resolve(undefined);
      const request = { id: ++this.#lastId, graph, options, ...(drawn === undefined ? {} : { drawn }) };
      this.#waiting?.resolve(undefined);
      this.#waiting = { request, resolve, reject };
      this.#next();
    });
  }

  /** Ends the worker; what is asked for and not done resolves to undefined. */
  close(): void {
    this.#isClosed = true;
    this.#worker?.terminate();
    this.#running?.resolve(undefined);
    this.#waiting?.resolve(undefined);
    this.#running = this.#waiting = undefined;
  }

  #next(): void {
    if (this.#running !== undefined || this.#waiting === undefined) return;
    this.#running = this.#waiting;
    this.#waiting = undefined;
    if (this.#isAlone) return this.#runHere();
    try {
      this.#worker ??= this.#open();
      this.#worker.postMessage(this.#running.request);
    } catch {
      this.#goAlone();
    }
  }

  #open(): LayoutWorker {
    const worker = this.#makeWorker();
    worker.addEventListener('message', (event) => {
      const { id, layout } = event.data as LayoutAnswer;
      if (this.#running?.request.id !== id) return;
      this.#running.resolve(layout);
      this.#running = undefined;
      this.#next();
    });
    worker.addEventListener('error', () => this.#goAlone());
    worker.addEventListener('messageerror', () => this.#goAlone());
    return worker;
  }

  #goAlone(): void {
    if (this.#isAlone || this.#isClosed) return;
    this.#isAlone = true;
    this.#worker?.terminate();
    this.#worker = undefined;
    if (this.#running !== undefined) this.#runHere();
  }

  /** In a turn of its own, so that what is asked for at once waits and is replaced as with a worker. */
  #runHere(): void {
    void Promise.resolve().then(() => {
      const running = this.#running;
      if (running === undefined) return;
      try {
        const { graph, options, drawn } = running.request;
        running.resolve(drawn === undefined ? layered(graph, options) : extended(drawn, graph, options));
      } catch (error) {
        running.reject(error);
      }
      this.#running = undefined;
      this.#next();
    });
  }
}
