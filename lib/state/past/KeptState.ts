import { ColumnState } from './ColumnState.js';
import { copyState } from './copyState.js';
import type { PastNodes } from './PastNodes.js';

/** Tallies of nodes in as few bytes as their values need; undefined where all are 0. */
type Packed = Uint8Array | Uint16Array | Int32Array | undefined;

/** The state at one moment, which never changes: others go on from it. */
export class KeptState {
  readonly seq: number;
  /** What it takes by itself, about. */
  readonly bytes: number;
  readonly #state: ColumnState;
  readonly #room: number;
  readonly #open: Packed;
  readonly #bad: Packed;
  readonly #purpose: Packed;

  constructor(state: ColumnState) {
    this.seq = state.seq;
    this.#room = state.open.length;
    this.#open = packed(state.open);
    this.#bad = packed(state.bad);
    this.#purpose = packed(state.purpose);
    this.#state = copyState(state, new ColumnState(state.runId, state.dagName));
    this.bytes = [(state.nodes as PastNodes).statuses, this.#open, this.#bad, this.#purpose].reduce(
      (sum, part) => sum + (part?.byteLength ?? 0),
      0,
    );
  }

  /**
   * A working state that goes on from here.
   *
   * @param spent - One that nobody needs any more, whose memory it may take over: new memory of this size is slow.
   */
  thaw(spent?: ColumnState): ColumnState {
    const state = copyState(this.#state, new ColumnState(this.#state.runId, this.#state.dagName));
    const size = this.#room;
    if (spent !== undefined) spent.seq = -1; // who would go on with it finds that it has moved
    const isRoom = spent?.open.length === size;
    state.open = unpacked(this.#open, isRoom ? spent.open : new Int32Array(size));
    state.bad = unpacked(this.#bad, isRoom ? spent.bad : new Int32Array(size));
    state.purpose = unpacked(this.#purpose, isRoom ? spent.purpose : new Int32Array(size));
    return state;
  }
}

const packed = (values: Int32Array): Packed => {
  let bits = 0;
  for (let i = 0; i < values.length; i++) bits |= values[i]!;
  if (bits === 0) return undefined;
  if (bits >>> 8 === 0) return Uint8Array.from(values);
  return bits >>> 16 === 0 ? Uint16Array.from(values) : values.slice();
};

const unpacked = (values: Packed, to: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  if (values === undefined) return to.fill(0);
  to.set(values);
  return to;
};
