import type { EventOf, ExecutionEvent } from '../../model/ExecutionEvent.js';
import {
  EventFrame,
  OTHER,
  STARTED,
  UNKNOWN,
  blockOf,
  encodeEvents,
  type EventBlock,
} from '../../state/past/EventBlock.js';

/** How many events are packed at a time. */
const BLOCK = 4_096;

/** What tells of nodes by index. */
interface Nodes {
  indexOf(id: string): number | undefined;
  idOf(index: number): string;
}

/** A log from its first event on, packed block by block, so that a million events take tens of bytes each. */
export class EventLog {
  readonly #nodes: Nodes;
  readonly #frames: EventFrame[] = [];
  #tail: ExecutionEvent[] = [];
  #first: EventOf<'RunStarted'> | undefined;
  /** The event that was unpacked last: who asks for its type asks for its node, too. */
  #unpacked: ExecutionEvent | undefined;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  /** The seq of the last event. */
  get size(): number {
    return this.#frames.length * BLOCK + this.#tail.length;
  }

  /** Takes the event that follows. */
  add(event: ExecutionEvent): void {
    if (event.type === 'RunStarted') this.#first = event;
    this.#tail.push(event);
    if (this.#tail.length < BLOCK) return;
    const frame = new EventFrame(encodeEvents(this.#tail, this.#nodes));
    // What is too large to be packed is kept as it is.
    for (const seq of frame.missing()) frame.fetched(this.#tail[seq - frame.firstSeq]!);
    this.#frames.push(frame);
    this.#tail = [];
  }

  /** The event of a seq from 1 to `size`. */
  at(seq: number): ExecutionEvent {
    if (seq === 1) return this.#first!;
    const [frame, i] = this.#find(seq);
    if (frame === undefined) return this.#tail[i]!;
    const code = frame.codes[i]!;
    if (code === OTHER || frame.nodes[i] === UNKNOWN) {
      if (this.#unpacked?.seq !== seq) this.#unpacked = frame.event(i);
      return this.#unpacked;
    }
    const head = { seq, at: frame.ats[i]!, nodeId: this.#nodes.idOf(frame.nodes[i]!), attempt: 1 } as const;
    if (code === STARTED) return { type: 'NodeStarted', ...head };
    return {
      type: 'NodeSucceeded',
      ...head,
      output: frame.output(i),
      durationMs: frame.durations[i]!,
      cached: false,
    };
  }

  /** The type of an event, without making it where it is a plain one. */
  typeAt(seq: number): ExecutionEvent['type'] {
    const [frame, i] = this.#find(seq);
    if (frame === undefined) return this.#tail[i]!.type;
    const code = frame.codes[i]!;
    if (code === OTHER || frame.nodes[i] === UNKNOWN) return this.at(seq).type;
    return code === STARTED ? 'NodeStarted' : 'NodeSucceeded';
  }

  /** The index of the node that an event tells of, or -1. */
  nodeAt(seq: number): number {
    const [frame, i] = this.#find(seq);
    if (frame !== undefined && frame.codes[i] !== OTHER && frame.nodes[i] !== UNKNOWN) return frame.nodes[i]!;
    const event = this.at(seq);
    const id = 'nodeId' in event ? event.nodeId : event.type === 'NodeAdded' ? event.node.id : undefined;
    return id === undefined ? -1 : (this.#nodes.indexOf(id) ?? -1);
  }

  /** The nodes that events between two seqs tell of, the later seq included. */
  nodesBetween(a: number, b: number): readonly number[] {
    const nodes: number[] = [];
    for (let seq = Math.min(a, b) + 1; seq <= Math.max(a, b); seq++) nodes.push(this.nodeAt(seq));
    return nodes.filter((node) => node >= 0);
  }

  /** When an event was, epoch milliseconds. */
  timeAt(seq: number): number {
    const [frame, i] = this.#find(seq);
    return frame === undefined ? this.#tail[i]!.at : frame.ats[i]!;
  }

  /** The seq of the last event at or before a time; 0 where there is none. */
  seqAt(at: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.timeAt(middle) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The log in blocks, from a seq that begins one of them on. */
  *blocks(from: number): Iterable<EventBlock> {
    let seq = from;
    while (seq <= this.size) {
      const [frame, i] = this.#find(seq);
      if (frame !== undefined && i === 0) yield frame;
      else {
        const end = frame === undefined ? this.size : frame.firstSeq + frame.count - 1;
        yield blockOf(Array.from({ length: end - seq + 1 }, (_, k) => this.at(seq + k)));
      }
      seq = frame === undefined ? this.size + 1 : frame.firstSeq + frame.count;
    }
  }

  #find(seq: number): readonly [EventFrame | undefined, number] {
    const frame = this.#frames[Math.floor((seq - 1) / BLOCK)];
    return [frame, (seq - 1) % BLOCK];
  }
}
