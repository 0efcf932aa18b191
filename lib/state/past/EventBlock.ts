import type { EventOf, ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { Json } from '../../model/Json.js';
import { asFloat64, asInt32, pack, packTexts, textAt, unpack } from './sections.js';

/** What an event is to the fold: a plain start or success of a first attempt, known by its numbers, or any other. */
export const OTHER = 0;
export const STARTED = 1;
export const SUCCEEDED = 2;
/** An event that is too large to be kept twice: it is in the log alone. */
const AWAY = 3;

/** What has more characters of JSON stays in the log alone. */
const TEXT_MAX = 1_024;
/** A node that is not known by its index yet. */
export const UNKNOWN = -1;

/** Events of one run that follow each other, in columns. */
export interface EventBlock {
  readonly firstSeq: number;
  readonly count: number;
  readonly codes: Uint8Array;
  /** The indexes of the nodes of plain events. */
  readonly nodes: Int32Array;
  readonly ats: Float64Array;
  readonly durations: Float64Array;
  /** An event that is no plain one, or whose node is UNKNOWN. */
  event(i: number): ExecutionEvent;
  /** What a plain success gave. */
  output(i: number): Json;
}

/** Which of these an event is. */
export const codeOf = (event: ExecutionEvent): number => {
  if (event.by !== undefined || event.cause !== undefined) return OTHER;
  if (event.type === 'NodeStarted') return event.attempt === 1 ? STARTED : OTHER;
  return event.type === 'NodeSucceeded' && event.attempt === 1 && !event.cached ? SUCCEEDED : OTHER;
};

/** Columns over events that are at hand. */
export const blockOf = (events: readonly ExecutionEvent[]): EventBlock => {
  const durations = new Float64Array(events.length);
  events.forEach((event, i) => {
    if (event.type === 'NodeSucceeded') durations[i] = event.durationMs;
  });
  return {
    firstSeq: events[0]!.seq,
    count: events.length,
    codes: Uint8Array.from(events, codeOf),
    nodes: new Int32Array(events.length).fill(UNKNOWN),
    ats: Float64Array.from(events, ({ at }) => at),
    durations,
    event: (i) => events[i]!,
    output: (i) => (events[i] as EventOf<'NodeSucceeded'>).output,
  };
};

/** The bytes of a key frame of events. */
export const encodeEvents = (
  events: readonly ExecutionEvent[],
  index: { indexOf(nodeId: string): number | undefined },
): Uint8Array => {
  const count = events.length;
  const codes = new Uint8Array(count);
  const nodes = new Int32Array(count);
  const ats = new Float64Array(count);
  const durations = new Float64Array(count);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const event = events[i]!;
    let code = codeOf(event);
    let text = '';
    ats[i] = event.at;
    nodes[i] = code === OTHER ? UNKNOWN : (index.indexOf((event as EventOf<'NodeStarted'>).nodeId) ?? UNKNOWN);
    if (nodes[i] === UNKNOWN) code = OTHER;
    if (code === OTHER) text = JSON.stringify(withoutNodes(event));
    else if (event.type === 'NodeSucceeded') {
      durations[i] = event.durationMs;
      text = JSON.stringify(event.output);
    }
    if (text.length > TEXT_MAX && event.type !== 'RunStarted') [code, text] = [AWAY, ''];
    codes[i] = code;
    texts.push(text);
  }
  const { ends, bytes } = packTexts(texts);
  return pack(Float64Array.of(events[0]?.seq ?? 1), ats, durations, nodes, ends, codes, bytes);
};

/** The nodes of a definition have frames of their own. */
const withoutNodes = (event: ExecutionEvent): ExecutionEvent =>
  event.type === 'RunStarted' ? { ...event, definition: { ...event.definition, nodes: [] } } : event;

/** A key frame of events. What it holds is read where it lies, when it is looked at. */
export class EventFrame implements EventBlock {
  readonly firstSeq: number;
  readonly count: number;
  readonly codes: Uint8Array;
  readonly nodes: Int32Array;
  readonly ats: Float64Array;
  readonly durations: Float64Array;
  readonly #ends: Int32Array;
  readonly #texts: Uint8Array;
  /** Events that had to be fetched from the log. */
  readonly #fetched = new Map<number, ExecutionEvent>();

  /** Throws a `RangeError` for bytes that are none. */
  constructor(bytes: Uint8Array) {
    const [meta, ats, durations, nodes, ends, codes, texts] = unpack(bytes, 7);
    [this.firstSeq = 1] = asFloat64(meta!);
    this.count = codes!.length;
    this.codes = codes!;
    this.nodes = asInt32(nodes!);
    this.ats = asFloat64(ats!);
    this.durations = asFloat64(durations!);
    this.#ends = asInt32(ends!);
    this.#texts = texts!;
  }

  event(i: number): ExecutionEvent {
    return this.#fetched.get(i) ?? (JSON.parse(textAt(this.#ends, this.#texts, i)) as ExecutionEvent);
  }

  output(i: number): Json {
    const fetched = this.#fetched.get(i) as EventOf<'NodeSucceeded'> | undefined;
    return fetched !== undefined ? fetched.output : (JSON.parse(textAt(this.#ends, this.#texts, i)) as Json);
  }

  /** The seqs of events that are in the log alone. */
  *missing(): Iterable<number> {
    for (let i = 0; i < this.count; i++) if (this.codes[i] === AWAY) yield this.firstSeq + i;
  }

  /** Puts an event in the place of what the frame has of it. */
  fetched(event: ExecutionEvent): void {
    const i = event.seq - this.firstSeq;
    this.#fetched.set(i, event);
    if (this.codes[i] === AWAY) this.codes[i] = this.nodes[i] === UNKNOWN ? OTHER : SUCCEEDED;
  }
}
