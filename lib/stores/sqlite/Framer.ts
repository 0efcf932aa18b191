import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { KeyFrame, LogIndex } from '../../run/EventStore.js';
import { encodeEvents } from '../../state/past/EventBlock.js';
import { encodeNodes } from '../../state/past/PackedPlan.js';

/** How many events a key frame has at least, and how many nodes at most. */
const EVENTS = 8_192;
const NODES = 8_192;

/**
 * Gathers the events of one run until they make a key frame. With each frame of events goes one of nodes, until all are
 * there, so that no append has much to do. A run that is too short for one is read fast without, a
 * longer one has a last frame at its end.
 */
export class Framer {
  #gathered: ExecutionEvent[] = [];
  #nodes = 0;
  #frames = 0;

  /** The frames to be kept with these events, which follow on seq `expected`. */
  ready(expected: number, events: readonly ExecutionEvent[], index: LogIndex): readonly KeyFrame[] {
    const first = this.#gathered[0]?.seq ?? expected + 1;
    if (first + this.#gathered.length !== expected + 1) this.#gathered = []; // another process has written meanwhile
    const isLast = this.#frames > 0 && events[events.length - 1]?.type === 'RunSettled';
    if (this.#gathered.length + events.length < EVENTS && !isLast) return [];
    const all = this.#gathered.concat(events);
    const frames: KeyFrame[] = [{ kind: 'events', first: all[0]!.seq, body: encodeEvents(all, index) }];
    if (this.#nodes < index.plan.nodes.length) {
      const to = Math.min(this.#nodes + NODES, index.plan.nodes.length);
      frames.push({ kind: 'nodes', first: this.#nodes, body: encodeNodes(index.plan, this.#nodes, to) });
    }
    return frames;
  }

  /** The events are kept, and these frames with them. */
  keep(events: readonly ExecutionEvent[], frames: readonly KeyFrame[]): void {
    if (frames.length > 0) this.#begin(frames);
    else addAll(this.#gathered, events);
  }

  /** Gathers for the next ones. */
  #begin(frames: readonly KeyFrame[]): void {
    this.#gathered = [];
    this.#frames++;
    if (frames.some(({ kind }) => kind === 'nodes')) this.#nodes += NODES;
  }
}

const addAll = <A>(to: A[], items: readonly A[]): void => {
  for (const item of items) to.push(item);
};
