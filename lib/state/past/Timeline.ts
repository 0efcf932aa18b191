import type { EventOf } from '../../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../../model/ExecutorSnapshot.js';
import { apply } from '../apply.js';
import { begin } from '../begin.js';
import * as N from '../NodeRecord.js';
import { capture } from '../Snapshot.js';
import { ColumnState } from './ColumnState.js';
import { OTHER, STARTED, UNKNOWN, type EventBlock } from './EventBlock.js';
import { EventColumns } from './EventColumns.js';
import { KeptState } from './KeptState.js';
import { PastNodes } from './PastNodes.js';
import type { PastPlan } from './PastPlan.js';

/** How far apart kept states are, in plain events; any other event counts as so many of them. */
const SPACING = 8_192;
const WEIGHT = 32;
/** What kept states may take together, about. */
const KEPT_BYTES = 256 * 2 ** 20;
/** So much earlier a state is kept for whoever goes back step by step, events. */
const STEPS_BACK = 512;
/** So many events are folded between two looks at the clock. */
const PIECE = 1_024;

/**
 * The past of a run: its log in columns, and the state after any event of it. Kept states lie between, so that looking
 * anywhere folds a short stretch: by columns where events are plain, by `apply` where they are not.
 */
export class Timeline {
  readonly #plan: PastPlan;
  readonly #columns = new EventColumns();
  /** By rising seq. */
  readonly #kept: KeptState[] = [];
  /** The state that was shown last, unless somebody has gone on with it. */
  #cursor: { readonly state: ColumnState; seq: number } | undefined;
  /** One that is a little older than what was asked for after a step back, as others may follow. */
  #before: KeptState | undefined;
  /** A state that is folded on before anybody asks for it. */
  #ahead: ColumnState | undefined;
  #units = 0;

  /** @param blocks - The log from its first event, a RunStarted, on. Throws a `RangeError` for one with a gap. */
  constructor(plan: PastPlan, blocks: readonly EventBlock[]) {
    this.#plan = plan;
    for (const block of blocks) this.add(block);
    const first = blocks[0]!.event(0) as EventOf<'RunStarted'>;
    const state = new ColumnState();
    begin(state, first, plan);
    state.seq = 1;
    state.at = first.at;
    const { depStart } = plan;
    const size = depStart.length - 1;
    const nodes = PastNodes.of(plan, this.#columns, state.owner);
    for (let i = 0; i < size; i++) {
      state.open[i] = depStart[i + 1]! - depStart[i]!;
      state.counts[nodes.statuses[i]!]!++;
    }
    state.nodes = nodes;
    this.#kept.push(new KeptState(state));
  }

  /** The seq of the last event that it knows. */
  get size(): number {
    return this.#columns.size;
  }

  /** Takes the events that follow. */
  add(block: EventBlock): void {
    this.#columns.add(block);
    for (const code of block.codes) this.#units += code === OTHER ? WEIGHT : 1;
  }

  /** The state after event `seq`, from 1 to `size`. */
  at(seq: number): ExecutorSnapshot {
    let nth = this.#kept.length - 1;
    while (this.#kept[nth]!.seq > seq) nth--;
    const isNew = nth === this.#kept.length - 1;
    const kept = this.#kept[nth]!;
    const from =
      this.#before !== undefined && this.#before.seq <= seq && this.#before.seq > kept.seq ? this.#before : kept;
    const cursor = this.#cursor;
    const spent = cursor?.state.seq === cursor?.seq ? cursor?.state : undefined;
    this.#cursor = undefined;
    const state = spent !== undefined && spent.seq <= seq && spent.seq >= from.seq ? spent : from.thaw(spent);
    const isBack = cursor !== undefined && cursor.seq > seq && cursor.seq - seq <= STEPS_BACK;
    if (isBack && seq - state.seq > 2 * STEPS_BACK) {
      this.#fold(state, seq - STEPS_BACK, isNew);
      this.#before = new KeptState(state);
    }
    this.#fold(state, seq, isNew);
    this.#cursor = { state, seq };
    return capture(state);
  }

  /** Folds what no kept state covers yet, until time is up, so that later looks are short. Tells whether more is left. */
  prepare(isTimeUp: () => boolean): boolean {
    const last = this.#kept[this.#kept.length - 1]!;
    let state = this.#ahead;
    if (state === undefined || state.seq < last.seq) state = this.#ahead = last.thaw(state);
    while (state.seq < this.size) {
      this.#fold(state, Math.min(this.size, state.seq + PIECE), true);
      if (isTimeUp()) return true;
    }
    this.#ahead = undefined;
    return false;
  }

  /** Folds up to `to`; beyond the last kept state others are kept on the way. */
  #fold(state: ColumnState, to: number, isNew: boolean): void {
    const last = this.#kept[this.#kept.length - 1]!;
    const spacing = Math.max(SPACING, (this.#units * last.bytes) / KEPT_BYTES);
    let units = isNew ? this.#weigh(last.seq + 1, state.seq) : 0;
    while (state.seq < to) {
      const block = this.#columns.at(state.seq + 1);
      const from = state.seq + 1 - block.firstSeq;
      const until = Math.min(block.count, to - block.firstSeq + 1);
      let i = from;
      while (i < until) {
        const stop = isNew ? Math.min(until, i + Math.max(1, Math.ceil((spacing - units) / WEIGHT))) : until;
        foldBlock(state, this.#plan, block, i, stop);
        if (isNew) {
          for (let k = i; k < stop; k++) units += block.codes[k] === OTHER ? WEIGHT : 1;
          if (units >= spacing) {
            this.#kept.push(new KeptState(state));
            units = 0;
          }
        }
        i = stop;
      }
    }
  }

  #weigh(from: number, to: number): number {
    let units = 0;
    for (let seq = from; seq <= to;) {
      const block = this.#columns.at(seq);
      const end = Math.min(to, block.firstSeq + block.count - 1);
      for (let k = seq - block.firstSeq; k <= end - block.firstSeq; k++) units += block.codes[k] === OTHER ? WEIGHT : 1;
      seq = end + 1;
    }
    return units;
  }
}

/** Folds some events of a block, from index `from` to before `to`. */
const foldBlock = (state: ColumnState, plan: PastPlan, block: EventBlock, from: number, to: number): void => {
  const nodes = state.nodes as PastNodes;
  const { codes, nodes: indexes, ats, durations, firstSeq } = block;
  const { outStart, outs, isPlain } = plan;
  const { counts } = state;
  const size = isPlain.length;
  nodes.own();
  for (let i = from; i < to; i++) {
    const code = codes[i]!;
    const seq = firstSeq + i;
    if (code === OTHER) {
      apply(state, block.event(i));
      nodes.own();
      state.note();
      continue;
    }
    let index = indexes[i]!;
    if (index === UNKNOWN) index = state.find((block.event(i) as EventOf<'NodeStarted'>).nodeId)!;
    const { statuses } = nodes;
    const isFree = index < size && isPlain[index] === 1;
    if (code === STARTED) {
      if (isFree && statuses[index] === N.READY) {
        statuses[index] = N.RUNNING;
        nodes.starts[index] = seq;
        counts[N.READY]!--;
        counts[N.RUNNING]!++;
      } else
        apply(
          state,
          { type: 'NodeStarted', seq, at: ats[i]!, nodeId: idOf(state, index), attempt: 1 },
          undefined,
          index,
        );
    } else if (isFree && statuses[index] === N.RUNNING) {
      statuses[index] = N.SUCCEEDED;
      nodes.successes[index] = seq;
      state.runningMs += durations[i]!;
      counts[N.RUNNING]!--;
      counts[N.SUCCEEDED]!++;
      for (let k = outStart[index]!, end = outStart[index + 1]!; k < end; k++) {
        const out = outs[k]!;
        state.open[out]!--;
        if (state.open[out] !== 0) continue;
        if (isPlain[out] === 1 && statuses[out] === N.PENDING && state.bad[out] === 0 && state.purpose[out] === 0) {
          statuses[out] = N.READY;
          counts[N.PENDING]!--;
          counts[N.READY]!++;
        } else state.settle(out);
      }
    } else {
      const output = block.output(i);
      const nodeId = idOf(state, index);
      const told = {
        type: 'NodeSucceeded',
        seq,
        at: ats[i]!,
        nodeId,
        attempt: 1,
        output,
        durationMs: durations[i]!,
        cached: false,
      } as const;
      apply(state, told, undefined, index);
    }
    state.note();
    state.seq = seq;
    state.at = ats[i]!;
  }
};

const idOf = (state: ColumnState, index: number): string => state.nodes.get(index).spec.id;
