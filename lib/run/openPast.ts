import { DagError, EngineError } from '../define/DagError.js';
import { show } from '../model/explain.js';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { planOf } from '../plan/planOf.js';
import { blockOf, EventFrame, type EventBlock } from '../state/past/EventBlock.js';
import { NodesFrame, PackedPlan } from '../state/past/PackedPlan.js';
import { pastPlanOf, type PastPlan } from '../state/past/PastPlan.js';
import { Timeline } from '../state/past/Timeline.js';
import { initialSnapshot } from '../state/reduce.js';
import { checkSeq } from './checkStored.js';
import type { EventStore, RunSummary } from './EventStore.js';
import { macrotask } from './macrotask.js';

/** A stored run's past in memory, and what it was when it was read. */
interface OpenPast {
  readonly run: RunSummary;
  readonly timeline: Timeline;
}

/** How many events of a log are put into columns at a time. */
const BLOCK = 8_192;

/** Looks at the past of stored runs, at one after the other, and keeps open the one that it looked at last. */
export class PastReader {
  readonly #store: EventStore;
  #open: OpenPast | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** The state of a run after event `seq`. Rejects with a `DagError` for an unknown run or seq. */
  async at(runId: string, seq: number): Promise<ExecutorSnapshot> {
    checkSeq(runId, seq);
    const look = this.#last.then(() => this.#look(runId, seq));
    this.#last = look.catch(() => undefined);
    return look;
  }

  async #look(runId: string, seq: number): Promise<ExecutorSnapshot> {
    const run = await summaryOf(this.#store, runId);
    if (seq > run.seq)
      throw new DagError('UnknownRun', `Run ${show(runId)} has ${run.seq} events; there is no event ${show(seq)}.`);
    if (seq === 0) return initialSnapshot();
    try {
      if (this.#open === undefined || !isSame(this.#open, run))
        this.#open = { run, timeline: await read(this.#store, runId) };
      const { timeline } = this.#open;
      if (timeline.size < seq)
        for await (const block of blocks(this.#store, runId, timeline.size + 1)) timeline.add(block);
      return timeline.at(seq);
    } catch (error) {
      throw new EngineError(String((error as Error | undefined)?.message ?? error), { cause: error });
    }
  }
}

/** Whether it is this run, and not one of the same id that was removed. A store without keys can't tell. */
const isSame = ({ run, timeline }: OpenPast, { runId, key, seq }: RunSummary): boolean =>
  key !== undefined && run.runId === runId && run.key === key && timeline.size <= seq;

const summaryOf = async (store: EventStore, runId: string): Promise<RunSummary> => {
  const found = await store.runs({ runId })();
  if (found._tag === 'Left') throw new EngineError(found.left.message, { cause: found.left });
  const run = found.right.find((summary) => summary.runId === runId);
  if (run === undefined) throw new DagError('UnknownRun', `There is no run ${show(runId)} in the store.`);
  return run;
};

/** Reads a log: by its key frames as far as there are any, event by event elsewhere. */
const read = async (store: EventStore, runId: string): Promise<Timeline> => {
  const { parts, frames } = await framesOf(store, runId);
  const read: EventBlock[] = [];
  let next = 1;
  for (const frame of frames) {
    if (frame.firstSeq < next) continue;
    if (frame.firstSeq > next)
      for await (const block of blocks(store, runId, next, frame.firstSeq - 1)) read.push(block);
    await fetchMissing(store, runId, frame);
    read.push(frame);
    next = frame.firstSeq + frame.count;
  }
  for await (const block of blocks(store, runId, next)) read.push(block);
  const [first] = read;
  if (first === undefined) throw new RangeError(`The log of run ${show(runId)} is empty.`);
  return new Timeline(await planIn(store, runId, first, parts), read);
};

const framesOf = async (
  store: EventStore,
  runId: string,
): Promise<{ readonly parts: NodesFrame[]; readonly frames: EventFrame[] }> => {
  const parts: NodesFrame[] = [];
  const frames: EventFrame[] = [];
  if (store.frames === undefined) return { parts, frames };
  for await (const { kind, body } of store.frames(runId)) {
    try {
      if (kind === 'nodes') parts.push(new NodesFrame(body));
      else frames.push(new EventFrame(body));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // one that can't be read is as good as none: the log has it all
    }
    await new Promise<void>((resolve) => macrotask(resolve));
  }
  return { parts, frames };
};

const planIn = async (
  store: EventStore,
  runId: string,
  block: EventBlock,
  parts: readonly NodesFrame[],
): Promise<PastPlan> => {
  const first = block.event(0) as EventOf<'RunStarted'>;
  const isWhole = !(block instanceof EventFrame);
  const packed = isWhole ? undefined : PackedPlan.from(parts, first.definition, first.config);
  if (packed !== undefined) return packed;
  for await (const event of store.read(runId)) {
    const { definition, config } = event as EventOf<'RunStarted'>;
    return pastPlanOf(planOf(definition, config));
  }
  throw new RangeError(`The log of run ${show(runId)} is empty.`);
};

/** What is too large for a frame is read in the log. */
const fetchMissing = async (store: EventStore, runId: string, frame: EventFrame): Promise<void> => {
  const missing = [...frame.missing()];
  for (let i = 0; i < missing.length;)
    for await (const event of store.read(runId, missing[i])) {
      if (event.seq === missing[i]) {
        frame.fetched(event);
        i++;
      }
      if (i >= missing.length || missing[i]! > event.seq + BLOCK) break;
    }
};

async function* blocks(store: EventStore, runId: string, from: number, to = Infinity): AsyncIterable<EventBlock> {
  let events: ExecutionEvent[] = [];
  for await (const event of store.read(runId, from)) {
    if (event.seq > to) break;
    events.push(event);
    if (events.length < BLOCK) continue;
    yield blockOf(events);
    events = [];
    await new Promise<void>((resolve) => macrotask(resolve));
  }
  if (events.length > 0) yield blockOf(events);
}
